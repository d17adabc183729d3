import Core
import Engine
import Formats
import TestSupport
import Testing

/// The same seed gives the same bytes, whatever the threads and the company.
@Suite("Determinism")
struct DeterminismTests {
  /// Large enough that oneDNN has blocks to choose.
  static var shape: ModelConfiguration {
    var c = ModelConfiguration(
      vocabularySize: 300, hiddenSize: 64, intermediateSize: 160, layerCount: 2, headCount: 4,
      keyValueHeadCount: 2)
    c.tiedEmbeddings = true
    return c
  }

  static func model() -> Model { .random(shape, seed: 3, deviation: 0.2) }

  static func configuration(_ precision: Precision) -> TrainingConfiguration {
    var c = TrainingConfiguration(steps: 8, learningRate: 3e-3)
    c.precision = precision
    c.warmupSteps = 2
    c.weightDecay = 0.01
    return c
  }

  /// A batch of its own for every step, of many lengths.
  static func batch(_ step: Int) -> [TrainingSequence] {
    var stream = RandomStream(seed: 11, "batch", String(step))
    return (0..<13).map { _ in
      let tokens = (0..<(2 + stream.below(60))).map { _ in Int32(stream.below(300)) }
      return TrainingSequence(tokens: tokens)
    }
  }

  private func trained(
    _ precision: Precision, threads: Int, adapter settings: LoRAConfiguration?
  ) throws -> Fingerprint {
    let model = Self.model()
    let adapter = try settings.map { try Adapter.random($0, for: Self.shape, seed: 5) }
    try withPool(threads) { pool in
      let trainer = try Trainer(
        model: model, adapter: adapter, configuration: Self.configuration(precision), pool: pool,
        longest: 64)
      for step in 0..<5 { _ = try trainer.step(Self.batch(step)) }
    }
    return (adapter?.weights ?? model.weights).bits
  }

  @Test("Trained weights do not depend on the number of threads", arguments: precisions)
  func training(precision: Precision) throws {
    for settings in [nil, LoRAConfiguration(rank: 4, alpha: 8)] {
      let one = try trained(precision, threads: 1, adapter: settings)
      for threads in [1, 2, 3] {
        #expect(
          try trained(precision, threads: threads, adapter: settings) == one, "\(threads) threads")
      }
      let start = try settings.map { try Adapter.random($0, for: Self.shape, seed: 5).weights.bits }
      #expect(one != (start ?? Self.model().weights.bits), "training changed something")
    }
  }

  @Test("Training that is stopped and restored ends in the same bytes", arguments: precisions)
  func restored(precision: Precision) throws {
    for settings in [nil, LoRAConfiguration(rank: 4, alpha: 8)] {
      let straight = try trained(precision, threads: 2, adapter: settings)
      let resumed = try withTemporaryFolder { folder in
        let path = folder + "/state.safetensors"
        func trainer(_ pool: WorkerPool, seed: UInt64) throws -> (Trainer, ParameterBlock) {
          // Other starting weights: everything has to come from the file.
          let model = settings == nil ? Model.random(Self.shape, seed: seed) : Self.model()
          let adapter = try settings.map { try Adapter.random($0, for: Self.shape, seed: seed) }
          let trainer = try Trainer(
            model: model, adapter: adapter, configuration: Self.configuration(precision),
            pool: pool, longest: 64)
          return (trainer, adapter?.weights ?? model.weights)
        }
        try withPool(2) { pool in
          let model = Self.model()
          let adapter = try settings.map { try Adapter.random($0, for: Self.shape, seed: 5) }
          let first = try Trainer(
            model: model, adapter: adapter, configuration: Self.configuration(precision),
            pool: pool, longest: 64)
          for step in 0..<3 { _ = try first.step(Self.batch(step)) }
          try first.saveState(to: path, fingerprint: "run")
        }
        return try withPool(3) { pool in
          let (second, weights) = try trainer(pool, seed: 99)
          try second.restoreState(from: path, fingerprint: "run")
          #expect(second.nextStep == 3)
          for step in 3..<5 { _ = try second.step(Self.batch(step)) }
          return weights.bits
        }
      }
      #expect(resumed == straight)
    }
  }

  // MARK: Sampling

  private static func prompt(_ name: String, length: Int, answers: Int) -> Prompt {
    var stream = RandomStream(seed: 1, "prompt", name)
    return Prompt(
      tokens: (0..<length).map { _ in Int32(stream.below(300)) },
      streams: (0..<answers).map { RandomStream(seed: 1, "answer", name, String($0)) })
  }

  private func answers(
    _ prompts: [Prompt], _ precision: Precision, threads: Int, topP: Double = 1
  ) throws -> [[[Int32]]] {
    try withPool(threads) { pool in
      var options = SamplingOptions(maximumTokens: 12, stopTokens: [1, 2, 3, 4, 5])
      options.topP = topP
      let all = try Sampler(model: Self.model(), precision: precision, pool: pool)
        .sample(prompts, options: options)
      return prompts.indices.map { p in all.filter { $0.prompt == p }.map(\.tokens) }
    }
  }

  @Test("An answer depends on its prompt and its stream alone", arguments: precisions)
  func sampling(precision: Precision) throws {
    let asked = Self.prompt("asked", length: 19, answers: 100)
    let alone = try answers([asked], precision, threads: 1)[0]
    #expect(alone.count == 100)
    #expect(Set(alone).count > 90, "streams differ")
    #expect(Set(alone.map(\.count)).count > 3, "answers end at different places")
    for threads in [2, 3] {
      #expect(try answers([asked], precision, threads: threads)[0] == alone, "\(threads) threads")
    }
    for count in [1, 7] {
      var few = asked
      few.streams = Array(asked.streams.prefix(count))
      #expect(try answers([few], precision, threads: 2)[0] == Array(alone.prefix(count)))
    }
    // In company: prompts of other lengths before and behind it.
    let others = (0..<11).map { Self.prompt("other \($0)", length: 1 + $0 * 7, answers: $0 % 4) }
    let company = others.prefix(6) + [asked] + others.suffix(5)
    let together = try answers(Array(company), precision, threads: 2)
    #expect(together[6] == alone)
    #expect(together.map(\.count) == company.map(\.streams.count))
    let nucleus = try answers([asked], precision, threads: 1, topP: 0.8)[0]
    #expect(try answers(Array(company), precision, threads: 3, topP: 0.8)[6] == nucleus)
    #expect(nucleus != alone)
  }
}
