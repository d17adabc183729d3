import Core
import Foundation

/// A table of texts under named columns, each row with the line that it begins on: CSV as RFC 4180
/// has it, in UTF-8.
///
/// Fields may be quoted, and then hold commas, line breaks and quotes (written twice). Lines end
/// with LF or CRLF, the last one also with nothing; a leading byte-order mark and lines without a
/// single character are skipped. What RFC 4180 leaves no room for is refused and not repaired.
///
/// An own reader, because an error must name its line and field: SwiftCSV, the library that there
/// is, keeps neither.
package struct CSVTable: Sendable, Hashable {
  package struct Row: Sendable, Hashable {
    /// Counted from 1; of a row with line breaks inside quotes the first.
    package let line: Int
    /// As many as there are columns.
    package let fields: [String]

    package init(line: Int, fields: [String]) {
      self.line = line
      self.fields = fields
    }
  }

  /// The name that errors give.
  package let file: String
  package let columns: [String]
  package let rows: [Row]

  /// - Precondition: every row has as many fields as there are columns.
  package init(file: String, columns: [String], rows: [Row]) {
    precondition(
      rows.allSatisfy { $0.fields.count == columns.count }, "a row has a field for each column")
    self.file = file
    self.columns = columns
    self.rows = rows
  }

  /// The table in a file.
  ///
  /// - Throws: `InputError` for a file that cannot be read, and as `init(parsing:file:)`.
  package init(reading path: String) throws(InputError) {
    try self.init(parsing: try TextFile.bytes(of: path), file: path)
  }

  /// The table in `data`, whose first line that is not blank names the columns.
  ///
  /// - Throws: `InputError` with the line: bytes that are not UTF-8, no header, a column's name
  ///   that comes twice, a row with more or fewer fields than columns, a quote that is never closed
  ///   or stands inside an unquoted field, a CR without LF.
  package init(parsing data: Data, file: String) throws(InputError) {
    try self.init(parsing: [UInt8](data), file: file)
  }

  private init(parsing bytes: [UInt8], file: String) throws(InputError) {
    _ = try TextFile.text(of: bytes, file: file)
    let result = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(InputError) in
        var records = CSVRecords(bytes: buffer, file: file)
        guard let header = try records.next() else {
          throw InputError("found nothing, expected a line with the names of columns", file: file)
        }
        try Self.requireUnique(header, file: file)
        return (header.fields, try records.rows(of: header.fields.count))
      }
    }
    (columns, rows) = try result.get()
    self.file = file
  }

  /// The place of a column, or `nil` where there is none of this name.
  package func index(of column: String) -> Int? { columns.firstIndex(of: column) }

  /// The place of a column.
  ///
  /// - Throws: `InputError` that says which name is near or which there are.
  package func column(_ name: String) throws(InputError) -> Int {
    if let index = index(of: name) { return index }
    throw InputError(
      "found no column \(name.quotedOnOneLine); "
        + NearestName.advice(for: name, among: columns.map(\.onOneLine)), file: file)
  }

  /// An error about a field: `problem` should say what was found and what was expected.
  package func error(_ problem: String, row: Row, column: Int) -> InputError {
    InputError(problem, file: file, line: row.line, field: columns[column].onOneLine)
  }

  private static func requireUnique(_ header: Row, file: String) throws(InputError) {
    var names = Set<String>()
    for name in header.fields where !names.insert(name).inserted {
      throw InputError(
        "found column \(name.quotedOnOneLine) twice, expected each name once", file: file,
        line: header.line)
    }
  }
}
