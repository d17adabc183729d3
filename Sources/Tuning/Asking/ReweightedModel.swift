import Core
import Engine
import Formats

/// A model with other weights than its own, such as those half-way to another one: it reads and answers as the
/// model does.
package struct ReweightedModel: LocalModel {
  private let model: any LocalModel
  private let own: Model
  private let name: Fingerprint
  package let precision: Precision

  /// - Parameters:
  ///   - weights: of the model's shape, adapters merged.
  ///   - name: tells these weights from all others of the model's shape.
  ///   - precision: of the products; `nil`: the model's.
  package init(
    _ model: any LocalModel, weights: Model, name: Fingerprint, precision: Precision? = nil
  ) {
    (self.model, own, self.name) = (model, weights, name)
    self.precision = precision ?? model.precision
  }

  package var reference: ModelReference {
    get throws { .reweighted(try model.reference, to: name) }
  }
  package var thinking: Thinking { model.thinking }
  package var conversations: any ConversationTokenizer {
    get throws(InputError) { try model.conversations }
  }
  package var positions: Int { model.positions }

  package func weights(on pool: WorkerPool, lying order: WeightOrder) throws -> LocalWeights {
    LocalWeights(own)
  }

  package func sequence(of row: Conversation) throws(InputError) -> TrainingSequence {
    try model.sequence(of: row)
  }
}

extension LocalModel {
  /// Its weights in 32 bits with its adapter merged, for whoever reckons with them. They are a copy where they are
  /// not kept so.
  ///
  /// - Throws: `InputError` naming file and tensor.
  package func wholeWeights(on pool: WorkerPool) throws -> Model {
    let weights = try weights(on: pool, lying: .plain)
    let model = weights.model.inFull()
    return weights.adapter?.merged(into: model) ?? model
  }
}
