extension ConsoleTable {
  /// A column, and how narrow it can be.
  struct Column {
    let heading: String
    let cells: [String]
    let isWords: Bool
    /// Where nothing is folded.
    let natural: Int
    /// Where words and headings are folded but nothing is torn; long words are, beyond 24.
    let least: Int

    init(heading: String, cells: [String], isWords: Bool) {
      (self.heading, self.cells, self.isWords) = (heading, cells, isWords)
      let all = [heading] + cells
      natural = all.map(\.count).max() ?? 0
      if isWords {
        least = all.map { min(24, Self.least($0, indent: Self.indent)) }.max() ?? 0
      } else {
        least = max(Self.least(heading, indent: 0), cells.map(\.count).max() ?? 0)
      }
    }

    /// The lines of every cell, none wider than the column.
    struct Folded {
      let heading: [String]
      let cells: [[String]]
      let isWords: Bool
      let width: Int
    }

    func folded(to width: Int) -> Folded {
      Folded(
        heading: Self.fold(heading, to: width, indent: 0),
        cells: cells.map { Self.fold($0, to: width, indent: isWords ? Self.indent : 0) },
        isWords: isWords, width: width)
    }
  }
}

extension ConsoleTable.Column {
  /// Of the lines that a cell of words goes on with, so that they do not look like rows.
  private static let indent = 2
  private static let gap = 2

  /// Tables to set below each other, each with as many columns as fit.
  ///
  /// - Parameter keys: columns at the beginning that say what a row is; as many are in every table as
  ///   leave room for any other, and a third of the width.
  static func blocks(_ columns: [Self], keys: Int, within width: Int) -> [[Self]] {
    guard columns.count > 1, total(columns.map(\.least)) > width else { return [columns] }
    var keys = min(max(1, keys), columns.count - 1)
    func leavesRoom() -> Bool {
      let keyWidth = total(columns[..<keys].map(\.least))
      let widest = columns[keys...].map(\.least).max() ?? 0
      return keyWidth <= width * 2 / 3 && keyWidth + gap + widest <= width
    }
    while keys > 1, !leavesRoom() { keys -= 1 }
    let first = Array(columns[..<keys])
    var blocks = [first]
    for column in columns[keys...] {
      let block = blocks[blocks.count - 1]
      if block.count > keys, total((block + [column]).map(\.least)) > width { blocks.append(first) }
      blocks[blocks.count - 1].append(column)
    }
    return blocks
  }

  /// Widths that fit: headings of numbers give way first, then words, the widest each time. Where that
  /// is not enough anything is torn.
  static func widths(_ columns: [Self], within width: Int) -> [Int] {
    var widths = columns.map(\.natural)
    func shrink(_ canShrink: (Int) -> Bool) {
      while total(widths) > width,
        let widest = widths.indices.filter(canShrink).max(by: { widths[$0] < widths[$1] })
      { widths[widest] -= 1 }
    }
    shrink { !columns[$0].isWords && widths[$0] > columns[$0].least }
    shrink { widths[$0] > columns[$0].least }
    shrink { widths[$0] > 1 }
    return widths
  }

  private static func total(_ widths: [Int]) -> Int {
    widths.reduce(0, +) + gap * max(0, widths.count - 1)
  }

  private static func least(_ text: String, indent: Int) -> Int {
    let pieces = pieces(text).map { withoutSpace($0).count }
    return max(pieces.first ?? 0, (pieces.dropFirst().max() ?? -indent) + indent)
  }

  private static func fold(_ text: String, to width: Int, indent: Int) -> [String] {
    guard text.count > width else { return [text] }
    let indent = String(repeating: " ", count: min(indent, max(0, width - 1)))
    var lines: [String] = []
    var line = ""
    var isBegun = false
    for var piece in pieces(text) {
      if isBegun, line.count + withoutSpace(piece).count > width {
        lines.append(withoutSpace(line))
        line = indent
      }
      while line.count + withoutSpace(piece).count > width {
        let part = piece.prefix(max(1, width - line.count))
        lines.append(line + part)
        piece.removeFirst(part.count)
        line = indent
      }
      line += piece
      isBegun = true
    }
    return lines + [withoutSpace(line)]
  }

  /// Parts that a line may end after.
  private static func pieces(_ text: String) -> [Substring] {
    var pieces: [Substring] = []
    var rest = text[...]
    while let end = rest.firstIndex(where: { " -/_".contains($0) }) {
      pieces.append(rest[...end])
      rest = rest[rest.index(after: end)...]
    }
    return rest.isEmpty ? pieces : pieces + [rest]
  }

  private static func withoutSpace(_ text: some StringProtocol) -> String {
    String(text.last == " " ? text.dropLast() : text[...])
  }
}
