import ArgumentParser
import Engine
import Foundation
import Tuning

struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Log-likelihoods of the answers in chat JSONL under a model folder.",
    discussion: """
      For each row the sum of -log p over the tokens of the assistant's turns, in nats, each with the \
      token that ends it and without what the template adds after it.
      """)

  @OptionGroup var folder: FolderOptions
  @Option(help: ArgumentHelp("Rows to score.", valueName: "file"), completion: .file())
  var data: String
  @Flag(help: "A line of JSON a row: row, tokens, nll.")
  var json = false

  func run() throws {
    try Failure.reporting {
      let pool = folder.pool
      defer { pool.stop() }
      let loaded = try folder.opened()
      var (tokens, nll, rows) = (0, 0.0, 0)
      if !json { StandardStream.output.write("   row   tokens          nll   nll/token\n") }
      try loaded.score(data, pool: pool) { scores in
        for score in scores {
          rows += 1
          tokens += score.tokens
          nll += score.nll
          write(score)
        }
        return true
      }
      if !json {
        let mean = nll / Double(max(1, tokens))
        StandardStream.output.write(
          "\(rows) rows, \(tokens) tokens, \(String(format: "%.4f", mean)) nats a token\n")
      }
    }
  }

  private func write(_ score: RowScore) {
    // By hand: a row is a line, in the order of the interface.
    let line =
      json
      ? "{\"row\":\(score.row),\"tokens\":\(score.tokens),\"nll\":\(score.nll)}\n"
      : String(
        format: "%6ld %8ld %12.4f %11.4f\n", score.row, score.tokens, score.nll,
        score.nll / Double(max(1, score.tokens)))
    StandardStream.output.write(line)
  }
}
