import Core
import Documents
import Foundation
import Store
import TestSupport
import Testing

/// `askew demo` with everything in it, small enough to be done many times.
enum SmallDemo {
  static func arguments(_ folder: String) -> [String] {
    [
      "demo", "--seeds", "1", "--scale", "0.006", "--checkpoint-seconds", "0.1", "--project",
      folder,
    ]
  }

  /// An undisturbed demo, made once.
  static let reference = Result { () throws -> Reference in
    let folder = TemporaryFolder.unmade()
    let start = ContinuousClock.now
    let ending = try Askew(arguments(folder.path)).wait()
    let seconds = start.duration(to: .now) / .seconds(1)
    try #require(ending.code == 0, "\(ending.errors)")
    return Reference(
      folder: folder, ending: ending, seconds: seconds, digest: try digest(folder),
      results: try results(folder))
  }

  struct Reference: @unchecked Sendable {
    // Never changed after it was made.
    let folder: TemporaryFolder
    let ending: Askew.Ending
    let seconds: Double
    let digest: String
    let results: JSONObject

    func copy() throws -> TemporaryFolder {
      let copy = TemporaryFolder.unmade()
      try FileManager.default.copyItem(at: folder.url, to: copy.url)
      return copy
    }
  }

  /// The folder of a model that the demo made.
  static func model(_ stage: String) throws -> URL {
    let models = try reference.get().folder.url("models")
    let names = try FileManager.default.contentsOfDirectory(atPath: models.path).sorted()
    return models.appending(path: try #require(names.first { $0.hasPrefix(stage) }))
  }

  static func digest(_ folder: TemporaryFolder) throws -> String {
    try RunStore(folder: folder.url).digest()
  }

  /// What `results.json` says, without the time, which is no result.
  static func results(_ folder: TemporaryFolder) throws -> JSONObject {
    let path = folder.url("results.json")
    let json = try JSON(bytes: Array(Data(contentsOf: path)), file: path.path)
    guard case .object(var all) = json else {
      throw InputError("expected an object", file: path.path)
    }
    all.members.removeAll { $0.name == "elapsedSeconds" }
    return all
  }
}
