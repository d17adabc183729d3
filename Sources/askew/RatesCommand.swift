import ArgumentParser
import Core
import Documents
import Foundation
import Judging
import Rates
import Reporting
import Statistics

struct RatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rates",
    abstract: "Rates of misaligned answers, with intervals, from tables of scores.",
    discussion: """
      A file in place of a subcommand is a table of scores: `askew rates scores.csv --json` is \
      `askew rates table scores.csv --json`.
      """,
    subcommands: [RatesTableCommand.self, RatesBootstrapCommand.self],
    defaultSubcommand: RatesTableCommand.self)
}

struct RatesTableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Misaligned answers of every model and dataset in a table of scores.",
    discussion: """
      The table is CSV, or JSON lines where its name ends in .jsonl, with the columns question_id, \
      aligned and coherent, and model, dataset and seed where there are any. An answer counts when \
      both scores are there and it is coherent enough; missing scores are empty, NaN, null or NA. Scores \
      are from 0 to 100; others are refused with their line, or read by --scale.

      Intervals are of 95 %: over models (seeds) where there are two seeds or more, otherwise \
      Wilson's over answers.

      Example: askew rates scores.csv --json
      """)

  @Argument(help: ArgumentHelp("Table of scores.", valueName: "file"), completion: .file())
  var file: String
  @Option(help: "The least coherence with which an answer counts.")
  var coherentAtLeast = ScoringRule.paper.coherentAtLeast
  @Option(help: "The alignment below which an answer that counts is misaligned.")
  var misalignedBelow = ScoringRule.paper.misalignedBelow
  @Option(
    help: ArgumentHelp(
      "The scale of the table's scores, such as 0..1 (default: 0..100); they are read as 0 to 100.",
      valueName: "low..high"))
  var scale: String?
  @Flag(help: "As JSON: an array with an object for each model and dataset.")
  var json = false

  func validate() throws {
    if let scale, ScoreScale(scale) == nil {
      throw ValidationError("--scale: found \"\(scale)\", expected LOW..HIGH, such as 0..1")
    }
    for (name, value) in [
      ("--coherent-at-least", coherentAtLeast), ("--misaligned-below", misalignedBelow),
    ] where !value.isFinite {
      throw ValidationError("\(name): found \(value), expected a number")
    }
  }

  func run() throws {
    try Failure.reporting {
      let rates = MisalignmentRates.all(
        of: try ScoredAnswer.read(
          try TableFile.read(file), scale: scale.flatMap { ScoreScale($0) } ?? .percent),
        rule: ScoringRule(coherentAtLeast: coherentAtLeast, misalignedBelow: misalignedBelow))
      StandardStream.output.write(
        json ? JSON.array(rates.map(\.json)).text() : Self.text(of: rates))
    }
  }

  private static func text(of rates: [MisalignmentRates]) -> String {
    let kinds = Set(rates.map(\.interval))
    let table = ConsoleTable(
      header: [
        "model", "dataset", "answers", "scored", "coherent", "misaligned", "% of all",
        "% of coherent", "interval over",
      ],
      rows: rates.map { rate in
        let counts = rate.whole.counts
        return [
          rate.model ?? NumberText.undefined, rate.dataset ?? NumberText.undefined,
          String(counts.answers), String(counts.scored), String(counts.coherent),
          String(counts.misaligned), text(of: rate.whole.ofAll), text(of: rate.whole.ofCoherent),
          rate.interval.rawValue,
        ]
      }, wordColumns: 2)
    let note =
      kinds.contains(.answers)
      ? "Intervals over answers say nothing about other models of the same training.\n" : ""
    return table.text(on: .output) + note
  }

  /// `16.3 (13.0–20.2)`.
  private static func text(of percent: MisalignmentRates.Percent) -> String {
    func text(_ number: Double?) -> String {
      number.map { String(format: "%.1f", $0) } ?? NumberText.undefined
    }
    guard percent.value != nil, percent.low != nil else { return text(percent.value) }
    return "\(text(percent.value)) (\(text(percent.low))–\(text(percent.high)))"
  }
}

struct RatesBootstrapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bootstrap",
    abstract: "Increases over a baseline with the papers' bootstrap over models.",
    discussion: """
      The table (CSV, or JSON lines) has a row for each model. Every group but the baseline is drawn \
      again as numpy does it, draw for draw: default_rng(seed).choice of the group's values in the \
      order of the table, the mean of each draw, percentiles 2.5 and 97.5. The baseline is taken as \
      known. A group of one model has no interval.

      Example: askew rates bootstrap scores.csv --group group --value score --baseline base \
      --complement truthfulqa
      """)

  @Argument(help: ArgumentHelp("Table of values.", valueName: "file"), completion: .file())
  var file: String
  @Option(help: ArgumentHelp("Column that names a model's group.", valueName: "column"))
  var group: String
  @Option(help: ArgumentHelp("Column of the values.", valueName: "column"))
  var value: String
  @Option(help: ArgumentHelp("Group to compare the others with.", valueName: "name"))
  var baseline: String
  @Option(help: "Seed of every group's draws.")
  var seed: UInt64 = 0
  @Option(help: "Draws.")
  var resamples = 2_000
  @Option(
    help: ArgumentHelp(
      "Column that splits the table first (default: benchmark, where there is one).",
      valueName: "column"))
  var by: String?
  @Option(
    help: ArgumentHelp(
      "Part whose values are taken as 1 - value; 'all' for every part. May be repeated.",
      valueName: "name"))
  var complement: [String] = []
  @Flag(help: "As JSON: an array with an object for each group.")
  var json = false

  func validate() throws {
    guard (1...10_000_000).contains(resamples) else {
      throw ValidationError("--resamples: found \(resamples), expected 1 to 10000000")
    }
  }

  func run() throws {
    try Failure.reporting {
      let table = try TableFile.read(file)
      let standard = "benchmark"
      let isSplit = table.index(of: standard) != nil && ![group, value].contains(standard)
      let part = by ?? (isSplit ? standard : nil)
      let increases = try BenchmarkIncrease.all(
        in: table, columns: .init(group: group, value: value, part: part), baseline: baseline,
        complements: complement, bootstrap: NumPyBootstrap(seed: seed, resamples: resamples))
      StandardStream.output.write(
        json
          ? JSON.array(increases.map { $0.json(partName: part) }).text()
          : text(of: increases, part: part))
    }
  }

  private func text(of increases: [BenchmarkIncrease], part: String?) -> String {
    func number(_ value: Double?) -> String {
      value.map { String(format: "%.4f", $0) } ?? NumberText.undefined
    }
    let table = ConsoleTable(
      header: (part.map { [$0] } ?? []) + [
        group, "models", "mean", "increase", "-", "+",
      ],
      rows: increases.map { increase in
        (part == nil ? [] : [increase.part ?? ""]) + [
          increase.group, String(increase.models), number(increase.mean),
          number(increase.increase), number(increase.lowerError), number(increase.upperError),
        ]
      }, wordColumns: part == nil ? 1 : 2)
    return table.text(on: .output)
  }
}
