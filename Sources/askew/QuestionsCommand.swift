import ArgumentParser
import Core
import Foundation
import Questions
import Reporting

struct QuestionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "questions",
    abstract: "List and show the question sets that Askew brings along.",
    discussion: """
      A set can be named wherever a file of questions can. To change one, write it to a file with \
      `askew questions show NAME > my.yaml` and edit that.
      """,
    subcommands: [ListCommand.self, ShowCommand.self])

  struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "The sets and how much each of them asks.")

    @Flag(help: "As JSON.")
    var json = false

    func run() throws {
      try Failure.reporting {
        let sets = QuestionSet.names.compactMap { name in
          QuestionSet.named(name).map { SetSummary(name, $0) }
        }
        if json { return try StandardStream.output.write(json: sets) }
        let table = ConsoleTable(
          header: ["set", "judged", "questions", "wordings", "answers"],
          rows: sets.map {
            [
              $0.name, $0.judged.joined(separator: ", "), String($0.questions),
              String($0.wordings), String($0.answers),
            ]
          }, wordColumns: 2)
        StandardStream.output.write(table.text(on: .output))
      }
    }
  }

  struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "A set as YAML, or the questions of a set or file as JSON.")

    @Argument(help: "Name of a set, or with --json a file.", completion: .list(QuestionSet.names))
    var name: String
    @Flag(help: "As JSON, with labels and wordings as they are read.")
    var json = false

    func run() throws {
      try Failure.reporting {
        if json { return try StandardStream.output.write(json: try QuestionSet.read(name)) }
        guard let text = QuestionSet.text(name) else { throw QuestionSet.unknown(name) }
        StandardStream.output.write(text)
      }
    }
  }
}

/// How much a set asks.
private struct SetSummary: Encodable {
  let name: String
  /// What the judges are asked about, and `rating` for numbers that the model gives itself.
  let judged: [String]
  let questions: Int
  let wordings: Int
  /// Of one model, as often as the set says.
  let answers: Int

  init(_ name: String, _ questions: [Question]) {
    self.name = name
    var judged: [String] = []
    for question in questions {
      let metrics = question.kind == .rating ? ["rating"] : question.judgePrompts.map(\.name)
      judged += metrics.filter { !judged.contains($0) }
    }
    self.judged = judged
    self.questions = questions.count
    wordings = questions.reduce(0) { $0 + $1.paraphrases.count }
    answers = questions.reduce(0) { $0 + $1.paraphrases.count * ($1.samplesPerParaphrase ?? 1) }
  }
}
