import Core
import Engine
import Formats
import Foundation
import Testing

extension NaiveModel {
  /// Mean of KL(reference ‖ self) over the trained tokens, in nats.
  func divergence(from reference: NaiveModel, _ batch: [TrainingSequence]) -> Double {
    var (sum, count) = (0.0, 0)
    for sequence in batch {
      let targets = sequence.tokens.indices.dropLast().map {
        sequence.trained[$0 + 1] ? sequence.tokens[$0 + 1] : -1
      }
      sum += Reference.divergence(
        logits(sequence.tokens), from: reference.logits(sequence.tokens), targets: targets,
        vocabulary: configuration.vocabularySize
      ).reduce(0, +)
      count += sequence.trainedCount
    }
    return sum / Double(count)
  }
}

@Suite("Anchor")
struct AnchorTests {
  /// More sequences than the batch has, and other ones.
  private static let rows = TinyModels.batch(7)
  private static let adapterSettings = [nil, LoRAConfiguration(rank: 3, alpha: 6)]

  private static func configuration(_ precision: Precision = .f32) -> TrainingConfiguration {
    var c = TrainingConfiguration(steps: 100, learningRate: 1e-2)
    (c.shardCount, c.schedule, c.precision) = (3, .constant, precision)
    return c
  }

  @Test("A model does not differ from itself, and nothing pulls", arguments: precisions)
  func itself(precision: Precision) throws {
    for (name, settings) in zip(TinyModels.names, Self.adapterSettings + Self.adapterSettings) {
      let model = TinyModels.model(name)
      let adapter = try settings.map { try Adapter.random($0, for: model.configuration, seed: 1) }
      try withPool(2) { pool in
        let trainer = try Trainer(
          model: model, adapter: adapter, configuration: Self.configuration(precision),
          pool: pool, longest: 11, anchor: AnchorConfiguration(weight: 50))
        #expect(trainer.evaluationDivergence(Self.rows) == 0)
        #expect(trainer.evaluationDivergence([]) == nil)
        let batch = TinyModels.batch()
        #expect(trainer.gradients(batch, anchor: Self.rows) == trainer.gradients(batch))
      }
    }
  }

  @Test("Full gradient of the whole loss along random directions", arguments: TinyModels.names)
  func fullGradient(name: String) throws {
    let model = TinyModels.model(name)
    let reference = NaiveModel(model)
    let gradient = try withPool(2) { pool in
      let trainer = try Trainer(
        model: model, configuration: Self.configuration(), pool: pool, longest: 11,
        anchor: AnchorConfiguration(weight: 2.5))
      // Away from the reference, as steps would go; 32-bit products read the weights themselves.
      var numbers = Numbers("moved \(name)")
      for slot in model.layout.slots {
        for i in slot.range { model.weights.floats[i] += Float(0.1 * numbers.stream.normal()) }
      }
      let divergence = try #require(trainer.evaluationDivergence(Self.rows))
      let expected = NaiveModel(model).divergence(from: reference, Self.rows)
      #expect(expected > 0.01 && abs(divergence - expected) < 2e-6)
      return trainer.gradients(TinyModels.batch(), anchor: Self.rows)
    }
    try ModelGradientTests.compare(gradient, names: model.layout.slots.map(\.name)) {
      var naive = NaiveModel(model)
      naive.tensors = ModelGradientTests.moved(naive.tensors, $0, $1)
      return naive.loss(TinyModels.batch()) + 2.5 * naive.divergence(from: reference, Self.rows)
    }
  }

  @Test(
    "Adapter gradient of the whole loss along random directions", arguments: TinyModels.names,
    ModelGradientTests.adapters)
  func adapterGradient(name: String, settings: LoRAConfiguration) throws {
    let model = TinyModels.model(name)
    let adapter = try TinyModels.adapter(settings, model)
    // Without the adapter, whatever it holds at first.
    let reference = NaiveModel(model)
    let gradient = try withPool(2) { pool in
      try Trainer(
        model: model, adapter: adapter, configuration: Self.configuration(), pool: pool,
        longest: 11, anchor: AnchorConfiguration(weight: 2.5)
      ).gradients(TinyModels.batch(), anchor: Self.rows)
    }
    try ModelGradientTests.compare(gradient, names: adapter.layout.slots.map(\.name)) {
      var naive = NaiveModel(model, adapter: adapter)
      naive.adapter = ModelGradientTests.moved(naive.adapter, $0, $1)
      return naive.loss(TinyModels.batch()) + 2.5 * naive.divergence(from: reference, Self.rows)
    }
  }

  @Test("Training with an anchor stays closer to the model it began with", arguments: precisions)
  func staysClose(precision: Precision) throws {
    for settings in Self.adapterSettings {
      let ends = try [0, 10].map { weight in
        let model = TinyModels.model("biases")
        let adapter = try settings.map { try Adapter.random($0, for: model.configuration, seed: 1) }
        return try withPool(2) { pool in
          let trainer = try Trainer(
            model: model, adapter: adapter, configuration: Self.configuration(precision),
            pool: pool, longest: 11, anchor: AnchorConfiguration(weight: weight))
          for step in 0..<20 {
            let before = trainer.evaluationDivergence(Self.rows)
            let record = try trainer.step(TinyModels.batch(3), anchor: Self.rows)
            if weight == 0 {
              #expect(record.anchorLoss == nil)
            } else {
              // The same tokens; only the shards and with them the order of the sum may differ.
              let (loss, before) = (try #require(record.anchorLoss), try #require(before))
              #expect(abs(loss - before) <= 1e-5 * before, "step \(step)")
              #expect((loss == 0) == (step == 0))
            }
          }
          return try #require(trainer.evaluationDivergence(Self.rows))
        }
      }
      #expect(ends[0] > 0.02 && ends[1] < ends[0] / 2, "\(ends), adapter \(settings != nil)")
    }
  }

  @Test("Anchor sequences that cannot be read are refused before anything moves")
  func refusals() throws {
    let model = TinyModels.model("tied")
    let before = model.weights.bits
    try withPool(1) { pool in
      let trainer = try Trainer(
        model: model, configuration: Self.configuration(), pool: pool, longest: 11,
        anchor: AnchorConfiguration(weight: 1))
      let bad = TrainingSequence(tokens: [1, 19])
      let problem = "anchor sequence 1 has token 19, expected 0 to 18"
      #expect(throws: TrainingError.unfitSequence(step: 0, problem: problem)) {
        try trainer.step(TinyModels.batch(), anchor: [TrainingSequence(tokens: [1, 2]), bad])
      }
      #expect(trainer.nextStep == 0)
    }
    #expect(model.weights.bits == before)
  }
}
