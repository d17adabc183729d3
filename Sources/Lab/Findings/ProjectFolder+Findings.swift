import Core
import Foundation

extension ProjectFolder {
  public var reportsPath: String { path("reports") }
  public var indexPath: String { path("reports/index.html") }
  public func planReportPath(_ plan: String) -> String { path("reports/\(plan).html") }
  public func findingsPath(_ plan: String) -> String { path("reports/\(plan).json") }

  /// - Throws: `InputError` naming the folder.
  public func makeReportsFolder() throws(InputError) { try makeFolder("reports") }

  /// The findings of all plans that have some, by name.
  ///
  /// - Throws: `InputError` naming a file that is not findings.
  public func storedFindings() throws -> [PlanFindings] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: reportsPath) else {
      return []
    }
    return try names.sorted().filter { $0.hasSuffix(".json") }.map { name in
      let file = path("reports/\(name)")
      do {
        return try JSONDecoder().decode(
          PlanFindings.self, from: Data(contentsOf: URL(filePath: file)))
      } catch {
        throw InputError(
          "cannot be read as findings of this version; run the plan again", file: file)
      }
    }
  }
}
