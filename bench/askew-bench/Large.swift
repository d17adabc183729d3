import ArgumentParser
import CKernels
import Core
import Engine
import Formats
import Foundation

/// The size that people use: a random model of Qwen2.5-0.5B's shape, as `peer_large.py` builds it.
enum LargeModel {
  static var shape: ModelConfiguration {
    var shape = ModelConfiguration(
      vocabularySize: 151_936, hiddenSize: 896, intermediateSize: 4864, layerCount: 24,
      headCount: 14, keyValueHeadCount: 2)
    shape.modelType = "qwen2"
    shape.queryKeyValueBias = true
    shape.tiedEmbeddings = true
    shape.ropeBase = 1e6
    shape.maximumPositionCount = 32_768
    return shape
  }

  static func model(_ precision: Precision, pool: WorkerPool) -> Model {
    .random(shape, seed: 0, weightsIn: precision, pool: pool)
  }
}

/// LoRA of rank 32 on the seven linears, batch 4 × 256, loss on the second half of each row.
struct LargeTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Training tokens per second of LoRA at Qwen2.5-0.5B's shape.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "Steps to measure, after one of warm-up.") var repeats = 2
  @Flag(help: "Keep each block's input alone and run it again on the way back.")
  var recompute = false
  @Option(help: "Rows of a batch.") var batch = 4
  @Option(help: "Tokens of a row.") var tokens = 256
  @Flag(help: "Seconds by kernel, of one more step on one thread.") var profile = false

  func run() throws {
    let pool = WorkerPool(threadCount: machine.threads)
    defer { pool.stop() }
    let model = LargeModel.model(machine.precision, pool: pool)
    let adapter = try Adapter.random(
      LoRAConfiguration(rank: 32, alpha: 64, rankStabilised: true), for: LargeModel.shape, seed: 1)
    var settings = TrainingConfiguration(steps: 1_000_000, learningRate: 1e-5)
    settings.precision = machine.precision
    settings.shardCount = 4
    let trainer = try Trainer(
      model: model, adapter: adapter, configuration: settings, pool: pool, longest: tokens,
      recomputes: recompute)
    var stream = RandomStream(seed: 0, "bench")
    let rows = (0..<batch).map { _ in
      TrainingSequence(
        tokens: (0..<tokens).map { _ in Int32(stream.below(151_936)) },
        trained: (0..<tokens).map { $0 >= tokens / 2 })
    }
    let rate = try medianRate(tokens: batch * tokens, repeats: repeats) {
      _ = try trainer.step(rows)
    }
    try printJSON(LargeResult(name: "large-train", tokensPerSecond: rate))
    if profile { try printJSON(profiled { _ = try trainer.step(rows) }) }
  }
}

/// 32 answers of 24 tokens to one prompt of 32 tokens.
struct LargeSample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sampled tokens per second at Qwen2.5-0.5B's shape.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "Times to sample all answers, after one of warm-up.") var repeats = 2

  func run() throws {
    let pool = WorkerPool(threadCount: machine.threads)
    defer { pool.stop() }
    let model = LargeModel.model(machine.precision, pool: pool)
    model.packForSampling(pool: pool)
    let sampler = try Sampler(model: model, precision: machine.precision, pool: pool)
    var stream = RandomStream(seed: 0, "bench")
    let prompt = Prompt(
      tokens: (0..<32).map { _ in Int32(stream.below(151_936)) },
      streams: (0..<32).map { RandomStream(seed: 0, "answer", String($0)) })
    let options = SamplingOptions(maximumTokens: 24, stopTokens: [])
    let rate = try medianRate(tokens: 32 * 24, repeats: repeats) {
      _ = sampler.sample([prompt], options: options)
    }
    try printJSON(LargeResult(name: "large-sample", tokensPerSecond: rate))
  }
}

struct LargeResult: Encodable {
  let name: String
  let tokensPerSecond: Double
  /// The largest resident size of the process.
  let peakBytes = peakResidentBytes()
}

/// Of the median call, after one that warms up.
func medianRate(tokens: Int, repeats: Int, _ work: () throws -> Void) throws -> Double {
  try work()
  let clock = ContinuousClock()
  let seconds = try (0..<max(1, repeats)).map { _ in try clock.measure(work) / .seconds(1) }
    .sorted()
  return Double(tokens) / seconds[seconds.count / 2]
}

func peakResidentBytes() -> Int {
  var usage = rusage()
  #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  #else
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
  #endif
}

/// Seconds of the calling thread by kernel.
private func profiled(_ work: () throws -> Void) rethrows -> [String: Double] {
  let profile = Profile()
  askew_profile(profile.seconds)
  defer { askew_profile(nil) }
  let seconds = try ContinuousClock().measure(work) / .seconds(1)
  return profile.groups.merging(["all": seconds]) { $1 }
}
