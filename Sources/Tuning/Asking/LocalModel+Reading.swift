import Core
import Engine
import Formats

extension LocalModel {
  /// Mean activations of texts, `[text][site][channels]`.
  ///
  /// - Parameters:
  ///   - texts: conversations that end with an answer.
  ///   - tokens: which of each are read.
  ///   - sites: of the model.
  /// - Throws: `InputError` for a text that the model cannot read, or a site that it does not have; `Interrupted`.
  package func means(
    of texts: [Conversation], _ tokens: DirectionFacts.Tokens, at sites: [Site],
    on pool: WorkerPool, stop: StopRequest
  ) throws -> [[[Float]]] {
    let sequences = try texts.enumerated().map { index, text throws(InputError) in
      let sequence = try sequence(of: text)
      guard sequence.tokens.count <= positions else {
        throw InputError(
          "text \(index + 1) has \(sequence.tokens.count) tokens, the model reads at most \(positions)"
        )
      }
      return sequence.read(tokens)
    }
    let weights = try weights(on: pool, lying: .plain)
    for site in sites { try site.check(against: weights.model.configuration) }
    let reader = try ActivationReader(
      model: weights.model, adapter: weights.adapter, sites: sites, precision: precision,
      pool: pool)
    let means = reader.means(of: sequences) { !stop.isStopped }
    try stop.check()
    return means
  }
}

extension TrainingSequence {
  /// Which of its tokens are read: of a text without an answer all.
  fileprivate func read(_ which: DirectionFacts.Tokens) -> ReadSequence {
    var isRead = trained
    if !trained.isEmpty { isRead[0] = false }
    switch which {
    case .answer: break
    case .all: isRead = trained.map { _ in true }
    case .lastPrompt:
      let first = isRead.firstIndex(of: true) ?? tokens.count
      isRead = tokens.indices.map { $0 == max(0, first - 1) }
    }
    return ReadSequence(
      tokens: tokens, isRead: isRead.contains(true) ? isRead : tokens.map { _ in true })
  }
}
