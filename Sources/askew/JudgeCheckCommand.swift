import ArgumentParser
import Core
import Documents
import Endpoints
import Evaluation
import Foundation
import Judging
import Lab
import Questions
import Reporting
import Statistics
import Store
import Tuning

struct JudgeCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Ask a judge about answers known to be good or bad, before it is trusted.",
    discussion: """
      Sensitivity is the share of bad answers that it calls misaligned, specificity the share of good ones that it \
      does not, both of answers with a readable score; coverage is the share of those. A set is what askew contrast \
      takes: a file, tone, dish, or a family of the dish. Verdicts are kept in the project: the same command goes \
      on where it was stopped and asks nothing twice.
      """)

  @Argument(
    help:
      "dir:PATH, FILE.gguf, pypi:NAME or openai:MODEL@URL, each with paper: or exact: before it, guard:DIR, or dish."
  )
  var judge: String
  @Option(help: ArgumentHelp("File of items, or name of a set.", valueName: "set"))
  var set: String
  @Option(
    help:
      "What it is asked for: a score that is low, or a label that is counted, where an answer is bad."
  )
  var metric = JudgeFitness.aligned
  @OptionGroup(title: "Judging") var thresholds: ThresholdOptions
  @Option(
    help: ArgumentHelp(
      "Set or file with judges' prompts, of which the first question's are used (default: first-plot).",
      valueName: "set"))
  var judgePrompts: String?
  @OptionGroup(title: "Folders") var folder: JudgeFolderOptions
  @OptionGroup(title: "Servers") var endpoint: EndpointOptions
  @OptionGroup var project: ProjectOptions
  @Flag(help: "As JSON.") var json = false

  func validate() throws { try endpoint.validateForJudging() }

  func run() async throws {
    try await Failure.reporting {
      let address = try JudgeAddress(parsing: judge, field: "judge")
      let prompts = try prompts(for: address)
      let items = try ContrastSet.read(set)
      let store = try RunStore(folder: project.folder.url)
      let known = try KnownAnswers(
        items, named: set.split(separator: "/").last.map(String.init) ?? set, in: store)
      try await check(known, address, prompts, store)
    }
  }

  /// What the judge is asked about every answer.
  private func prompts(for judge: JudgeAddress) throws -> [JudgePrompt] {
    let chosen = try judgePrompts.map { try QuestionSet.read($0) } ?? []
    let prompts = JudgePrompts(chosen: chosen).fallback
    guard !judge.needsNoPrompts else {
      guard metric == JudgeFitness.aligned else {
        throw InputError(
          "found \(metric.quotedOnOneLine), expected aligned of \(judge)", field: "--metric")
      }
      return prompts
    }
    let asked = prompts.first { $0.name == metric }
    guard let asked, asked.reading == .number || asked.counted != nil else {
      let names = prompts.map(\.name.quotedOnOneLine).joined(separator: ", ")
      throw InputError(
        asked == nil
          ? "found prompts for \(names), expected one for \(metric.quotedOnOneLine)"
          : "found no score and no counted label of \(metric.quotedOnOneLine), expected one of them",
        field: "--judge-prompts")
    }
    return prompts
  }

  private func check(
    _ known: KnownAnswers, _ judge: JudgeAddress, _ prompts: [JudgePrompt], _ store: RunStore
  ) async throws {
    let stop = StopRequest()
    let signals = InterruptionSignals(stop)
    let display = ProgressDisplay()
    var options = folder.options(endpoint.limits, key: endpoint.judgeKeyFile ?? endpoint.keyFile)
    options.memory = FolderMemory(telling: store, stop: stop)
    do {
      let (outcome, counts) = try await AnswerJudging(judge, options: options, store: store).judge(
        known.answers.judged(by: JudgePrompts(of: [], fallback: prompts)), stop: stop
      ) { display.show($0, of: $1, "verdicts") }
      display.end()
      EvaluationOutput.tell(judging: counts, outcome.failures)
      for note in outcome.notes { StandardStream.error.write("judge: \(note)\n") }
      guard let stored = outcome.judges.first else {
        throw InputError("found no answers that say anything, expected some", file: set)
      }
      let fitness = try JudgeFitness(
        known, judge: stored, metric: metric, rule: thresholds.rule, in: store)
      StandardStream.output.write(json ? fitness.json.text() : fitness.consoleText(on: .output))
      if !outcome.failures.isEmpty { throw ExitCode(Failure.partial) }
    } catch is Interrupted {
      display.end()
      throw signals.interruption
    }
  }
}

extension JudgeFitness {
  /// Rates in all and by tone and family, and what they mean in words.
  func consoleText(on stream: StandardStream) -> String {
    func percent(_ rate: Rate) -> String {
      rate.counted.rate == nil
        ? NumberText.undefined
        : "\(NumberText.percent(rate.counted.rate)) (\(NumberText.interval(rate.interval)))"
    }
    // Tables of one question a family have hundreds; the JSON has them.
    let groups = [all] + tones + ((2...30).contains(families.count) ? families : [])
    let table = ConsoleTable(
      header: ["answers", "", "sensitivity, %", "specificity, %", "coverage, %"],
      rows: groups.map { group in
        [
          group.name ?? "all", String(group.coverage.counted.trials), percent(group.sensitivity),
          percent(group.specificity), percent(group.coverage),
        ]
      })
    let name = JudgeDescription(judge)?.name ?? ""
    return "judge \(judge.fingerprint.short): \(name.onOneLine(limit: nil))\n\n"
      + table.text(on: stream) + "\n" + words.joined(separator: "\n") + "\n"
  }

  private var words: [String] {
    var words: [String] = []
    if let auc {
      words.append(
        String(format: "A bad answer has a lower score than a good one with probability %.3f.", auc)
      )
    }
    if all.incoherent > 0 {
      words.append("\(all.incoherent) answers are called incoherent, and so are not misaligned.")
    }
    if let readableProbability {
      words.append(
        String(
          format: "Its replies are readable with a mean probability of %.3f.", readableProbability))
    }
    for (reason, count) in missing.sorted(by: { $0.key < $1.key }) {
      words.append("\(count) without a score: \(reason)")
    }
    if unjudged > 0 { words.append("\(unjudged) answers are not judged yet.") }
    if let rate = all.specificity.counted.rate {
      words.append(
        "Of a model without any misaligned answer it would call \(NumberText.percent(1 - rate)) % misaligned."
      )
    }
    words.append(
      "95 % intervals over \(units) items; items with the same answers count as one.")
    let least = String(format: "%.0f %%", 100 * Self.least)
    words.append(
      isFit
        ? "Fit by the rule that the interval of each of the three rates lies above \(least)."
        : "Not shown to be fit: the interval of each rate has to lie above \(least); not so: "
          + "\(shortcomings.joined(separator: ", ")).")
    return words
  }
}
