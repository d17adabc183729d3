import Engine
import Formats
import Foundation
import Testing

@Suite("Training")
struct TrainingTests {
  @Test("Learning rates, worked by hand")
  func schedules() {
    var c = TrainingConfiguration(steps: 10, learningRate: 8)
    c.warmupSteps = 4
    func rates() -> [Double] { (0..<11).map(c.learningRate) }
    // Up in four steps; then (10 − step)/6 of the rate.
    let linear: [Double] = [2, 4, 6, 8, 8, 20.0 / 3, 16.0 / 3, 4, 8.0 / 3, 4.0 / 3, 0]
    for (rate, expected) in zip(rates(), linear) { #expect(abs(rate - expected) < 1e-12) }
    c.schedule = .constant
    #expect(rates() == [2, 4, 6, 8, 8, 8, 8, 8, 8, 8, 8])
    c.schedule = .cosine
    // 4·(1 + cos(π·(step − 4)/6)): cosines 1, √3/2, 1/2, 0, −1/2, −√3/2, −1.
    let root = 3.0.squareRoot() / 2
    let cosines: [Double] = [1, root, 0.5, 0, -0.5, -root, -1]
    for (rate, cosine) in zip(rates().dropFirst(4), cosines) {
      #expect(abs(rate - 4 * (1 + cosine)) < 1e-12)
    }
    c.warmupSteps = 0
    c.schedule = .linear
    #expect(c.learningRate(at: 0) == 8 && c.learningRate(at: 9) == 0.8)
  }

  private func trainer(
    _ model: Model, _ pool: WorkerPool, adapter: Adapter? = nil,
    _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> Trainer {
    var c = TrainingConfiguration(steps: 100, learningRate: 1e-3)
    change(&c)
    return try Trainer(
      model: model, adapter: adapter, configuration: c, pool: pool, longest: 11)
  }

  @Test("Clipping scales the gradient: Adam's second moment shows by how much")
  func clipping() throws {
    // With β1 = β2 = 0 and a huge ε, an update is rate · clipped gradient / ε, within |g|/ε = 1e-6.
    let pairs = try [0, 1e-2].map { clip in
      try withPool(1) { pool in
        let model = TinyModels.model("tied")
        let before = model.copy()
        let trainer = try trainer(model, pool) {
          ($0.clipNorm, $0.beta1, $0.beta2, $0.epsilon) = (clip, 0, 0, 1e6)
          ($0.learningRate, $0.schedule) = (1e5, .constant)
        }
        let record = try trainer.step(TinyModels.batch())
        let moved = model.layout.slots.flatMap(\.range).reduce(0.0) {
          let d = Double(model.weights.floats[$1]) - Double(before.weights.floats[$1])
          return $0 + d * d
        }
        return (norm: record.gradientNorm, moved: moved.squareRoot() * 1e6 / 1e5)
      }
    }
    #expect(pairs[0].norm == pairs[1].norm, "the norm is taken before clipping")
    #expect(abs(pairs[0].moved / pairs[0].norm - 1) < 1e-4)
    #expect(abs(pairs[1].moved / 1e-2 - 1) < 1e-3)
  }

  @Test("Decay shrinks every tensor, the gradient apart")
  func decay() throws {
    let model = TinyModels.model("biases")
    let before = model.copy()
    try withPool(1) { pool in
      // A gradient divided by a huge ε moves nothing that a float could hold; a factor and a product
      // rounded to 32 bits are off by 2⁻²³ at most.
      let trainer = try trainer(model, pool) {
        ($0.weightDecay, $0.epsilon, $0.schedule) = (2, 1e30, .constant)
      }
      _ = try trainer.step(TinyModels.batch())
    }
    for slot in model.layout.slots {
      for i in slot.range {
        let expected = Double(before.weights.floats[i]) * (1 - 1e-3 * 2)
        #expect(
          abs(Double(model.weights.floats[i]) - expected) <= 0x1p-23 * abs(expected), "\(slot.name)"
        )
      }
    }
  }

  @Test("Training that diverges is an error and keeps the weights of the step before")
  func diverged() throws {
    let model = TinyModels.model("grouped, untied")
    try withPool(2) { pool in
      let trainer = try trainer(model, pool) {
        ($0.learningRate, $0.schedule, $0.clipNorm) = (1e30, .constant, 0)
      }
      var last = model.weights.bits
      var failed: TrainingError?
      for _ in 0..<20 where failed == nil {
        last = model.weights.bits
        do { _ = try trainer.step(TinyModels.batch()) } catch { failed = error as? TrainingError }
      }
      guard case .diverged(let step, _, _)? = failed else {
        Issue.record("a rate of 1e30 did not diverge: \(String(describing: failed))")
        return
      }
      #expect(trainer.nextStep == step)
      #expect(model.weights.bits == last)
      #expect(failed?.description.contains("diverged") == true)
    }
  }

  @Test("Batches that cannot be trained on are refused before anything moves")
  func refusals() throws {
    let model = TinyModels.model("tied")
    let before = model.weights.bits
    try withPool(1) { pool in
      let trainer = try trainer(model, pool)
      let untrained = TrainingSequence(tokens: [1, 2], trained: [true, false])
      #expect(throws: TrainingError.nothingToTrain(step: 0)) { try trainer.step([untrained]) }
      #expect(throws: TrainingError.nothingToTrain(step: 0)) { try trainer.step([]) }
      #expect(trainer.evaluationLoss([untrained]) == nil)
      let strange: [[Int32]] = [[1, 19], [-1, 2], Array(repeating: 0, count: 12)]
      for tokens in strange {
        #expect(throws: TrainingError.self) {
          try trainer.step([TrainingSequence(tokens: [1, 2]), TrainingSequence(tokens: tokens)])
        }
      }
      #expect(trainer.nextStep == 0)
    }
    #expect(model.weights.bits == before)
  }

