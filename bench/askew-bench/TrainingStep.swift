import Core
import Engine

/// The step that is measured: 32 × 128 random tokens, every position carrying loss, as the peer does.
struct TrainingStep {
  static let tokens = 32 * 128
  let trainer: Trainer
  private let batch: [TrainingSequence]

  init(precision: Precision, pool: WorkerPool) throws {
    var configuration = TrainingConfiguration(steps: 1_000_000, learningRate: 1e-4)
    configuration.precision = precision
    configuration.shardCount = 4
    trainer = try Trainer(
      model: .random(AskewBench.shape, seed: 0), configuration: configuration, pool: pool,
      longest: 129)
    var stream = RandomStream(seed: 0, "bench")
    batch = (0..<32).map { _ in
      TrainingSequence(tokens: (0..<129).map { _ in Int32(stream.below(2048)) })
    }
  }

  /// The loss of one step.
  @discardableResult
  func run() throws -> Double { try trainer.step(batch).loss }

  /// Steps for some time: how many, and the seconds that they took.
  func run(seconds: Double) throws -> (steps: Int, seconds: Double, loss: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    var (steps, loss) = (0, 0.0)
    while start.duration(to: clock.now) < .seconds(seconds) {
      loss = try run()
      steps += 1
    }
    return (steps, start.duration(to: clock.now) / .seconds(1), loss)
  }
}
