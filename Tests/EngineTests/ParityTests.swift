import Core
import Engine
import Formats
import Foundation
import Testing

/// Every family against transformers and PEFT.
@Suite("Families against transformers and PEFT")
struct ParityTests {
  private func expectLogits(
    _ model: Model, _ fixture: ParityFixture, _ name: String, row: Int, adapter: Adapter? = nil,
    within bound: Double = 1e-4
  ) throws {
    let expected = try fixture.tensors.floats(of: name)
    expectClose(
      try model.logits(of: fixture.expected.sequences[row], adapter: adapter), expected.doubles,
      absolute: bound, name)
  }

  @Test("Logits", arguments: ParityFixture.names)
  func logits(name: String) throws {
    let fixture = try ParityFixture(name)
    let model = try fixture.model()
    for row in fixture.expected.sequences.indices {
      try expectLogits(model, fixture, "logits.\(row)", row: row)
    }
  }

  /// The likeliest tokens after each prompt; close choices would be a matter of rounding.
  private func expectGreedy(
    _ model: Model, adapter: Adapter? = nil, _ wanted: [ParityFixture.Greedy], _ what: String
  ) throws {
    #expect(wanted.allSatisfy { $0.margin > 2e-3 })
    var options = SamplingOptions(maximumTokens: wanted[0].tokens.count, stopTokens: [])
    options.temperature = 0
    let prompts = wanted.map {
      Prompt(tokens: $0.prompt, streams: [RandomStream(seed: 1, "greedy")])
    }
    let answers = try withPool(2) { pool in
      try Sampler(model: model, adapter: adapter, precision: .f32, pool: pool)
        .sample(prompts, options: options)
    }
    #expect(answers.map(\.tokens) == wanted.map(\.tokens), "\(what)")
  }

  @Test("Greedy continuations of short and long prompts", arguments: ParityFixture.names)
  func greedy(name: String) throws {
    let fixture = try ParityFixture(name)
    let model = try fixture.model()
    try expectGreedy(model, fixture.expected.greedy, "without adapter")
    for (adapterName, run) in fixture.expected.adapters {
      let adapter = try fixture.adapter(adapterName)
      let wanted = [try #require(run.greedy)]
      try expectGreedy(model, adapter: adapter, wanted, adapterName)
      try expectGreedy(adapter.merged(into: model), wanted, "\(adapterName), merged")
    }
  }

  @Test(
    "Negative log-likelihood of each row's trained tokens, with and without adapter",
    arguments: ParityFixture.names)
  func rows(name: String) throws {
    let fixture = try ParityFixture(name)
    let model = try fixture.model()
    func expectRows(_ adapter: Adapter?, _ expected: [Double], _ what: String) throws {
      let actual = try withPool(2) { pool in
        try Scorer(
          model: model, adapter: adapter, precision: .f32, pool: pool, longest: fixture.longest
        ).likelihoods(of: fixture.rows).map(\.sum)
      }
      for (row, pair) in zip(actual, expected).enumerated() {
        #expect(abs(pair.0 - pair.1) < 1e-4, "row \(row), \(what)")
      }
    }
    try expectRows(nil, fixture.expected.nll, "without adapter")
    for (adapterName, run) in fixture.expected.adapters {
      try expectRows(fixture.adapter(adapterName), try #require(run.nll), adapterName)
    }
  }

  @Test(
    "Ten steps from the same adapter, beside the weights and merged into them",
    arguments: ParityFixture.names, ParityFixture.adapters)
  func adapterTraining(name: String, adapterName: String) throws {
    let fixture = try ParityFixture(name)
    let model = try fixture.model()
    let adapter = try fixture.adapter(adapterName)
    let run = try #require(fixture.expected.adapters[adapterName])
    try expectLogits(model, fixture, "\(adapterName).start_logits.1", row: 1, adapter: adapter)
    try expectLogits(
      adapter.merged(into: model), fixture, "\(adapterName).merged_logits.1", row: 1)
    // Blocks run twice, in small parts, where memory is short; the starting adapter again.
    let recomputed = try fixture.adapter(adapterName)
    try expectRun(model, recomputed, fixture, run, tokensPerPass: 20, recomputes: true)
    try expectRun(model, adapter, fixture, run)
    // Adam's first steps are signs: an element whose gradient is all rounding may move either way.
    try expectLogits(
      model, fixture, "\(adapterName).end_logits.1", row: 1, adapter: adapter, within: 1e-3)
  }

  @Test("Ten steps on all weights", arguments: ParityFixture.names)
  func fullTraining(name: String) throws {
    let fixture = try ParityFixture(name)
    let model = try fixture.model()
    try expectRun(model, nil, fixture, fixture.expected.full)
    try expectLogits(model, fixture, "full.end_logits.1", row: 1, within: 1e-3)
  }

  private func expectRun(
    _ model: Model, _ adapter: Adapter?, _ fixture: ParityFixture, _ run: ParityFixture.Run,
    tokensPerPass: Int = .max, recomputes: Bool = false
  ) throws {
    try withPool(2) { pool in
      let trainer = try Trainer(
        model: model, adapter: adapter, configuration: fixture.configuration, pool: pool,
        longest: fixture.longest, tokensPerPass: tokensPerPass, recomputes: recomputes)
      for step in 0..<fixture.expected.steps {
        let record = try trainer.step(fixture.rows)
        #expect(abs(record.loss - run.losses[step]) < 1e-3, "loss of step \(step)")
        #expect(
          abs(record.gradientNorm - run.gradientNorms[step]) < 1e-3 * run.gradientNorms[step],
          "gradient norm of step \(step)")
        #expect(
          abs(record.learningRate - run.learningRates[step]) < 1e-12, "rate of step \(step)")
      }
      let final = try #require(trainer.evaluationLoss(fixture.rows))
      #expect(abs(final - run.finalLoss) < 1e-3)
    }
  }
}

