import Core
import Foundation

extension ProjectFolder {
  package var reportsPath: String { path("reports") }
  package var indexPath: String { path("reports/index.html") }
  package func planReportPath(_ plan: String) -> String { path("reports/\(plan).html") }
  package func findingsPath(_ plan: String) -> String { path("reports/\(plan).json") }
  /// Of ``ContrastTokens``.
  package func contrastsPath(_ plan: String) -> String { path("contrasts/\(plan).json") }

  /// - Throws: `InputError` naming the folder.
  package func makeReportsFolder() throws(InputError) { try makeFolder("reports") }

  /// - Throws: `InputError` naming the folder.
  package func makeContrastsFolder() throws(InputError) { try makeFolder("contrasts") }

  /// The findings of all plans that have some, by name.
  ///
  /// - Throws: `InputError` naming a file that is not findings.
  package func storedFindings() throws -> [PlanFindings] {
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
