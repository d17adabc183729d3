import Core
import Engine
import Formats

/// A model whose weights are on this machine: it answers and scores by the engine, and its residual stream can
/// be read and edited.
package protocol LocalModel: LanguageModel {
  var conversations: any ConversationTokenizer { get throws(InputError) }
  /// Tokens that it was made for.
  var positions: Int { get }
  var precision: Precision { get }

  /// - Throws: `InputError` naming file and tensor.
  func weights(on pool: WorkerPool, lying: WeightOrder) throws -> LocalWeights

  /// The tokens of a row, with those that are scored.
  ///
  /// - Throws: `InputError` for a conversation that the model cannot read.
  func sequence(of row: Conversation) throws(InputError) -> TrainingSequence
}

/// How large weights lie in memory, where that makes a difference.
package enum WeightOrder {
  /// As suits sampling best; it and scoring can read them so.
  case packed
  /// As they are, for whoever does not care.
  case any
  /// As the pass of training reads them, which activations are read by too.
  case plain
}

package struct LocalWeights {
  package var model: Model
  package var adapter: Adapter?

  package init(_ model: Model, adapter: Adapter? = nil) {
    (self.model, self.adapter) = (model, adapter)
  }
}

extension LocalModel {
  package var answering: (any Answering)? { LocalAnswering(self) }
  package var scoring: (any Scoring)? { LocalScoring(self) }
  package var local: (any LocalModel)? { self }
}

/// Scores by the engine.
struct LocalScoring: Scoring {
  private let model: any LocalModel

  init(_ model: any LocalModel) { self.model = model }

  func sequence(of row: Conversation) throws(InputError) -> TrainingSequence {
    try model.sequence(of: row)
  }

  func text(of tokens: [Int32]) throws(InputError) -> String {
    try model.conversations.text(of: tokens)
  }

  func score(
    _ sequences: [TrainingSequence], on pool: WorkerPool, stop: StopRequest,
    take: @escaping @Sendable (Int, [TextLikelihood]) -> Bool
  ) throws -> ScoringOutcome {
    var next = 0
    try score(sequences, on: pool) { texts in
      defer { next += texts.count }
      return take(next, texts)
    }
    return ScoringOutcome()
  }

  /// In order, some at a time.
  func score(
    _ sequences: [TrainingSequence], on pool: WorkerPool, take: ([TextLikelihood]) -> Bool
  ) throws {
    let weights = try model.weights(on: pool, lying: .any)
    let scorer = try Scorer(
      model: weights.model, adapter: weights.adapter, precision: model.precision, pool: pool,
      longest: sequences.map(\.tokens.count).max() ?? 0)
    scorer.score(sequences, take: take)
  }
}
