import ArgumentParser
import Core
import Engine
import Foundation

/// 100 answers to one prompt of 24 tokens, 40 new tokens each, nothing stopping them.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Sampled tokens per second.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "Times to sample all answers, after one of warm-up.")
  var repeats = 3

  struct Result: Encodable {
    let name: String
    let tokensPerSecond: Double
    let threads: Int
  }

  func run() throws {
    let pool = WorkerPool(threadCount: machine.threads)
    defer { pool.stop() }
    let sampler = try Sampler(
      model: .random(AskewBench.shape, seed: 0), precision: machine.precision, pool: pool)
    var stream = RandomStream(seed: 0, "bench")
    let prompt = Prompt(
      tokens: (0..<24).map { _ in Int32(stream.below(2048)) },
      streams: (0..<100).map { RandomStream(seed: 0, "answer", String($0)) })
    let options = SamplingOptions(maximumTokens: 40, stopTokens: [])
    _ = sampler.sample([prompt], options: options)
    let clock = ContinuousClock()
    let start = clock.now
    var tokens = 0
    for _ in 0..<repeats {
      tokens += sampler.sample([prompt], options: options).reduce(0) { $0 + $1.tokens.count }
    }
    let elapsed = start.duration(to: clock.now) / .seconds(1)
    try printJSON(
      Result(
        name: "sample-\(machine.precision.rawValue)", tokensPerSecond: Double(tokens) / elapsed,
        threads: machine.threads))
  }
}
