import Core
import Judging
import Documents

/// The verdicts of one table, under the keys of their answers: all scores, or all labels.
struct TableVerdicts {
  private let table: CSVTable
  private let column: Int
  private(set) var elements: [(key: [String], verdict: Measurement)] = []
  private(set) var places: [[String]: Int] = [:]
  private let areScores: Bool

  init(_ table: CSVTable, column name: String, keys: [String]) throws(InputError) {
    self.table = table
    column = try table.column(name)
    var keyColumns: [Int] = []
    for key in keys { keyColumns.append(try table.column(key)) }
    areScores = Self.areScores(table, column)
    var spellings: [String: String] = [:]
    for row in table.rows {
      let key = keyColumns.map { row.fields[$0] }
      if let first = places.updateValue(elements.count, forKey: key) {
        throw InputError(
          "found \(keys.joined(separator: ", ").onOneLine) "
            + "\(key.joined(separator: ", ").quotedOnOneLine) again, expected it only on line "
            + "\(table.rows[first].line)", file: table.file, line: row.line)
      }
      var verdict = Measurement(metric: name)
      if areScores {
        verdict.value = try table.number(row, column)
      } else if let word = table.text(row, column), !CSVTable.meansMissing(word) {
        verdict.label = Self.spelling(word, among: &spellings)
      }
      if verdict.value == nil, verdict.label == nil { verdict.reason = "missing in the table" }
      elements.append((key, verdict))
    }
  }

  private static func areScores(_ table: CSVTable, _ column: Int) -> Bool {
    do {
      for row in table.rows { _ = try table.number(row, column) }
      return true
    } catch {
      return false
    }
  }

  /// One spelling for labels that differ by case alone: the first. True of pandas is TRUE of R.
  private static func spelling(_ word: String, among spellings: inout [String: String]) -> String {
    let folded = word.lowercased()
    if spellings[folded] == nil { spellings[folded] = word }
    return spellings[folded] ?? word
  }

  /// Whether these are labels beside the other's scores, and have to be read as "below the
  /// threshold or not". Zeros and ones beside other numbers are labels too.
  func needsCut(beside other: TableVerdicts) -> Bool {
    other.areScores && (!areScores || (isBinary && !other.isBinary))
  }

  private var isBinary: Bool { areScores && Set(elements.compactMap(\.verdict.value)) == [0, 1] }

  /// Makes two labels of all, and gives the threshold their names.
  mutating func cut(
    at threshold: inout JudgeComparison.Threshold, wordForBelow: String?
  ) throws(InputError) {
    if areScores {
      for index in elements.indices {
        elements[index].verdict.label = elements[index].verdict.value.map { $0 == 0 ? "0" : "1" }
        elements[index].verdict.value = nil
      }
    }
    var labels: [String] = []
    for (_, verdict) in elements {
      if let label = verdict.label, !labels.contains(label) { labels.append(label) }
      if labels.count > 2 { break }
    }
    let below = try self.below(labels, wordForBelow ?? "misaligned", isGiven: wordForBelow != nil)
    threshold = JudgeComparison.Threshold(
      threshold.value, below: below, notBelow: labels.first { $0 != below } ?? "not \(below)")
  }

  private func below(
    _ labels: [String], _ word: String, isGiven: Bool
  ) throws(InputError) -> String {
    let found = labels.map(\.quotedOnOneLine).joined(separator: ", ")
    func error(_ expected: String) -> InputError {
      InputError(
        "found labels \(found) beside scores, expected \(expected)", file: table.file,
        field: table.columns[column].onOneLine)
    }
    guard labels.count <= 2 else { throw error("two labels") }
    if let label = labels.first(where: { $0.lowercased() == word.lowercased() }) { return label }
    if isGiven { throw error("\(word.quotedOnOneLine) among them") }
    // Of people who found every answer aligned.
    if labels.allSatisfy({ $0.lowercased() == "aligned" }) { return word }
    throw error("to be told which of them means a low score (--below)")
  }
}
