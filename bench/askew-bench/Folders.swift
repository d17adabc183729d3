import ArgumentParser
import Core
import Documents
import Engine
import Formats
import Foundation

/// Seconds to read a model folder, in the form that it is sampled and trained from.
struct Load: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Seconds to read a model folder.")

  @OptionGroup var machine: MachineOptions
  @Argument(help: "Folder of the model.") var model: String
  @Option(help: "Times to read it, after one that fills the page cache.") var repeats = 5

  struct Result: Encodable {
    let name = "load"
    let seconds: Double
    let peakBytes: Int
  }

  func run() throws {
    let pool = WorkerPool(threadCount: machine.threads)
    defer { pool.stop() }
    func read() throws {
      _ = try Model.load(
        from: ModelFolder(path: model), weightsIn: machine.precision, pool: pool)
    }
    try read()
    let clock = ContinuousClock()
    let seconds = try (0..<max(1, repeats)).map { _ in try clock.measure(read) / .seconds(1) }
    try printJSON(
      Result(seconds: seconds.sorted()[seconds.count / 2], peakBytes: peakResidentBytes()))
  }
}

/// Bytes of text that one thread tokenizes in a second: lines of a file, one after the other.
struct Tokenize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bytes of text that one thread tokenizes in a second.")

  @Argument(help: "A tokenizer.json.") var tokenizer: String
  @Argument(help: "JSON lines, each a string.") var texts: String
  @Option(help: "Times to go through the texts, after one that warms up.") var repeats = 3

  struct Result: Encodable {
    let name = "tokenize"
    let bytesPerSecond: Double
    let tokens: Int
    let loadSeconds: Double
  }

  func run() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let tokenizer = try Tokenizer(json: JSON(path: self.tokenizer))
    let loadSeconds = start.duration(to: clock.now) / .seconds(1)
    let lines = try String(contentsOfFile: texts, encoding: .utf8).split(separator: "\n")
    let texts = try lines.map { try JSONDecoder().decode(String.self, from: Data($0.utf8)) }
    var tokens = 0
    let rate = try medianRate(tokens: texts.reduce(0) { $0 + $1.utf8.count }, repeats: repeats) {
      tokens = texts.reduce(0) { $0 + tokenizer.encode($1).count }
    }
    try printJSON(Result(bytesPerSecond: rate, tokens: tokens, loadSeconds: loadSeconds))
  }
}
