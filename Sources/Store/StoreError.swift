import GRDB

/// Why the run store cannot be opened, read or written: one line that names the file, says what
/// was found and what to do next.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of trouble it is; more kinds may come.
  package struct Code: RawRepresentable, Sendable, Hashable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Another process, or another opening in this one, holds the store.
    package static let inUse = Code(rawValue: "inUse")
    /// A newer Askew has written to the store.
    package static let newerVersion = Code(rawValue: "newerVersion")
    /// The file is no database, or not one of Askew's.
    package static let notAStore = Code(rawValue: "notAStore")
    /// The file is a database whose content is damaged.
    package static let corrupt = Code(rawValue: "corrupt")
    /// The folder or the file cannot be made or opened for writing.
    package static let unwritable = Code(rawValue: "unwritable")
    package static let diskFull = Code(rawValue: "diskFull")
    /// The operating system failed to read or write.
    package static let inputOutput = Code(rawValue: "inputOutput")
    /// The rows offered contradict those that are stored, or cannot be stored.
    package static let refused = Code(rawValue: "refused")
    /// SQLite reported something that is none of the above.
    package static let unexpected = Code(rawValue: "unexpected")
  }

  package let code: Code
  /// Path of the store's file.
  package let path: String
  package let problem: String
  /// What to do next.
  package let advice: String

  package init(_ code: Code, path: String, problem: String, advice: String) {
    self.code = code
    self.path = path
    self.problem = problem
    self.advice = advice
  }

  package var description: String { "\(path): \(problem); \(advice)" }
}

extension StoreError {
  /// What SQLite reported, in words. Its own message is kept: it never holds a row's text, since
  /// every value is passed as an argument.
  init(_ error: DatabaseError, path: String) {
    let detail = "SQLite error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_FULL:
      self.init(
        .diskFull, path: path, problem: "the disk is full (\(detail))",
        advice: "free some space and run again, nothing that was stored is lost")
    case .SQLITE_IOERR:
      self.init(
        .inputOutput, path: path, problem: "reading or writing failed (\(detail))",
        advice: "check the disk and its free space, then run again")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(
        .unwritable, path: path, problem: "cannot be opened for writing (\(detail))",
        advice: "check the permissions of the file and its folder, or choose another folder")
    case .SQLITE_NOTADB:
      self.init(
        .notAStore, path: path, problem: "is not a database (\(detail))",
        advice: "move the file away or choose another folder")
    case .SQLITE_CORRUPT:
      self = .corrupt(path: path, detail: detail)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .inUse, path: path, problem: "is locked by another program (\(detail))",
        advice: "close whatever reads it, such as a database browser, and run again")
    default:
      self.init(
        .unexpected, path: path, problem: "\(detail): \(error.message ?? "no message")",
        advice: "run again; if it happens again, please report it with this line")
    }
  }

  static func corrupt(path: String, detail: String) -> StoreError {
    StoreError(
      .corrupt, path: path, problem: "the database is damaged (\(detail))",
      advice: "restore it from a copy, or move it away and run again to make everything anew")
  }
}