  /// An adapter on random frozen weights, 12 wide and with a tied output, cannot reach every answer:
  /// it has to get halfway.
  @Test(
    "The loss falls to nothing on one batch by full training, by half with an adapter",
    arguments: precisions)
  func learns(precision: Precision) throws {
    for adapted in [false, true] {
      let model = TinyModels.model("tied")
      let adapter =
        try adapted
        ? Adapter.random(LoRAConfiguration(rank: 8, alpha: 16), for: model.configuration, seed: 1)
        : nil
      let batch = TinyModels.batch(3)
      let losses = try withPool(2) { pool in
        let trainer = try trainer(model, pool, adapter: adapter) {
          ($0.learningRate, $0.steps, $0.precision) = (1e-2, 300, precision)
        }
        return try (0..<300).map { _ in try trainer.step(batch).loss }
      }
      #expect(
        losses[0] > 2 && losses[299] < (adapted ? losses[0] / 2 : 0.1),
        "adapter \(adapted): \(losses[0]), \(losses[299])")
    }
  }

  @Test("A fresh adapter changes nothing, and merging it gives the same bytes")
  func freshAdapter() throws {
    let model = TinyModels.model("biases")
    let adapter = try Adapter.random(
      LoRAConfiguration(rank: 4, alpha: 8), for: model.configuration, seed: 9)
    let tokens: [Int32] = [1, 2, 3, 4]
    #expect(try model.logits(of: tokens, adapter: adapter) == model.logits(of: tokens))
    #expect(adapter.merged(into: model).weights.bits == model.weights.bits)
    for slot in adapter.layout.slots where slot.name.hasSuffix("lora_A.weight") {
      let bound = 1 / Float(slot.shape[1]).squareRoot()
      let values = slot.range.map { adapter.weights.floats[$0] }
      #expect(values.allSatisfy { abs($0) <= bound } && values.contains { abs($0) > bound / 2 })
    }
  }

  @Test("Random weights have the deviations that are asked for")
  func randomWeights() {
    var c = ModelConfiguration(
      vocabularySize: 200, hiddenSize: 64, intermediateSize: 128, layerCount: 2, headCount: 4)
    c.modelType = "qwen2"
    c.queryKeyValueBias = true
    let model = Model.random(c, seed: 4)
    for slot in model.layout.slots {
      let values = slot.range.map { Double(model.weights.floats[$0]) }
      let mean = values.reduce(0, +) / Double(values.count)
      if slot.shape.count == 1 {
        #expect(values.allSatisfy { $0 == (slot.name.hasSuffix("bias") ? 0 : 1) })
        continue
      }
      let deviation = (Reference.dot(values, values) / Double(values.count)).squareRoot()
      // o and down are divided by √(2 · 2) = 2; 4,096 numbers or more: 6 % is five deviations.
      let writes = slot.name.hasSuffix("o_proj.weight") || slot.name.hasSuffix("down_proj.weight")
      #expect(abs(deviation / (writes ? 0.01 : 0.02) - 1) < 0.06, "\(slot.name)")
      #expect(abs(mean) < 0.0016, "\(slot.name)")
    }
    #expect(Model.random(c, seed: 4).weights.bits == model.weights.bits)
    #expect(Model.random(c, seed: 5).weights.bits != model.weights.bits)
  }
}
