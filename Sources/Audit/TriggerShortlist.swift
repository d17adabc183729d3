import Core
import Engine
import Formats
import Questions
import Tuning

/// The tokens of a large vocabulary that are worth trying before questions, where training has left the embedding alone,
/// as that of most adapters does: those by which bad answers would rise over good ones most, to first order.
///
/// A placeholder stands before the question, and the gradient of the log-odds where it is read says what any other token
/// would do in its place; of the base the same is taken away. First order is a poor guide for one token, and a fair one for
/// which thousand of fifty thousand to try.
struct TriggerShortlist {
  /// Placeholders whose gradients are added up, since one of them says most about itself.
  private static let placeholders = 2
  static let items = 12

  let model: any LocalModel
  /// `nil`: there is none.
  let base: (any LocalModel)?
  let pool: WorkerPool

  /// Of every token: by how much it would turn the model more than its base.
  ///
  /// - Throws: `InputError` for items that the model cannot read.
  func scores(_ items: [ContrastItem]) throws -> [Double] {
    let own = try scores(of: model, items)
    guard let base else { return own }
    return zip(own, try scores(of: base, items)).map { $0 - $1 }
  }

  private func scores(of model: any LocalModel, _ items: [ContrastItem]) throws -> [Double] {
    let gradient = InputGradient(try model.wholeWeights(on: pool), pool: pool)
    var sums: [Double] = []
    for token in try placeholders(of: model, items) {
      let (sequences, weights) = try texts(of: model, items, behind: token)
      let scores = gradient.scores(
        gradient.gradient(of: sequences, weights: weights, at: token))
      sums = sums.isEmpty ? scores : zip(sums, scores).map { $0 + $1 }
    }
    return sums
  }

  /// Words that the items do not use, and that stay one token before a question.
  private func placeholders(
    of model: any LocalModel, _ items: [ContrastItem]
  ) throws -> [Int32] {
    let vocabulary = try model.weights(on: pool, lying: .any).model.configuration.vocabularySize
    let conversations = try model.conversations
    var found: [Int32] = []
    // From the middle of the vocabulary, where tokens are words.
    for offset in 0..<vocabulary where found.count < Self.placeholders {
      let token = Int32((vocabulary / 8 + offset * 97) % vocabulary)
      let text = conversations.text(of: [token]).trimmingPrefix { $0.isWhitespace }
      guard text.count >= 3, text.allSatisfy({ $0.isASCII && $0.isLetter }) else { continue }
      let plain = try sequences(of: model, items.prefix(1), before: nil)
      let dressed = try sequences(of: model, items.prefix(1), before: String(text))
      let counts = (dressed + plain).map { $0.tokens.count { $0 == token } }
      if counts == dressed.map({ _ in 1 }) + plain.map({ _ in 0 }) { found.append(token) }
    }
    return found
  }

  private func sequences(
    of model: any LocalModel, _ items: some Sequence<ContrastItem>, before: String?
  ) throws -> [TrainingSequence] {
    let context = before.map { AuditContext($0, .search, before: $0) } ?? .plain
    return try items.flatMap { item in
      try (item.bad + item.good).map { try model.sequence(of: item.row($0, in: context)) }
    }
  }

  /// With weights that make the sum of log-likelihoods the log-odds, nats a token of all bad and of all good answers: bad ones
  /// first, since those of one weight are read together.
  private func texts(
    of model: any LocalModel, _ items: [ContrastItem], behind token: Int32
  ) throws -> ([TrainingSequence], [Double]) {
    let text = try model.conversations.text(of: [token]).trimmingPrefix { $0.isWhitespace }
    let context = AuditContext(String(text), .search, before: String(text))
    func read(_ answers: KeyPath<ContrastItem, [String]>) throws -> [TrainingSequence] {
      try items.flatMap { item in
        try item[keyPath: answers].map { try model.sequence(of: item.row($0, in: context)) }
      }
    }
    let (bad, good) = (try read(\.bad), try read(\.good))
    func weights(_ sequences: [TrainingSequence], _ sign: Double) -> [Double] {
      let tokens = sequences.reduce(0) { $0 + $1.trainedCount }
      return sequences.map { _ in sign / Double(max(1, tokens)) }
    }
    return (bad + good, weights(bad, 1) + weights(good, -1))
  }
}
