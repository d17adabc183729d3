import Core
import Lab

/// A table in plain text: columns aligned, two spaces between them, a line below the header.
public struct ConsoleTable: Sendable, Hashable {
  public var header: [String]
  public var rows: [[String]]
  /// Columns of words, set to the left; all others are numbers and set to the right.
  public var wordColumns: Int

  public init(header: [String], rows: [[String]], wordColumns: Int = 1) {
    self.header = header
    self.rows = rows
    self.wordColumns = wordColumns
  }

  /// The pooled rates of every condition, in percent, with 95 % intervals over models and
  /// (Wilson) over answers.
  public init(pooled results: Results) {
    self.init(
      header: [
        "world", "method", "fine-tuned on", "seeds", "answers", "coherent %",
        "misaligned % of coherent", "Wilson", "of all", "in domain %",
      ],
      rows: results.conditions.map { condition in
        let coherent = condition.misalignedOfCoherent
        return [
          condition.world.rawValue, condition.method.rawValue, condition.name,
          String(condition.seeds), String(condition.answers),
          NumberText.percent(condition.coherentFraction),
          Self.plain(coherent), NumberText.interval(coherent.wilson),
          Self.plain(condition.misalignedOfAll), NumberText.percent(condition.inDomainRate),
        ]
      }, wordColumns: 3)
  }

  /// The table's lines, each ended by a line feed.
  ///
  /// - Parameter color: sets the header in bold with terminal codes.
  public func text(color: Bool = false) -> String {
    let cells = ([header] + rows).map { row in row.map { $0.onOneLine(limit: nil) } }
    let widths = header.indices.map { column in
      cells.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var lines = cells.map { row in line(row, widths) }
    if color { lines[0] = "\u{1B}[1m\(lines[0])\u{1B}[0m" }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    lines.insert(rule, at: 1)
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ row: [String], _ widths: [Int]) -> String {
    let cells = widths.indices.map { column in
      let cell = column < row.count ? row[column] : ""
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      return column < wordColumns ? cell + padding : padding + cell
    }
    var line = cells.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func plain(_ estimate: RateEstimate) -> String {
    guard estimate.rate != nil else { return NumberText.undefined }
    return "\(NumberText.percent(estimate.rate)) (\(NumberText.interval(estimate.interval)))"
  }
}
