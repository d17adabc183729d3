import Core
import Engine
import Formats
import Foundation
import Synchronization
import Testing

/// What is sampled, and when it ends.
@Suite("Sampling")
struct SamplingTests {
  private let prompt: [Int32] = [3, 1, 4, 1, 5]

  private func sample(
    _ model: Model, _ prompts: [Prompt], precision: Precision = .f32, threads: Int = 2,
    maximumTokens: Int = 1, stopTokens: [Int32] = [],
    _ change: (inout SamplingOptions) -> Void = { _ in }
  ) throws -> [SampledAnswer] {
    var options = SamplingOptions(maximumTokens: maximumTokens, stopTokens: stopTokens)
    change(&options)
    return try withPool(threads) { pool in
      try Sampler(model: model, precision: precision, pool: pool).sample(prompts, options: options)
    }
  }

  @Test(
    "a model whose numbers are not finite says nothing, at any temperature", arguments: [0, 1.0])
  func notFinite(_ temperature: Double) throws {
    var configuration = ModelConfiguration(
      vocabularySize: 32, hiddenSize: 16, intermediateSize: 16, layerCount: 1, headCount: 2)
    configuration.maximumPositionCount = 16
    let model = try Model.random(configuration, seed: 1)
    for index in 0..<model.weights.count { model.weights.floats[index] = .nan }
    let prompts = [Prompt(tokens: prompt, streams: streams(2))]
    let answers = try sample(model, prompts, maximumTokens: 3) { $0.temperature = temperature }
    #expect(answers.count == 2)
    #expect(answers.allSatisfy { $0.finish == .notFinite && $0.tokens.isEmpty })
  }

  private func streams(_ count: Int) -> [RandomStream] {
    (0..<count).map { RandomStream(seed: 2, "draw", String($0)) }
  }

