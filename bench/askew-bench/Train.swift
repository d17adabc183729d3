import ArgumentParser
import Engine

/// Training tokens per second.
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
    let step = try TrainingStep(precision: machine.precision, pool: pool)
    for _ in 0..<3 { try step.run() }
    let measured = try step.run(seconds: seconds)
    try printJSON(
      Result(
        name: "train-\(machine.precision.rawValue)",
        tokensPerSecond: Double(TrainingStep.tokens * measured.steps) / measured.seconds,
        steps: measured.steps, threads: machine.threads, finalLoss: measured.loss))
  }
}
