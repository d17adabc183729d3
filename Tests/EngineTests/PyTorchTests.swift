import Core
import Engine
import Formats
import Foundation
import TestSupport
import Testing

/// What PyTorch, transformers and PEFT make of the same tiny models: scripts/fixtures_models.py.
struct PyTorchFixture {
  struct Run: Decodable {
    let losses: [Double]
    let learningRates: [Double]
    let gradientNorms: [Double]
    let finalLoss: Double
  }
  struct Expected: Decodable {
    let sequences: [[Int32]]
    let trained: [[Bool]]
    let loss: Double
    let steps: Int
    let warmup: Int
    let rate: Double
    let clip: Double
    let weightDecay: Double
    let betas: [Double]
    let epsilon: Double
    let full: Run
    let adapters: [String: Run]
  }

  static let names = ["llama-mha-tied", "llama-gqa-untied", "qwen2", "qwen3"]

  let folder: ModelFolder
  let expected: Expected
  let tensors: Safetensors

  init(_ name: String) throws {
    folder = ModelFolder(path: Fixture.path("models/\(name)"))
    expected = try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(filePath: folder.path + "/expected.json")))
    tensors = try Safetensors(path: folder.path + "/expected.safetensors")
  }

  var batch: [TrainingSequence] {
    zip(expected.sequences, expected.trained).map { TrainingSequence(tokens: $0, trained: $1) }
  }

  var configuration: TrainingConfiguration {
    var c = TrainingConfiguration(steps: expected.steps, learningRate: expected.rate)
    c.warmupSteps = expected.warmup
    c.weightDecay = expected.weightDecay
    c.clipNorm = expected.clip
    (c.beta1, c.beta2, c.epsilon) = (expected.betas[0], expected.betas[1], expected.epsilon)
    return c
  }

  func adapter(_ name: String) throws -> Adapter {
    try Adapter.load(
      from: ModelFolder(path: "\(folder.path)/\(name)"), for: folder.configuration())
  }
}

@Suite("Against PyTorch")
struct PyTorchTests {
  private func expectLogits(
    _ model: Model, _ fixture: PyTorchFixture, _ prefix: String, adapter: Adapter? = nil,
    within bound: Double = 1e-4
  ) throws {
    for (s, tokens) in fixture.expected.sequences.enumerated() {
      let expected = try fixture.tensors.floats(of: "\(prefix).\(s)")
      expectClose(
        try model.logits(of: tokens, adapter: adapter), expected.doubles, absolute: bound,
        "\(prefix).\(s)")
    }
  }

  @Test("Logits of the model as it is", arguments: PyTorchFixture.names)
  func logits(name: String) throws {
    let fixture = try PyTorchFixture(name)
    try expectLogits(try Model.load(from: fixture.folder), fixture, "logits")
  }

  /// Both sides sum in 32 bits: every gradient agrees to 2e-5 of its tensor's largest element.
  @Test("Loss and every gradient by name", arguments: PyTorchFixture.names)
  func gradients(name: String) throws {
    let fixture = try PyTorchFixture(name)
    let model = try Model.load(from: fixture.folder)
    let gradients = try withPool(2) { pool in
      let trainer = try Trainer(
        model: model, configuration: fixture.configuration, pool: pool, longest: 13)
      let loss = try #require(trainer.evaluationLoss(fixture.batch))
      #expect(abs(loss - fixture.expected.loss) < 1e-5)
      return trainer.gradients(fixture.batch)
    }
    #expect(gradients.count == model.layout.slots.count)
    for (name, actual) in gradients {
      let expected = try fixture.tensors.floats(of: "gradient.\(name)").doubles
      let largest = expected.map(abs).max() ?? 0
      expectClose(actual, expected, absolute: 2e-5 * largest, name)
    }
  }

