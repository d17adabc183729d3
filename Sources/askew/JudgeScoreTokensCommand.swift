import ArgumentParser
import Core
import Documents
import Judging
import Rates

struct JudgeScoreTokensCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score-tokens",
    abstract: "Scores from the probabilities of a judge's first token, by the paper's rule.",
    discussion: """
      Each line is an object: {"probabilities":{"57":0.8," 57":0.1}}. The score is the mean of the \
      whole numbers from 0 to 100 among the tokens, weighted by their probabilities; where these \
      add up to less than 0.25 it is missing.

      Example: askew judge score-tokens tokens.jsonl --json
      """)

  @Argument(
    help: ArgumentHelp("JSON lines; - for standard input.", valueName: "file"),
    completion: .file())
  var file: String
  @Flag(help: "A line of JSON for each: score, coverage, and the reason of a missing score.")
  var json = false

  func run() throws {
    try Failure.reporting {
      var text = ""
      for tokens in try TokenProbabilityLines.read(file) {
        let score = NumberScoring().measurement(of: "score", from: tokens)
        text += (json ? Self.json(of: score).text(pretty: false) : Self.text(of: score)) + "\n"
      }
      StandardStream.output.write(text)
    }
  }

  private static func json(of score: Measurement) -> JSON {
    var members: [JSONObject.Member] = [
      .init("score", score.value.map(JSON.number) ?? .null)
    ]
    if let coverage = score.coverage { members.append(.init("coverage", .number(coverage))) }
    if let reason = score.reason { members.append(.init("reason", .string(reason))) }
    return .object(JSONObject(members))
  }

  private static func text(of score: Measurement) -> String {
    score.value.map { "\($0)" } ?? "missing: \(score.reason ?? "no reason given")"
  }
}
