import Core
import Documents
import Foundation
import Testing

@testable import Rates

/// A table from its text.
func table(_ text: String, file: String = "t.csv") throws -> CSVTable {
  try CSVTable(parsing: Data(text.utf8), file: file)
}

/// What `body` throws, in words.
func problem(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

/// The folder of the papers' published numbers, named by ASKEW_DATA.
enum Published {
  static let folder = ProcessInfo.processInfo.environment["ASKEW_DATA"].map { $0 + "/published" }

  static func path(_ name: String) throws -> String { try #require(folder) + "/" + name }
}