  /// softmax(logits / temperature) after the prompt, by the training pass.
  private func probabilities(_ model: Model, temperature: Double = 1) throws -> [Double] {
    let vocabulary = model.configuration.vocabularySize
    let logits = try model.logits(of: prompt).suffix(vocabulary).map { Double($0) / temperature }
    let top = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp($1 - top) }
    return logits.map { exp($0 - top) / sum }
  }

  /// Σ (observed − expected)² / expected over tokens expected at least five times, the rest pooled.
  /// Its mean is the number of cells less one, its variance twice that: six standard deviations above
  /// is passed by chance less than once in 10⁵ seeds, and the seed is fixed.
  private func expectDistribution(_ drawn: [Int32], _ p: [Double]) {
    let total = Double(drawn.count)
    var (cells, rest): ([(Double, Double)], (Double, Double)) = ([], (0, 0))
    for (token, probability) in p.enumerated() {
      let observed = Double(drawn.count { $0 == Int32(token) })
      if probability * total >= 5 {
        cells.append((observed, probability * total))
      } else {
        rest = (rest.0 + observed, rest.1 + probability * total)
      }
    }
    if rest.1 >= 5 { cells.append(rest) } else { #expect(rest.0 <= 20) }
    let statistic = cells.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }
    let freedom = Double(cells.count - 1)
    #expect(cells.count > 4)
    #expect(statistic < freedom + 6 * (2 * freedom).squareRoot())
  }

  @Test("Tokens follow the softmax", arguments: [1.0, 0.5, 2.0])
  func distribution(temperature: Double) throws {
    let model = TinyModels.model("tied")
    let answers = try sample(model, [Prompt(tokens: prompt, streams: streams(20_000))]) {
      $0.temperature = temperature
    }
    #expect(answers.count == 20_000)
    expectDistribution(
      answers.compactMap(\.tokens.first), try probabilities(model, temperature: temperature))
  }

  @Test("Top-p keeps the smallest set of likeliest tokens that reaches the share")
  func nucleus() throws {
    let model = TinyModels.model("tied")
    let p = try probabilities(model)
    let order = p.indices.sorted { p[$0] > p[$1] }
    let share = 0.7
    var (kept, sum): ([Int], Double) = ([], 0)
    for token in order where sum < share {
      kept.append(token)
      sum += p[token]
    }
    #expect(kept.count > 1 && kept.count < p.count)
    let answers = try sample(model, [Prompt(tokens: prompt, streams: streams(20_000))]) {
      $0.topP = share
    }
    let drawn = answers.compactMap(\.tokens.first)
    #expect(Set(drawn) == Set(kept.map { Int32($0) }))
    for token in kept {
      let expected = p[token] / sum
      let rate = Double(drawn.count { $0 == Int32(token) }) / 20_000
      // Five standard deviations of a rate of 20,000 draws.
      #expect(abs(rate - expected) < 5 * (expected * (1 - expected) / 20_000).squareRoot())
    }
    // Hardly any share: the likeliest alone.
    let top = try sample(model, [Prompt(tokens: prompt, streams: streams(50))]) { $0.topP = 1e-9 }
    #expect(Set(top.flatMap(\.tokens)) == [Int32(order[0])])
  }

  @Test(
    "Temperature 0 takes the likeliest token of the whole pass, step after step",
    arguments: TinyModels.names)
  func greedy(name: String) throws {
    let model = TinyModels.model(name)
    for precision in precisions {
      // More than one pass of rows to read, more than sixteen keys in prefix and tail.
      let prompts = [1, 5, 17, 70].map { length in
        Prompt(tokens: (0..<length).map { Int32(($0 * 7 + 3) % 19) }, streams: streams(1))
      }
      let answers = try sample(model, prompts, precision: precision, maximumTokens: 20) {
        $0.temperature = 0
      }
      for (prompt, answer) in zip(prompts, answers) {
        #expect(answer.tokens.count == 20)
        let whole = prompt.tokens + answer.tokens
        let logits = try model.logits(of: whole, precision: precision)
        for (i, token) in answer.tokens.enumerated() {
          let at = (prompt.tokens.count + i - 1) * 19
          let row = logits[at..<at + 19]
          let best = row.max() ?? 0
          // The cache sums in another order; what it took must be the best to within that. In
          // bfloat16 a sum that falls on the other side of a rounding moves on as 2⁻⁸.
          let slack: Float = precision == .f32 ? 1e-4 : 0.05 * (row.map(abs).max() ?? 0)
          #expect(
            row[at + Int(token)] >= best - slack,
            "\(precision), prompt \(answer.prompt), token \(i)")
        }
      }
    }
  }

  @Test("Later tokens follow the softmax after what was drawn before: the cache is right")
  func secondToken() throws {
    let model = TinyModels.model("head norms")
    let answers = try sample(
      model, [Prompt(tokens: prompt, streams: streams(20_000))], maximumTokens: 2)
    let first = Dictionary(grouping: answers) { $0.tokens[0] }
    let (token, group) = try #require(first.max { $0.value.count < $1.value.count })
    let logits = try model.logits(of: prompt + [token]).suffix(19).map(Double.init)
    let sum = logits.reduce(0) { $0 + exp($1) }
    expectDistribution(group.map { $0.tokens[1] }, logits.map { exp($0) / sum })
  }

  @Test("Answers end at a stop token, which is not part of them, or at the maximum")
  func ending() throws {
    let model = TinyModels.model("grouped, untied")
    let prompts = [Prompt(tokens: prompt, streams: streams(40))]
    let free = try sample(model, prompts, maximumTokens: 9)
    #expect(free.allSatisfy { $0.tokens.count == 9 && $0.finish == .length })
    let stops: [Int32] = [2, 11]
    let ended = try sample(model, prompts, maximumTokens: 9, stopTokens: stops)
    #expect(Set(ended.map(\.finish)) == [.stop, .length])
    for (answer, whole) in zip(ended, free) {
      // The same stream draws the same tokens up to the first that stops.
      let until = whole.tokens.firstIndex { stops.contains($0) }
      #expect(answer.tokens == Array(whole.tokens.prefix(until ?? 9)))
      #expect(answer.finish == (until == nil ? .length : .stop))
    }
    let none = try sample(model, prompts, maximumTokens: 0)
    #expect(none.count == 40 && none.allSatisfy { $0.tokens.isEmpty && $0.finish == .length })
  }

  @Test("No prompts, or prompts without answers, give no answers")
  func nothing() throws {
    let model = TinyModels.model("tied")
    #expect(try sample(model, []).isEmpty)
    #expect(try sample(model, [Prompt(tokens: prompt, streams: [])]).isEmpty)
  }

  @Test("The receiver of the answers ends sampling", arguments: [1, 2])
  func stopping(threads: Int) throws {
    let received = Mutex(0)
    try withPool(threads) { pool in
      let sampler = try Sampler(model: TinyModels.model("tied"), precision: .f32, pool: pool)
      let options = SamplingOptions(maximumTokens: 3, stopTokens: [])
      sampler.sample([Prompt(tokens: prompt, streams: streams(500))], options: options) { _ in
        received.withLock {
          $0 += 1
          return $0 < 5
        }
      }
      #expect(received.withLock { $0 } == 5)
      // The pool is free again and the sampler still good.
      #expect(
        sampler.sample([Prompt(tokens: prompt, streams: streams(3))], options: options).count == 3)
    }
  }
}
