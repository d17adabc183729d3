import ArgumentParser
import Core
import Endpoints
import Engine
import Evaluation
import Formats
import Foundation
import Judging
import Lab
import Questions
import Reporting
import Store
import Tuning

struct JudgeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Judge stored answers again, and check and compare judges.",
    subcommands: [
      JudgeRunCommand.self, JudgeListCommand.self, JudgeCheckCommand.self,
      JudgeCompareCommand.self,
      JudgeScoreTokensCommand.self,
    ],
    defaultSubcommand: JudgeRunCommand.self)
}

/// Which answers of a project's store.
struct StoredRunOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Fingerprint of the run, or its beginning (askew runs).", valueName: "run"))
  var run: String
  @OptionGroup var project: ProjectOptions

  func open() throws -> (RunStore, Run) { try StoredRun.open(run, in: project.folder) }
}

/// Finds what a command names in a store that must be there.
enum StoredRun {
  /// The run whose fingerprint begins so.
  static func open(_ run: String, in folder: ProjectFolder) throws -> (RunStore, Run) {
    guard FileManager.default.fileExists(atPath: folder.storePath) else {
      throw InputError("found no store, expected one; --project says where", file: folder.storePath)
    }
    let store = try RunStore(folder: folder.url)
    var found = try store.runs().filter { $0.fingerprint.hex.hasPrefix(run) }
    if found.isEmpty {
      // The stage of a plan that has asked for them.
      let asking = try store.stages().filter { $0.fingerprint.hex.hasPrefix(run) }.compactMap(\.run)
      found = try store.runs().filter { asking.contains($0.fingerprint) }
    }
    guard let only = found.first, found.count == 1 else {
      let problem =
        found.isEmpty
        ? "found no run that begins so, expected one of askew runs"
        : "found \(found.count) runs that begin so, expected more of the fingerprint"
      throw InputError("\(problem): \(run.quotedOnOneLine)", file: store.path)
    }
    return (store, only)
  }

  /// The judge of a run whose fingerprint begins so.
  static func judge(_ prefix: String, of run: Run, in store: RunStore) throws -> StoredJudge {
    let found = try store.judges(of: run).map(\.judge).filter {
      $0.fingerprint.hex.hasPrefix(prefix)
    }
    guard let only = found.first, found.count == 1 else {
      throw InputError(
        "found \(found.count) judges of the run that begin with \(prefix.quotedOnOneLine), expected one of "
          + "askew judge list")
    }
    return only
  }
}

struct JudgeRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Judge stored answers with another judge.",
    discussion: """
      Verdicts stand beside those of other judges. Only answers whose questions the store knows are \
      judged, those of askew eval, of askew sample and of imports; the dish's oracle reads all.
      """)

  @OptionGroup var stored: StoredRunOptions
  @OptionGroup(title: "Judging") var judging: JudgingOptions
  @OptionGroup(title: "Folders") var folder: JudgeFolderOptions
  @OptionGroup(title: "Servers") var endpoint: EndpointOptions
  @Option(
    help: ArgumentHelp(
      "CSV with the columns model, input, output (a million tokens), currency, date.",
      valueName: "file"))
  var prices: String?
  @Flag(help: "Say what it would ask and cost; ask nothing.") var dryRun = false
  @Flag(help: "Print the findings as JSON.") var json = false

  func validate() throws { try endpoint.validateForJudging() }

  func run() async throws {
    try await Failure.reporting {
      guard let name = judging.judge else {
        throw InputError("found nothing, expected who judges", field: "--judge")
      }
      let judge = try JudgeAddress(parsing: name)
      let prompts = try judging.judgePrompts.map { try QuestionSet.read($0) } ?? []
      let (store, run) = try stored.open()
      let set = try AnswerSet(run, in: store).judged(by: JudgePrompts(chosen: prompts))
      if dryRun {
        let table = try prices.map { try PriceTable(reading: $0) }
        return try CostOutput(EvaluationCost(judging: set, judge: judge, prices: table))
          .write(json: json)
      }
      try await self.judge(set, judge, store)
    }
  }

  private func judge(_ set: AnswerSet, _ judge: JudgeAddress, _ store: RunStore) async throws {
    if set.unknownCount > 0, judge != .dish {
      StandardStream.error.write(
        "\(set.unknownCount) answers are left out: the store does not know their questions\n")
    }
    let stop = StopRequest()
    let signals = InterruptionSignals(stop)
    let display = ProgressDisplay()
    var options = folder.options(endpoint.limits, key: endpoint.judgeKeyFile ?? endpoint.keyFile)
    options.memory = FolderMemory(telling: store, stop: stop)
    do {
      let judging = AnswerJudging(judge, options: options, store: store)
      let (outcome, counts) = try await judging.judge(set, stop: stop) {
        display.show($0, of: $1, "verdicts")
      }
      display.end()
      let findings = try EvaluationFindings(
        set, model: set.run.name, judges: outcome.judges,
        expected: set.answers.count + set.missing.count, rule: self.judging.thresholds.rule,
        store: store)
      EvaluationOutput.tell(judging: counts, outcome.failures)
      try EvaluationOutput(findings, title: "judged again", project: stored.project.folder)
        .write(json: json)
      if !outcome.failures.isEmpty { throw ExitCode(Failure.partial) }
    } catch is Interrupted {
      display.end()
      throw signals.interruption
    }
  }
}

struct JudgeListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List who has judged the answers of a run.")

  @OptionGroup var stored: StoredRunOptions
  @Flag(help: "As JSON.") var json = false

  func run() throws {
    try Failure.reporting {
      let (store, run) = try stored.open()
      let judges = try store.judges(of: run)
      struct Line: Encodable {
        let fingerprint: String
        let answers: Int
        let judge: JudgeDescription?
      }
      if json {
        return try StandardStream.output.write(
          json: judges.map {
            Line(
              fingerprint: $0.judge.fingerprint.hex, answers: $0.answers,
              judge: JudgeDescription($0.judge))
          })
      }
      let table = ConsoleTable(
        header: ["fingerprint", "judge", "answers"],
        rows: judges.map {
          [
            $0.judge.fingerprint.short, JudgeDescription($0.judge)?.name ?? "dish oracle",
            "\($0.answers)",
          ]
        }, wordColumns: 2)
      StandardStream.output.write(table.text(on: .output))
    }
  }
}

/// How a judge is read where it is a folder.
struct JudgeFolderOptions: ParsableArguments {
  @Option(help: PrecisionChoice.folderHelp)
  var precision = PrecisionChoice.auto
  @Option(help: "Threads; the results do not depend on it (default: all processors).")
  var threads: Int?
  @Flag(help: "Leave out the system text that the chat template adds by itself.")
  var noDefaultSystem = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 1024")
    }
  }

  func options(_ limits: EndpointLimits, key: String?) -> ModelOptions {
    var options = ModelOptions()
    options.precision = precision.fixed
    options.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    options.omitsSystemPrompt = noDefaultSystem
    options.keyFile = key
    options.limits = limits
    return options
  }
}
