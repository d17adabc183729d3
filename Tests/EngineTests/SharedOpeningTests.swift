import Core
import Engine
import Formats
import Testing

/// What the rows of a wide model's shard begin with alike is read once, as a system turn is.
@Suite("Rows that begin alike")
struct SharedOpeningTests {
  /// As wide as models are whose rows share, and small in every other way.
  private static func model(window: Int? = nil) -> Model {
    var c = ModelConfiguration(
      vocabularySize: 19, hiddenSize: 512, intermediateSize: 24, layerCount: 2, headCount: 4)
    (c.keyValueHeadCount, c.headSize, c.tiedEmbeddings) = (2, 6, true)
    c.slidingWindow = window.map { SlidingWindow(size: $0, layers: [0, 1]) }
    return .random(c, seed: 2, deviation: 0.05)
  }

  /// Six tokens that all begin with, and that nobody is trained on; then two rows that go on alike, the third
  /// trained from its seventh token on, and one that has nothing to train.
  private static func batch() -> [TrainingSequence] {
    var numbers = Numbers("openings")
    let opening = numbers.tokens(6, below: 19)
    let rests: [[Int32]] = [[1, 2, 3, 4, 5], [1, 2, 7], [8, 9, 10, 11, 12, 13, 14, 15, 16], [4]]
    return zip(rests, [9, 8, 6, 99]).map { rest, first in
      let tokens = opening + rest
      return TrainingSequence(
        tokens: tokens, trained: tokens.indices.map { $0 >= first && $0 % 4 != 3 })
    }
  }

  private static func trainer(
    _ model: Model, _ adapter: Adapter?, shards: Int, recomputes: Bool = false, _ pool: WorkerPool
  ) throws -> Trainer {
    var configuration = TrainingConfiguration(steps: 1, learningRate: 0)
    configuration.shardCount = shards
    return try Trainer(
      model: model, adapter: adapter, configuration: configuration, pool: pool, longest: 15,
      recomputes: recomputes)
  }

  @Test("Loss and gradient are those of the naive model")
  func naive() throws {
    let model = Self.model()
    // Small beside the weights: what so wide an adapter adds would bend the loss within a difference's step.
    let adapter = try TinyModels.adapter(LoRAConfiguration(rank: 3, alpha: 0.3), model)
    for adapter in [nil, adapter] {
      var naive = NaiveModel(model, adapter: adapter)
      let gradient = try withPool(1) {
        let trainer = try Self.trainer(model, adapter, shards: 1, $0)
        let loss = try #require(trainer.evaluationLoss(Self.batch()))
        #expect(abs(loss - naive.loss(Self.batch())) < 2e-6)
        return try trainer.gradients(Self.batch())
      }
      let own = adapter == nil ? naive.tensors : naive.adapter
      let names = (adapter?.layout ?? model.layout).slots.map(\.name)
      try ModelGradientTests.compare(gradient, names: names) { direction, step in
        let moved = ModelGradientTests.moved(own, direction, step)
        if adapter == nil { naive.tensors = moved } else { naive.adapter = moved }
        return naive.loss(Self.batch())
      }
    }
  }

  @Test("With a window the gradient is that of rows which share nothing", arguments: [1, 4, 9])
  func window(size: Int) throws {
    let model = Self.model(window: size)
    let gradients = try [1, 4].map { shards in
      try withPool(1) { try Self.trainer(model, nil, shards: shards, $0).gradients(Self.batch()) }
    }
    for (name, alone) in gradients[1] {
      let length = Reference.dot(alone.doubles, alone.doubles).squareRoot()
      expectClose(
        try #require(gradients[0][name]), alone.doubles, absolute: 1e-5 * length, "\(name)")
    }
  }

  @Test("Blocks that are run again give the same bytes")
  func recomputed() throws {
    let model = Self.model()
    let adapter = try TinyModels.adapter(LoRAConfiguration(rank: 3, alpha: 6), model)
    let gradients = try [false, true].map { recomputes in
      try withPool(1) {
        try Self.trainer(model, adapter, shards: 2, recomputes: recomputes, $0)
          .gradients(Self.batch())
      }
    }
    #expect(gradients[0] == gradients[1])
  }
}
