import ArgumentParser
import Core
import Engine
import Foundation

/// Training steps of 32 × 128 random tokens, every position carrying loss, as the peer does.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Training tokens per second.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "Seconds to measure, after three steps of warm-up.")
  var seconds = 5.0

  struct Result: Encodable {
    let name: String
    let tokensPerSecond: Double
    let steps: Int
    let threads: Int
    let finalLoss: Double
  }

  func run() throws {
    let pool = WorkerPool(threadCount: machine.threads)
    defer { pool.stop() }
    var configuration = TrainingConfiguration(steps: 1_000_000, learningRate: 1e-4)
    configuration.precision = machine.precision
    let trainer = try Trainer(
      model: .random(AskewBench.shape, seed: 0), configuration: configuration, pool: pool,
      longest: 129)
    var stream = RandomStream(seed: 0, "bench")
    let batch = (0..<32).map { _ in
      TrainingSequence(tokens: (0..<129).map { _ in Int32(stream.below(2048)) })
    }
    for _ in 0..<3 { _ = try trainer.step(batch) }
    let clock = ContinuousClock()
    let start = clock.now
    var steps = 0
    var loss = 0.0
    while start.duration(to: clock.now) < .seconds(seconds) {
      loss = try trainer.step(batch).loss
      steps += 1
    }
    let elapsed = start.duration(to: clock.now) / .seconds(1)
    try printJSON(
      Result(
        name: "train-\(machine.precision.rawValue)",
        tokensPerSecond: Double(32 * 128 * steps) / elapsed, steps: steps,
        threads: machine.threads, finalLoss: loss))
  }
}
