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