  private func expectRun(
    _ trainer: Trainer, _ fixture: PyTorchFixture, _ run: PyTorchFixture.Run
  ) throws {
    for step in 0..<fixture.expected.steps {
      let record = try trainer.step(fixture.batch)
      #expect(record.step == step)
      #expect(abs(record.loss - run.losses[step]) < 1e-3, "loss of step \(step)")
      #expect(
        abs(record.gradientNorm - run.gradientNorms[step]) < 1e-3 * run.gradientNorms[step],
        "gradient norm of step \(step)")
      #expect(
        abs(record.learningRate - run.learningRates[step]) < 1e-12, "rate of step \(step)")
    }
    let final = try #require(trainer.evaluationLoss(fixture.batch))
    #expect(abs(final - run.finalLoss) < 1e-3)
  }

  @Test("Ten steps of full training", arguments: PyTorchFixture.names)
  func fullTraining(name: String) throws {
    let fixture = try PyTorchFixture(name)
    let model = try Model.load(from: fixture.folder)
    try withPool(2) { pool in
      let trainer = try Trainer(
        model: model, configuration: fixture.configuration, pool: pool, longest: 13)
      try expectRun(trainer, fixture, fixture.expected.full)
    }
    // Adam's first steps are signs: an element whose gradient is all rounding may move by the sum of
    // the rates in either direction. Logits feel a few such elements.
    try expectLogits(model, fixture, "full.logits", within: 1e-3)
  }

  @Test(
    "Ten steps of adapter training, final adapter, merged model",
    arguments: PyTorchFixture.names, ["lora-all", "lora-rs"])
  func adapterTraining(name: String, adapterName: String) throws {
    let fixture = try PyTorchFixture(name)
    let model = try Model.load(from: fixture.folder)
    let before = model.weights.bits
    let adapter = try fixture.adapter(adapterName)
    try expectLogits(model, fixture, "\(adapterName).start_logits", adapter: adapter)
    try withPool(2) { pool in
      let trainer = try Trainer(
        model: model, adapter: adapter, configuration: fixture.configuration, pool: pool,
        longest: 13)
      try expectRun(trainer, fixture, try #require(fixture.expected.adapters[adapterName]))
    }
    #expect(model.weights.bits == before, "the base model is frozen")
    for slot in adapter.layout.slots {
      let expected = try fixture.tensors.floats(
        of: "\(adapterName).end.\(slot.name)", expecting: slot.shape)
      expectClose(
        slot.range.map { adapter.weights.floats[$0] }, expected.doubles, absolute: 1e-4, slot.name)
    }
    let merged = "\(adapterName).merged_logits"
    try expectLogits(adapter.merged(into: model), fixture, merged)
    try expectLogits(model, fixture, merged, adapter: adapter)
  }

  /// A bfloat16 number is off by at most 2⁻⁸ of itself, 2⁻⁸/√3 ≈ 0.0023 on average. Logits pass
  /// about a dozen such roundings one behind the other in two blocks; independent errors add like
  /// √12 · √2 (both operands of a product) · 0.0023 ≈ 1.1 % of the logits' root mean square. Twice
  /// that is the bound, and the loss may move by as much as a logit does.
  @Test(
    "bfloat16 stays within its own error", .enabled(if: precisions.contains(.bf16)),
    arguments: PyTorchFixture.names)
  func bfloat16(name: String) throws {
    let fixture = try PyTorchFixture(name)
    let model = try Model.load(from: fixture.folder)
    let share = 0.022
    var size = 0.0
    for (s, tokens) in fixture.expected.sequences.enumerated() {
      let expected = try fixture.tensors.floats(of: "logits.\(s)").doubles
      let actual = try model.logits(of: tokens, precision: .bf16).doubles
      size = (Reference.dot(expected, expected) / Double(expected.count)).squareRoot()
      let difference = zip(actual, expected).map(-)
      let error = (Reference.dot(difference, difference) / Double(expected.count)).squareRoot()
      #expect(error < share * size, "logits.\(s): \(error / size)")
      #expect(error > 1e-5 * size, "these are not bfloat16 products")
    }
    var configuration = fixture.configuration
    configuration.precision = .bf16
    try withPool(2) { pool in
      let trainer = try Trainer(
        model: model, configuration: configuration, pool: pool, longest: 13)
      let gradients = trainer.gradients(fixture.batch)
      for (name, actual) in gradients {
        let expected = try fixture.tensors.floats(of: "gradient.\(name)").doubles
        let difference = zip(actual.doubles, expected).map(-)
        let error = Reference.dot(difference, difference).squareRoot()
        let norm = Reference.dot(expected, expected).squareRoot()
        // Back through the same roundings as well: twice the bound of the logits.
        #expect(error < 2 * share * norm, "\(name): \(error / norm)")
      }
      for step in 0..<fixture.expected.steps {
        let record = try trainer.step(fixture.batch)
        #expect(
          abs(record.loss - fixture.expected.full.losses[step]) < share * size,
          "loss of step \(step)")
      }
    }
  }
}
