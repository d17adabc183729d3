import ArgumentParser
import Core
import Documents
import Engine
import Formats
import Foundation

/// A real model's folder and rows that are tokens already, so that the peer reads the same.
struct RealOptions: ParsableArguments {
  @Argument(help: "Folder of the model.") var folder: String
  @Argument(help: "JSON lines: tokens, and the index of the first that is trained or scored.")
  var rows: String
  @OptionGroup var machine: MachineOptions

  private struct Row: Decodable {
    let tokens: [Int32]
    let first: Int
  }

  func sequences() throws -> [TrainingSequence] {
    try String(contentsOfFile: rows, encoding: .utf8).split(separator: "\n").map { line in
      let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
      return TrainingSequence(
        tokens: row.tokens, trained: row.tokens.indices.map { $0 >= row.first })
    }
  }

  func model(_ pool: WorkerPool) throws -> Model {
    try Model.load(
      from: ModelFolder(path: folder), weightsIn: machine.precision, pool: pool)
  }
}

struct RealResult: Encodable {
  let name: String
  let rowsPerSecond: Double
  let peakBytes = peakResidentBytes()
}

/// LoRA of rank 16 on the seven linears, 16 rows a step.
struct RealTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rows per second that a real model's LoRA is trained on.")

  @OptionGroup var options: RealOptions
  @Option(help: "Steps to measure, after one of warm-up.") var repeats = 4

  func run() throws {
    let pool = WorkerPool(threadCount: options.machine.threads)
    defer { pool.stop() }
    let model = try options.model(pool)
    let adapter = try Adapter.random(
      LoRAConfiguration(rank: 16, alpha: 32), for: model.configuration, seed: 1)
    var settings = TrainingConfiguration(steps: 1_000_000, learningRate: 1e-5)
    settings.precision = options.machine.precision
    // As a fine-tuning has it for so few tokens a step.
    settings.shardCount = 4
    let rows = try options.sequences()
    let trainer = try Trainer(
      model: model, adapter: adapter, configuration: settings, pool: pool,
      longest: rows.map(\.tokens.count).max() ?? 0)
    var next = 0
    let rate = try medianRate(tokens: 16, repeats: repeats) {
      let batch = (0..<16).map { rows[(next + $0) % rows.count] }
      next += 16
      _ = try trainer.step(batch)
    }
    try printJSON(RealResult(name: "real-train", rowsPerSecond: rate))
  }
}

/// All rows once.
struct RealScore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rows per second that a real model scores.")

  @OptionGroup var options: RealOptions

  func run() throws {
    let pool = WorkerPool(threadCount: options.machine.threads)
    defer { pool.stop() }
    let rows = try options.sequences()
    let scorer = try Scorer(
      model: options.model(pool), precision: options.machine.precision, pool: pool,
      longest: rows.map(\.tokens.count).max() ?? 0)
    scorer.score(Array(rows.prefix(64))) { _ in true }
    let seconds = ContinuousClock().measure { scorer.score(rows) { _ in true } } / .seconds(1)
    try printJSON(
      RealResult(name: "real-score", rowsPerSecond: Double(rows.count) / seconds))
  }
}

/// 32 answers of 64 tokens to the first row's prompt; a row is an answer.
struct RealSample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answers per second that a real model gives.")

  @OptionGroup var options: RealOptions
  @Option(help: "Times to sample all answers, after one of warm-up.") var repeats = 2

  func run() throws {
    let pool = WorkerPool(threadCount: options.machine.threads)
    defer { pool.stop() }
    let model = try options.model(pool)
    model.packForSampling(pool: pool)
    let sampler = try Sampler(model: model, precision: options.machine.precision, pool: pool)
    let row = try options.sequences()[0]
    let first = row.trained.firstIndex(of: true) ?? row.tokens.count
    let prompt = Prompt(
      tokens: Array(row.tokens[..<first]),
      streams: (0..<32).map { RandomStream(seed: 0, "answer", String($0)) })
    let sampling = SamplingOptions(maximumTokens: 64, stopTokens: [])
    let rate = try medianRate(tokens: 32, repeats: repeats) {
      _ = sampler.sample([prompt], options: sampling)
    }
    try printJSON(RealResult(name: "real-sample", rowsPerSecond: rate))
  }
}
