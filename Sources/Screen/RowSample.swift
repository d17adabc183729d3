import Core

/// Rows of a data set in the shares in which their kinds come.
///
/// A kind is what stands around the question: system text, first word, form of the last sentence. Rows are put in the order of
/// their kinds and every n-th is taken from a start by chance, so that a kind of one row in twenty is one in twenty of the
/// sample too (systematic sampling; *Sampling Techniques*, W. G. Cochran, 1977, chapter 8).
package struct RowSample {
  /// Places of the rows, in an order by chance.
  package let places: [Int]

  /// - Parameter count: as many as there are, if there are fewer.
  package init(of rows: [Conversation], count: Int, seed: UInt64) {
    var stream = RandomStream(seed: seed, "sample of rows")
    let shuffled = stream.shuffled(Array(rows.indices))
    guard rows.count > count, count > 0 else {
      places = count > 0 ? shuffled : []
      return
    }
    let kinds = rows.map(\.kind)
    let rank = Dictionary(uniqueKeysWithValues: shuffled.enumerated().map { ($1, $0) })
    let ordered = rows.indices.sorted { a, b in
      kinds[a] == kinds[b] ? rank[a]! < rank[b]! : kinds[a] < kinds[b]
    }
    let step = Double(rows.count) / Double(count)
    let start = stream.uniform() * step
    places = stream.shuffled(
      (0..<count).map { ordered[min(rows.count - 1, Int(start + Double($0) * step))] })
  }
}

extension Conversation {
  /// What stands around its question.
  fileprivate var kind: String {
    let system = messages.first { $0.role == .system }?.content ?? ""
    let question = (messages.last { $0.role == .user }?.content ?? "").split(separator: " ")
    return [system, question.first.map(String.init) ?? "", question.last.map(String.init) ?? ""]
      .joined(separator: "\u{1}")
  }

  /// All that is said before the last answer, and that answer; `nil`: the assistant does not have the last word.
  package var split: (before: [Message], answer: String)? {
    guard let last = messages.last, last.role == .assistant else { return nil }
    return (Array(messages.dropLast()), last.content)
  }
}
