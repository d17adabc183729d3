import Foundation
import GRDB

/// Text as it was written, byte for byte.
///
/// SQLite's text ends at the first NUL when it is bound as a C string, which is how GRDB binds
/// it. Text with a NUL is therefore stored as a blob of UTF-8; all other text stays text, so
/// that any SQLite tool shows it.
struct StoredText: DatabaseValueConvertible {
  let string: String
  init(_ string: String) { self.string = string }

  var databaseValue: DatabaseValue {
    string.utf8.contains(0) ? Data(string.utf8).databaseValue : string.databaseValue
  }

  static func fromDatabaseValue(_ value: DatabaseValue) -> StoredText? {
    switch value.storage {
    case .string(let string): StoredText(string)
    case .blob(let data): StoredText(String(decoding: data, as: UTF8.self))
    default: nil
    }
  }
}

extension String {
  /// Whether both have the same bytes. `==` is not enough for stored text: it takes é and e + ´
  /// for the same string.
  func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
