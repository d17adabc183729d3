import Foundation
import Lab
import Store
import Testing

/// `askew demo` with everything in it, small enough to be done many times.
enum SmallDemo {
  static func arguments(_ folder: String) -> [String] {
    [
      "demo", "--quick", "--scale", "0.06", "--checkpoint-seconds", "0.1", "--project", folder,
    ]
  }

  /// An undisturbed demo, made once.
  static let reference = Result { () throws -> Reference in
    let folder = TemporaryFolder()
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
    let results: Results

    func copy() throws -> TemporaryFolder {
      let copy = TemporaryFolder()
      try FileManager.default.copyItem(at: folder.url, to: copy.url)
      return copy
    }
  }

  static func digest(_ folder: TemporaryFolder) throws -> String {
    try RunStore(folder: folder.url).digest()
  }

  /// Without the time, which is no result.
  static func results(_ folder: TemporaryFolder) throws -> Results {
    let path = folder.url.appendingPathComponent("results.json")
    var results = try Results(json: Data(contentsOf: path), file: path.path)
    results.elapsedSeconds = 0
    return results
  }
}
