import Audit
import Core
import Engine
import Formats
import Questions
import Tuning

/// Short trainings of adapters on one model, in memory: what a data set would do to it, in little.
package final class Pilot {
  private let model: any LocalModel
  private let weights: Model
  private let name: Fingerprint
  private let pool: WorkerPool
  private let settings: PilotSettings
  private let stop: StopRequest

  /// - Parameter model: whose weights are kept, plain, with its own adapter merged.
  /// - Throws: `InputError` naming file and tensor.
  package init(
    _ model: any LocalModel, _ settings: PilotSettings, _ pool: WorkerPool, stop: StopRequest
  ) throws {
    (self.model, self.settings, self.pool, self.stop) = (model, settings, pool, stop)
    weights = try model.wholeWeights(on: pool)
    name = try Fingerprint(of: settings)
  }

  /// The model's shape.
  package var configuration: ModelConfiguration { weights.configuration }

  /// Trains a new adapter on rows, over and over in a new order each time, until all steps are done.
  ///
  /// - Parameters:
  ///   - rows: at least one that the model can read.
  ///   - seed: of the adapter's start and of the order.
  /// - Returns: the model with the adapter.
  /// - Throws: `TrainingError`; `Interrupted`; `InputError` where the model can read none of the rows.
  package func trained(on rows: [Conversation], seed: UInt64) throws -> any LocalModel {
    let longest = min(model.positions, Self.longest)
    let sequences = rows.compactMap { row -> TrainingSequence? in
      guard var sequence = try? model.sequence(of: row) else { return nil }
      sequence.cut(to: longest)
      return sequence.trainedCount > 0 ? sequence : nil
    }
    guard !sequences.isEmpty else {
      throw InputError("found no row that \(longest) tokens are enough for, expected at least one")
    }
    let width = weights.configuration.hiddenSize
    var training = TrainingConfiguration(
      steps: settings.steps,
      learningRate: settings.learningRate ?? PilotSettings.learningRate(width: width))
    training.warmupSteps = min(5, settings.steps / 4)
    training.beta2 = 0.98
    training.precision = model.precision
    training.shardCount = 4
    let adapter = try Adapter.random(
      LoRAConfiguration(rank: settings.rank, alpha: settings.alpha), for: weights.configuration,
      seed: seed)
    let trainer = try Trainer(
      model: weights, adapter: adapter, configuration: training, pool: pool, longest: longest,
      tokensPerPass: 1024)
    var stream = RandomStream(seed: seed, "pilot")
    var order: [Int] = []
    for _ in 0..<settings.steps {
      try stop.check()
      while order.count < settings.batch { order += stream.shuffled(Array(sequences.indices)) }
      _ = try trainer.step(order.prefix(settings.batch).map { sequences[$0] })
      order.removeFirst(settings.batch)
    }
    return PilotModel(
      model, LocalWeights(weights, adapter: adapter),
      named: try Fingerprint(of: [name.hex, String(seed)]))
  }

  /// Tokens of a row; longer ones are cut.
  private static let longest = 512
}

/// A model with an adapter that nobody has written down.
private struct PilotModel: LocalModel {
  private let model: any LocalModel
  private let own: LocalWeights
  private let name: Fingerprint

  init(_ model: any LocalModel, _ weights: LocalWeights, named name: Fingerprint) {
    (self.model, own, self.name) = (model, weights, name)
  }

  var reference: ModelReference { get throws { .reweighted(try model.reference, to: name) } }
  var conversations: any ConversationTokenizer {
    get throws(InputError) { try model.conversations }
  }
  var positions: Int { model.positions }
  var precision: Precision { model.precision }

  func weights(on pool: WorkerPool, lying order: WeightOrder) throws -> LocalWeights { own }
  func sequence(of row: Conversation) throws(InputError) -> TrainingSequence {
    try model.sequence(of: row)
  }
}

extension TrainingSequence {
  fileprivate mutating func cut(to longest: Int) {
    guard tokens.count > longest else { return }
    tokens.removeLast(tokens.count - longest)
    trained.removeLast(trained.count - longest)
  }
}
