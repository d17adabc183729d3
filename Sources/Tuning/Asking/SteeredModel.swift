import Core
import Engine
import Formats

/// A model with its residual stream edited whenever it answers or scores: another model, to whoever asks.
package struct SteeredModel: LocalModel {
  private let model: any LocalModel
  private let edits: [ResidualEdit]

  /// - Throws: `InputError` for an edit that is not of the model: a block that it does not have, a direction of
  ///   another width.
  package init(
    _ model: any LocalModel, by edits: [ResidualEdit], of configuration: ModelConfiguration
  )
    throws(InputError)
  {
    for edit in edits {
      try edit.site.check(against: configuration)
      guard edit.unit.count == configuration.hiddenSize else {
        throw InputError(
          "found a direction of \(edit.unit.count) channels, expected the model's "
            + "\(configuration.hiddenSize)")
      }
    }
    (self.model, self.edits) = (model, edits)
  }

  /// Without an edit it is the model itself.
  package var reference: ModelReference {
    get throws {
      edits.isEmpty
        ? try model.reference : .steered(try model.reference, by: try Fingerprint(of: edits))
    }
  }

  package var thinking: Thinking { model.thinking }
  package var conversations: any ConversationTokenizer {
    get throws(InputError) { try model.conversations }
  }
  package var positions: Int { model.positions }
  package var precision: Precision { model.precision }

  package func weights(on pool: WorkerPool, lying order: WeightOrder) throws -> LocalWeights {
    var weights = try model.weights(on: pool, lying: order)
    weights.model = weights.model.edited(by: edits)
    return weights
  }

  package func sequence(of row: Conversation) throws(InputError) -> TrainingSequence {
    try model.sequence(of: row)
  }
}
