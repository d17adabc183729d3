import ArgumentParser
import Core
import Documents
import Engine
import Formats
import Foundation
import Guard
import Lab
import Store
import Tuning

struct GuardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard",
    abstract: "Classifiers that stop harmful answers, with an honest rate of false alarms.",
    discussion: """
      A guard reads exchanges, by a model's residual stream, by what a model says of them when it is asked, or by their \
      words, and stops those that score above its threshold. `data` writes exchanges whose labels are known, `train` \
      makes a guard of them, `calibrate` sets its threshold on benign ones, `evaluate` says how it does on others, \
      and `serve` stands in front of a model behind an API.

      Example: askew guard train guard.yaml --out my-guard
      """,
    subcommands: [
      GuardDataCommand.self, GuardTrainCommand.self, GuardCalibrateCommand.self,
      GuardEvaluateCommand.self, GuardServeCommand.self,
    ])
}

/// What reads exchanges with models.
struct GuardReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read this model in place of the one that the guard was made for, such as a fine-tuned one.",
      valueName: "model"), completion: .file())
  var model: String?
  @OptionGroup(title: "Folders") var folder: JudgeFolderOptions

  /// Runs what reads models until it is stopped.
  func working(
    _ body: (GuardWork) async throws -> Void
  ) async throws {
    try await GuardWork.running(folder, instead: model, body)
  }
}

/// What guards are worked with.
struct GuardWork {
  let models: GuardModels
  let pool: WorkerPool
  let stop: StopRequest
  let display: ProgressDisplay

  static func running(
    _ folder: JudgeFolderOptions, instead: String? = nil, _ body: (GuardWork) async throws -> Void
  ) async throws {
    try await Failure.reporting {
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      let pool = WorkerPool(threadCount: folder.options(ModelOptions().limits, key: nil).threads)
      defer { pool.stop() }
      let models = folder.guardModels(instead: instead)
      do {
        try await body(GuardWork(models: models, pool: pool, stop: stop, display: display))
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }

  func readings(
    _ guardian: ExchangeGuard, _ exchanges: [LabelledExchange], controls: Bool = false
  ) async throws -> [GuardReading] {
    try await GuardScorer(guardian, models, on: pool, stop: stop).readings(
      of: exchanges.map(\.messages), controls: controls
    ) { display.show($0, of: exchanges.count, "exchanges") }
  }
}

extension JudgeFolderOptions {
  /// - Parameter instead: read in place of those that a guard names.
  func guardModels(instead: String? = nil) -> GuardModels {
    let memory = FolderMemory()
    return GuardModels(instead: instead) { [precision, noDefaultSystem] place in
      let path = try memory.folder(at: place).path
      return try LoadedFolder(
        path, adapter: nil, precision: try precision.forFolder(path),
        omitsSystemPrompt: noDefaultSystem, memory: memory)
    }
  }
}

struct GuardTrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Make a guard of labelled exchanges.",
    discussion: """
      The plan names the exchanges, the model that is read, and the parts; docs/guard.md has every key. Topics are kept \
      together: parts are fitted to some, block, penalty, loss and pooling are chosen on others. Beside the guard stand \
      its controls: labels dealt out anew, words alone, length, a model with weights by chance, the question alone and \
      the answer alone. It has no threshold yet: `askew guard calibrate` sets it.

      Example: askew guard train guard.yaml --out my-guard
      """)

  @Argument(help: ArgumentHelp("The plan, YAML.", valueName: "plan"), completion: .file())
  var plan: String
  @Option(
    help: ArgumentHelp("Model in place of the plan's.", valueName: "model"), completion: .file())
  var model: String?
  @Option(help: ArgumentHelp("Folder for the guard.", valueName: "dir"), completion: .directory)
  var out: String
  @OptionGroup(title: "Folders") var folder: JudgeFolderOptions

  func run() async throws {
    try await GuardWork.running(folder) { work in
      var plan = try GuardPlan(reading: self.plan)
      if let model { plan.model = model }
      var exchanges: [LabelledExchange] = []
      for file in plan.exchanges { exchanges += try ExchangeFile.read(file) }
      let training = try GuardTraining(
        plan, exchanges, work.models, on: work.pool, stop: work.stop
      ) { work.display.note("askew: \($0)") }
      let made = try await training.run()
      try made.write(to: out)
      work.display.end()
      StandardStream.output.write(GuardOutput.text(made) + "Guard: \(out)\n")
    }
  }
}

