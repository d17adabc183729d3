import Core
import Documents
import Foundation
import Documents

/// Tables of scores: CSV, or JSON lines where the name ends in `.jsonl`.
package enum TableFile {
  /// The table in a file, with at least one row.
  ///
  /// Of JSON lines every line is an object of texts, numbers, booleans and nulls; other members are
  /// left out. Columns come in the order in which they first appear, and a row without a member
  /// has an empty field there. Blank lines are skipped. Python's bare `NaN` is read as null.
  ///
  /// - Throws: `InputError` with file and line for what is no such table, and for one without rows.
  package static func read(_ path: String) throws(InputError) -> CSVTable {
    let isJSON = path.lowercased().hasSuffix(".jsonl")
    let table = isJSON ? try jsonLines(reading: path) : try CSVTable(reading: path)
    if table.rows.isEmpty {
      throw InputError("found no rows, expected at least one", file: path)
    }
    return table
  }

  private static func jsonLines(reading path: String) throws(InputError) -> CSVTable {
    try jsonLines(try TextFile.bytes(of: path), file: path)
  }

  /// The table in JSON lines.
  static func jsonLines(_ bytes: [UInt8], file: String) throws(InputError) -> CSVTable {
    var columns: [String] = []
    var places: [String: Int] = [:]
    var rows: [(line: Int, cells: [(Int, String)])] = []
    for (line, object) in try JSONLines.objects(in: bytes, file: file, nonFinite: .missing) {
      var cells: [(Int, String)] = []
      for member in object.members {
        guard let text = member.value.cell else { continue }
        if places[member.name] == nil {
          places[member.name] = columns.count
          columns.append(member.name)
        }
        cells.append((places[member.name] ?? 0, text))
      }
      rows.append((line, cells))
    }
    return CSVTable(
      file: file, columns: columns,
      rows: rows.map { line, cells in
        var fields = columns.map { _ in "" }
        for (column, text) in cells { fields[column] = text }
        return CSVTable.Row(line: line, fields: fields)
      })
  }
}

extension JSON {
  /// As a field of a table; `nil` for lists and objects, which have none.
  fileprivate var cell: String? {
    switch self {
    case .null: ""
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): "\(value)"
    case .string(let value): value
    case .array, .object: nil
    }
  }
}
