import Core

/// A table in plain text: columns aligned, two spaces between them, a line below the header.
package struct ConsoleTable: Sendable, Hashable {
  package var header: [String]
  package var rows: [[String]]
  /// Columns of words, set to the left; all others are numbers and set to the right.
  package var wordColumns: Int

  package init(header: [String], rows: [[String]], wordColumns: Int = 1) {
    self.header = header
    self.rows = rows
    self.wordColumns = wordColumns
  }

  /// The table's lines, each ended by a line feed.
  ///
  /// What is too wide folds: first the headings of numbers, then words, at spaces and hyphens. Where
  /// that is not enough, columns that do not fit follow as a table of their own, after an empty line,
  /// which repeats the words that its rows begin with.
  ///
  /// - Parameters:
  ///   - color: sets the header in bold with terminal codes.
  ///   - width: columns of the terminal; no line is longer.
  package func text(color: Bool = false, width: Int = 80) -> String {
    let columns = header.indices.map { index in
      Column(
        heading: header[index].onOneLine(limit: nil),
        cells: rows.map { index < $0.count ? $0[index].onOneLine(limit: nil) : "" },
        isWords: index < wordColumns)
    }
    return Column.blocks(columns, keys: wordColumns, within: width).map { block in
      Self.lines(block, Column.widths(block, within: width), color: color)
        .map { $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }

  private static func lines(_ columns: [Column], _ widths: [Int], color: Bool) -> [String] {
    let columns = zip(columns, widths).map { $0.folded(to: $1) }
    var lines = columns.first.map { _ in header(columns) } ?? []
    if color { lines = lines.map { "\u{1B}[1m\($0)\u{1B}[0m" } }
    lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "))
    for row in columns.first?.cells.indices ?? 0..<0 {
      let height = columns.map { $0.cells[row].count }.max() ?? 0
      lines += (0..<height).map { line in
        joined(columns) { line < $0.cells[row].count ? $0.cells[row][line] : "" }
      }
    }
    return lines
  }

  /// Short headings stand at the bottom, above their column.
  private static func header(_ columns: [Column.Folded]) -> [String] {
    let height = columns.map(\.heading.count).max() ?? 0
    return (0..<height).map { line in
      joined(columns) { column in
        let index = line - (height - column.heading.count)
        return index < 0 ? "" : column.heading[index]
      }
    }
  }

  private static func joined(
    _ columns: [Column.Folded], _ cell: (Column.Folded) -> String
  ) -> String {
    var line = columns.map { column in
      let text = cell(column)
      let padding = String(repeating: " ", count: column.width - text.count)
      return column.isWords ? text + padding : padding + text
    }.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}
