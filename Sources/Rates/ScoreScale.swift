import Core
import Documents

/// The scale that a table's scores are on, such as `0..1`; here they are from 0 to 100.
package struct ScoreScale: Sendable, Hashable {
  package let low: Double
  package let high: Double

  /// From 0 to 100, on which scores stay what they are.
  package static let percent = ScoreScale(low: 0, high: 100)

  private init(low: Double, high: Double) { (self.low, self.high) = (low, high) }

  /// Reads `LOW..HIGH`; `nil` for what is no scale.
  package init?(_ text: String) {
    guard let dots = text.firstRange(of: ".."),
      let low = Double(decimal: String(text[..<dots.lowerBound])),
      let high = Double(decimal: String(text[dots.upperBound...])), low < high
    else { return nil }
    self.init(low: low, high: high)
  }

  /// The score of a row on our scale; `nil` where it is missing.
  ///
  /// - Throws: `InputError` with line and column for one beyond the scale.
  func score(
    _ table: CSVTable, _ row: CSVTable.Row, _ column: Int
  ) throws(InputError) -> Double? {
    guard let number = try table.number(row, column) else { return nil }
    guard (low...high).contains(number) else {
      let advice = self == .percent ? "; --scale LOW..HIGH reads scores of another scale" : ""
      throw table.error(
        "found \(row.fields[column].quotedOnOneLine(limit: 40)), expected \(Self.text(low)) to "
          + "\(Self.text(high))\(advice)", row: row, column: column)
    }
    return self == .percent ? number : 100 * (number - low) / (high - low)
  }

  private static func text(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }
}

extension String {
  fileprivate func firstRange(of part: String) -> Range<Index>? { ranges(of: part).first }
}
