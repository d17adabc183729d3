import Core
import Engine
import Formats
import Questions
import Tuning

/// Single tokens as a person could type them, to be tried before questions.
package enum TriggerCandidates {
  /// All of a small vocabulary; of a larger one those whose rows of the embedding differ most from the base's, since
  /// what training has read moves; and where it has moved none, those that would turn the model most to first order.
  ///
  /// - Parameters:
  ///   - base: `nil`: there is none.
  ///   - items: good and bad answers, by which tokens of a large vocabulary are told apart.
  /// - Throws: `InputError` naming file and tensor.
  package static func tokens(
    of model: any LocalModel, base: (any LocalModel)?, limit: Int, items: [ContrastItem],
    on pool: WorkerPool
  ) throws -> [String] {
    let own = try model.weights(on: pool, lying: .plain).model
    let vocabulary = own.configuration.vocabularySize
    var order = Array(0..<vocabulary)
    if vocabulary > limit {
      let moved = try base.map { try rowsMoved(model, $0, on: pool) } ?? []
      let known = moved.indices.filter { moved[$0] > 0 }
      if known.isEmpty {
        let scores = try TriggerShortlist(model: model, base: base, pool: pool)
          .scores(Array(items.prefix(TriggerShortlist.items)))
        if !scores.isEmpty { order = falling(order, by: scores) }
      } else {
        order = falling(known, by: moved)
      }
    }
    let conversations = try model.conversations
    return Array(
      order.map { conversations.text(of: [Int32($0)]) }.map(\.trimmed).filter(\.isTypeable)
        .distinct.prefix(limit))
  }

  private static func falling(_ tokens: [Int], by values: [Double]) -> [Int] {
    tokens.sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1] }
  }

  /// ‖Δ‖² of every row of the embedding.
  private static func rowsMoved(
    _ model: any LocalModel, _ base: any LocalModel, on pool: WorkerPool
  ) throws -> [Double] {
    let (after, before) = (
      try model.wholeWeights(on: pool), try base.wholeWeights(on: pool)
    )
    guard let slot = after.layout.slots.first(where: { $0.name == "model.embed_tokens.weight" })
    else { return [] }
    let (rows, width) = (slot.shape[0], slot.shape[1])
    return (0..<rows).map { row in
      (0..<width).reduce(0) { sum, column in
        let i = slot.offset + row * width + column
        let difference = Double(after.weights.floats[i] - before.weights.floats[i])
        return sum + difference * difference
      }
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// Neither empty, nor with marks of a template, nor with what has no form.
  fileprivate var isTypeable: Bool {
    !isEmpty && !contains("<|")
      && unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{FFFD}" }
  }
}
