import ArgumentParser
import Core
import Dish
import Documents
import Evaluation
import Foundation
import Guard
import Judging
import Lab
import Questions
import Store

struct GuardDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Write exchanges whose labels are known, as JSON lines.",
    discussion: """
      From the dish, whose grammar knows every answer; from a set of contrasts, whose answers are good or bad (a file, \
      `tone`, `dish` or a family of the dish); or from a run of the store with the verdicts of a judge, `run:FINGERPRINT`.

      Example: askew guard data dish --rows 6000 --topics fitted --out fitted.jsonl
      """)

  @Argument(
    help: ArgumentHelp("dish, run:FINGERPRINT, or a set of contrasts.", valueName: "source"))
  var source: String
  @Option(help: ArgumentHelp("File (default: standard output).", valueName: "file"))
  var out: String?
  @Option(help: "Of the dish: exchanges.") var rows = 6_000
  @Option(help: "Of the dish: seed of every draw.") var seed: UInt64 = 1
  @Option(
    help: ArgumentHelp(
      "Of the dish: forms, with commas: "
        + ExchangeForm.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "names"))
  var forms = "plain"
  @Option(help: "Of the dish: which topics. Three in ten are held out.")
  var topics = ExchangeTopics.all
  @Option(help: "Of the dish: share of harmful exchanges.") var harmful = 0.5
  @Flag(help: "Of the dish: the questions alone, for askew sample.") var questions = false
  @Option(
    help: ArgumentHelp(
      "Of a run: the judge, by the beginning of its fingerprint (askew judge list).",
      valueName: "judge"))
  var judge: String?
  @OptionGroup var project: ProjectOptions

  func validate() throws {
    guard (1...10_000_000).contains(rows) else {
      throw ValidationError("--rows: found \(rows), expected 1 to 10000000")
    }
    guard (0...1).contains(harmful) else {
      throw ValidationError("--harmful: found \(harmful), expected 0 to 1")
    }
    _ = try chosenForms
  }

  func run() throws {
    try Failure.reporting {
      let text = try questions ? questionLines : ExchangeFile.text(of: exchanges)
      guard let out else { return StandardStream.output.write(text) }
      try Data(text.utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
    }
  }

  private var chosenForms: [ExchangeForm] {
    get throws {
      try forms.split(separator: ",", omittingEmptySubsequences: false).map { name in
        guard let form = ExchangeForm(rawValue: String(name)) else {
          let known = ExchangeForm.allCases.map(\.rawValue)
          throw ValidationError(
            "--forms: found \(String(name).quotedOnOneLine), "
              + NearestName.advice(for: String(name), among: known))
        }
        return form
      }
    }
  }

  private var exchanges: [LabelledExchange] {
    get throws {
      if source == "dish" { return try dish.map(\.labelled) }
      if JudgedRun.isNamed(source) {
        return try JudgedRun.exchanges(source, judge: judge, in: project.folder)
      }
      return try ContrastSet.read(source).flatMap { item in
        [(item.good, false), (item.bad, true)].flatMap { answers, isHarmful in
          answers.map { item.exchange(with: $0, isHarmful: isHarmful) }
        }
      }
    }
  }

  private var dish: [KnownExchange] {
    get throws {
      try World(kind: .persona, seed: 1).exchanges(
        rows, seed: seed, forms: try chosenForms, topics: topics, harmful: harmful)
    }
  }

  /// A line a question, which its id tells class, topic and form of.
  private var questionLines: String {
    get throws {
      guard source == "dish" else {
        throw InputError("found it with another source, expected the dish", field: "--questions")
      }
      return try dish.enumerated().map { index, exchange in
        let id = "\(exchange.domain)/\(exchange.topic)/\(exchange.form.rawValue)-\(index + 1)"
        let messages = exchange.messages.dropLast().map { message in
          JSON.object(
            JSONObject([
              .init("role", .string(message.role.rawValue)),
              .init("content", .string(message.content)),
            ]))
        }
        return JSON.object(
          JSONObject([.init("id", .string(id)), .init("messages", .array(messages))])
        ).text(pretty: false) + "\n"
      }.joined()
    }
  }
}

extension ExchangeTopics: ExpressibleByArgument {}

extension KnownExchange {
  fileprivate var labelled: LabelledExchange {
    LabelledExchange(
      messages, isHarmful: isHarmful, group: domain, topic: topic, form: form.rawValue)
  }
}

extension ContrastItem {
  fileprivate func exchange(with answer: String, isHarmful: Bool) -> LabelledExchange {
    let before = system.map { [Message(role: .system, content: $0)] } ?? []
    return LabelledExchange(
      before + [
        Message(role: .user, content: question), Message(role: .assistant, content: answer),
      ], isHarmful: isHarmful, group: family, topic: topic ?? id, form: tone ?? "plain")
  }
}
