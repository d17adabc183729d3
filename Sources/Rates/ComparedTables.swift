import Core
import Judging
import Documents

/// Two tables of verdicts on the same answers, joined by the columns that name an answer.
package struct ComparedTables: Sendable {
  /// Which columns mean what.
  package struct Columns: Sendable, Hashable {
    /// That name an answer; empty for `id` where both tables have it, otherwise `question_id` and
    /// `sample`, and `paraphrase` and `epoch` where both have them.
    package var keys: [String]
    package var a, b: String
    /// The label of people that means a score below the threshold, such as TRUE where they marked
    /// what is misaligned; any other label means one that is not.
    package var wordForBelow: String?

    package init(keys: [String] = [], a: String, b: String, wordForBelow: String? = nil) {
      self.keys = keys
      self.a = a
      self.b = b
      self.wordForBelow = wordForBelow
    }
  }

  package let pairs: [JudgeComparison.Pair]
  /// With the names of the labels that were found.
  package let threshold: JudgeComparison.Threshold

  /// - Throws: `InputError` for a missing column, an answer that comes twice in a table, and labels
  ///   on one side alone of which it is not clear what they mean.
  package init(
    _ a: CSVTable, _ b: CSVTable, columns: Columns, threshold: Double
  ) throws(InputError) {
    let keys = columns.keys.isEmpty ? Self.defaultKeys(a, b) : columns.keys
    var verdictsOfA = try TableVerdicts(a, column: columns.a, keys: keys)
    var verdictsOfB = try TableVerdicts(b, column: columns.b, keys: keys)
    var cut = JudgeComparison.Threshold(threshold)
    if verdictsOfA.needsCut(beside: verdictsOfB) {
      try verdictsOfA.cut(at: &cut, wordForBelow: columns.wordForBelow)
    } else if verdictsOfB.needsCut(beside: verdictsOfA) {
      try verdictsOfB.cut(at: &cut, wordForBelow: columns.wordForBelow)
    } else if let word = columns.wordForBelow {
      throw InputError(
        "found no labels beside scores, expected those that \(word.quotedOnOneLine) is one of",
        file: b.file, field: columns.b.onOneLine)
    }
    self.threshold = cut
    let inB = verdictsOfB.places
    var pairs = verdictsOfA.elements.map { key, verdict in
      JudgeComparison.Pair(a: verdict, b: inB[key].map { verdictsOfB.elements[$0].verdict })
    }
    for (key, verdict) in verdictsOfB.elements where verdictsOfA.places[key] == nil {
      pairs.append(JudgeComparison.Pair(a: nil, b: verdict))
    }
    self.pairs = pairs
  }

  private static func defaultKeys(_ a: CSVTable, _ b: CSVTable) -> [String] {
    func both(_ column: String) -> Bool { a.index(of: column) != nil && b.index(of: column) != nil }
    if both("id") { return ["id"] }
    return ["question_id", "sample"] + ["paraphrase", "epoch"].filter(both)
  }
}
