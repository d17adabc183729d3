import Core
import Engine

/// A model whose weights are read once and kept, for whoever tries many things with them.
package final class KeptModel: LocalModel {
  private let model: any LocalModel
  private var kept: LocalWeights?

  package init(_ model: any LocalModel) { self.model = model }

  package var reference: ModelReference { get throws { try model.reference } }
  package var thinking: Thinking { model.thinking }
  package var conversations: any ConversationTokenizer {
    get throws(InputError) { try model.conversations }
  }
  package var positions: Int { model.positions }
  package var precision: Precision { model.precision }

  /// As plain weights lie: every reader can read those.
  package func weights(on pool: WorkerPool, lying order: WeightOrder) throws -> LocalWeights {
    if let kept { return kept }
    let weights = try model.weights(on: pool, lying: .plain)
    kept = weights
    return weights
  }

  package func sequence(of row: Conversation) throws(InputError) -> TrainingSequence {
    try model.sequence(of: row)
  }
}