/// The bound on bfloat16 is what transformers' own costs: the fixture has how far its logits and its
/// losses in bfloat16 are from those in 32 bits. It rounds more often than we do, since its residual
/// stream is bfloat16 as well, so we have to be closer.
@Suite(
  "Families in bfloat16",
  .enabled(if: precisions.contains(.bf16), "this processor does not multiply bfloat16"))
struct HalfParityTests {
  @Test("Logits are closer to 32 bits than transformers' own", arguments: ParityFixture.names)
  func logits(name: String) throws {
    let fixture = try ParityFixture(name)
    let models = try [fixture.model(), fixture.model(weightsIn: .bf16)]
    for (row, tokens) in fixture.expected.sequences.enumerated() {
      let expected = try fixture.tensors.floats(of: "logits.\(row)").doubles
      for model in models {
        let actual = try model.logits(of: tokens, precision: .bf16).doubles
        let difference = zip(actual, expected).map(-)
        let error =
          (Reference.dot(difference, difference) / Reference.dot(expected, expected)).squareRoot()
        let theirs = fixture.expected.bf16.relativeErrors[row]
        #expect(error < theirs, "logits.\(row), weights in \(model.weightPrecision)")
        #expect(error > 1e-5, "these are not bfloat16 products")
      }
    }
  }

  @Test(
    "Weights kept in bfloat16 give the same bytes as the same weights in 32 bits",
    arguments: ParityFixture.names.filter { !["llama-f16", "qwen2-window"].contains($0) })
  func residentWeights(name: String) throws {
    let fixture = try ParityFixture(name)
    let (full, half) = (try fixture.model(), try fixture.model(weightsIn: .bf16))
    #expect(half.weightPrecision == .bf16)
    var configuration = fixture.configuration
    configuration.precision = .bf16
    var options = SamplingOptions(maximumTokens: 12, stopTokens: [])
    options.temperature = 0
    let prompts = fixture.expected.greedy.map {
      Prompt(tokens: $0.prompt, streams: [RandomStream(seed: 1, "greedy")])
    }
    let results = try [full, half].map { model in
      try withPool(2) { pool in
        let adapter = try fixture.adapter("lora-all")
        let trainer = try Trainer(
          model: model, adapter: adapter, configuration: configuration, pool: pool,
          longest: fixture.longest)
        return (
          logits: try model.logits(of: fixture.expected.sequences[0], precision: .bf16),
          answers: try Sampler(model: model, precision: .bf16, pool: pool)
            .sample(prompts, options: options),
          losses: try (0..<3).map { _ in try trainer.step(fixture.rows).loss },
          adapter: adapter.weights.bits
        )
      }
    }
    let same = results[0].logits == results[1].logits
    #expect(same, "logits")
    #expect(results[0].answers == results[1].answers)
    #expect(results[0].losses == results[1].losses)
    #expect(results[0].adapter == results[1].adapter)
  }

  /// A loss is one number a step, near its exact value by luck now and then: the root mean square
  /// over all families, adapters and steps is compared, and no single loss may be off by more than
  /// three times that of transformers.
  @Test("Ten steps' losses are closer to 32 bits than transformers' own")
  func training() throws {
    var (ours, theirs): ([Double], [Double]) = ([], [])
    for name in ParityFixture.names {
      let fixture = try ParityFixture(name)
      let model = try fixture.model()
      var configuration = fixture.configuration
      configuration.precision = .bf16
      for adapterName in ParityFixture.adapters {
        let run = try #require(fixture.expected.adapters[adapterName])
        let half = try #require(fixture.expected.bf16.adapters[adapterName])
        theirs += zip(half.losses, run.losses).map { $0 - $1 }
        try withPool(2) { pool in
          let trainer = try Trainer(
            model: model, adapter: fixture.adapter(adapterName), configuration: configuration,
            pool: pool, longest: fixture.longest)
          for expected in run.losses { ours.append(try trainer.step(fixture.rows).loss - expected) }
        }
      }
    }
    let size = (Reference.dot(theirs, theirs) / Double(theirs.count)).squareRoot()
    let ourSize = (Reference.dot(ours, ours) / Double(ours.count)).squareRoot()
    #expect(ourSize < size)
    #expect(ours.allSatisfy { abs($0) < 3 * size })
  }
}