struct GuardCalibrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Set a guard's threshold by benign exchanges.",
    discussion: """
      The threshold is the lowest of which Clopper and Pearson's upper limit for the rate of false alarms is not above \
      the one that is asked for. It takes 2,995 benign exchanges to bound 0.1 % at 95 %, without one false alarm; fewer \
      are refused. The bound is that of exchanges drawn as these were, each by itself.

      Example: askew guard calibrate my-guard --benign traffic.jsonl --fpr 0.001
      """)

  @Argument(help: ArgumentHelp("Folder of the guard.", valueName: "guard"), completion: .directory)
  var folder: String
  @Option(
    help: ArgumentHelp("Benign exchanges, JSON lines.", valueName: "file"), completion: .file())
  var benign: String
  @Option(help: "Rate of false alarms that is not to be exceeded.") var fpr = 0.001
  @Option(help: "Certainty of the bound.") var confidence = 0.95
  @OptionGroup var reading: GuardReadingOptions

  func validate() throws {
    for (name, value) in [("fpr", fpr), ("confidence", confidence)] where !(value > 0 && value < 1)
    {
      throw ValidationError("--\(name): found \(value), expected more than 0, less than 1")
    }
  }

  func run() async throws {
    try await reading.working { work in
      var guardian = try ExchangeGuard(folder: folder)
      let exchanges = try ExchangeFile.read(benign, unlabelled: false)
      if let index = exchanges.firstIndex(where: \.isHarmful) {
        throw InputError(
          "exchange \(index + 1) is labelled harmful, expected benign ones alone", file: benign)
      }
      let needed = Calibration.needed(for: fpr, confidence: confidence)
      // Nobody waits for scores that cannot do.
      let scores =
        exchanges.count < needed
        ? exchanges.map { _ in 0 } : try await work.readings(guardian, exchanges).map(\.score)
      let calibration = try Calibration(
        scores, falseAlarms: fpr, confidence: confidence,
        distinct: Set(exchanges.map(\.messages)).count,
        data: ExchangeFile.fingerprint(of: exchanges).hex, of: guardian.fingerprint.hex)
      guardian.facts.calibration = calibration
      try guardian.writeFacts(to: folder)
      work.display.end()
      StandardStream.output.write(GuardOutput.text(calibration))
    }
  }
}

struct GuardEvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Say how a guard does on exchanges whose labels are known.",
    discussion: """
      Recall and false alarms with intervals over topics, by class and form; harm with the guard off and on; tokens shown \
      before the stop; and beside it the controls that came with the guard, each at the same rate of false alarms on \
      these very exchanges. The guard has to be calibrated.

      Example: askew guard evaluate my-guard --on held-out.jsonl
      """)

  @Argument(help: ArgumentHelp("Folder of the guard.", valueName: "guard"), completion: .directory)
  var folder: String
  @Option(
    help: ArgumentHelp(
      "Labelled exchanges, JSON lines, or run:FINGERPRINT of the store; several are one.",
      valueName: "file"), completion: .file())
  var on: [String]
  @Option(
    help: ArgumentHelp(
      "Of a run: the judge, by the beginning of its fingerprint (askew judge list).",
      valueName: "judge"))
  var judge: String?
  @OptionGroup var reading: GuardReadingOptions
  @OptionGroup var project: ProjectOptions
  @Flag(help: "Print everything as JSON (docs/guard.schema.json).") var json = false

  func run() async throws {
    try await reading.working { work in
      let guardian = try ExchangeGuard(folder: folder)
      let calibration = try guardian.calibrated(folder)
      var exchanges: [LabelledExchange] = []
      for name in on {
        exchanges +=
          try JudgedRun.isNamed(name)
          ? JudgedRun.exchanges(name, judge: judge, in: project.folder) : ExchangeFile.read(name)
      }
      let readings = try await work.readings(guardian, exchanges, controls: true)
      let evaluation = GuardEvaluation(exchanges, readings, calibration, guard: guardian)
      work.display.end()
      StandardStream.output.write(
        json ? evaluation.json.text(pretty: true) + "\n" : GuardOutput.text(evaluation))
    }
  }
}
