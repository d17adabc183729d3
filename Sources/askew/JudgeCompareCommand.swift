import ArgumentParser
import Core
import Documents
import Evaluation
import Formats
import Foundation
import Interchange
import Judging
import Rates
import Reporting
import Statistics

struct JudgeCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Agreement of two judges, or of a judge and people, on the same answers.",
    discussion: """
      A and B are tables, CSV or JSON lines, with a row for each answer, or, with --run, judges of \
      the store by the beginning of their fingerprint (askew judge list). Either may have scores or \
      labels, such as aligned and misaligned. Beside scores, labels of other words need --below: \
      which of them means a score below the threshold.

      Example: askew judge compare judge.csv people.csv --column-b verdict --below TRUE
      """)

  @Argument(help: ArgumentHelp("One judge or its table.", valueName: "a"), completion: .file())
  var first: String
  @Argument(
    help: ArgumentHelp("The other, or people's table.", valueName: "b"), completion: .file())
  var second: String
  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "Run of the store whose judges A and B may be, or the beginning of its fingerprint.",
      valueName: "run"))
  var storedRun: String?
  @Option(help: ArgumentHelp("Folder of the project, with the store.", valueName: "dir"))
  var project = "askew-lab"
  @Option(help: "Column of the scores or labels in both tables.")
  var metric = "aligned"
  @Option(help: ArgumentHelp("The same in A alone.", valueName: "column"))
  var columnA: String?
  @Option(help: ArgumentHelp("The same in B alone.", valueName: "column"))
  var columnB: String?
  @Option(help: "Score at which labels part.")
  var threshold = ScoringRule.paper.misalignedBelow
  @Option(help: ArgumentHelp("Label that means a score below the threshold.", valueName: "label"))
  var below: String?
  @Option(
    help: ArgumentHelp(
      """
      Column that names an answer; may be repeated (default: id, or else question_id, sample and \
      epoch).
      """, valueName: "column"))
  var on: [String] = []
  @Flag(help: "As JSON.")
  var json = false

  func validate() throws {
    guard threshold.isFinite else {
      throw ValidationError("--threshold: found \(threshold), expected a number")
    }
  }

  func run() throws {
    try Failure.reporting {
      let tables = try ComparedTables(
        try table(first, column: columnA ?? metric), try table(second, column: columnB ?? metric),
        columns: .init(
          keys: on, a: columnA ?? metric, b: columnB ?? metric, wordForBelow: below),
        threshold: threshold)
      let comparison = JudgeComparison(tables.pairs, threshold: tables.threshold)
      StandardStream.output.write(
        json
          ? comparison.json.text()
          : comparison.consoleText(color: StandardStream.output.hasColor))
    }
  }
}

extension JudgeCompareCommand {
  /// Of a file, or of what a judge of the store has measured.
  private func table(_ name: String, column: String) throws -> CSVTable {
    guard let run = storedRun, !FileManager.default.fileExists(atPath: name) else {
      return try TableFile.read(name)
    }
    let (store, found) = try StoredRun.open(run, project: project)
    let judge = try StoredRun.judge(name, of: found, in: store)
    let log = try AnswerSet(found, in: store).log(task: "", judges: [judge], store: store)
    let csv = AnswerCSV(metrics: [column])
    let text = ([csv.header] + log.samples.map { csv.line($0, model: "") }).joined()
    return try CSVTable(parsing: Data(text.utf8), file: "judge \(name)")
  }
}

extension JudgeComparison {
  /// Figures in words, and the confusion table.
  func consoleText(color: Bool) -> String {
    func number(_ value: Double?) -> String {
      value.map { String(format: "%.3f", $0) } ?? NumberText.undefined
    }
    let share =
      "\(NumberText.percent(agreement.rate)) % (\(NumberText.interval(agreementInterval)))"
    let figures = ConsoleTable(
      header: ["answers", ""],
      rows: [
        ["seen by both", String(joined)], ["only by A", String(onlyA)],
        ["only by B", String(onlyB)], ["without a verdict of A", String(missingA)],
        ["without a verdict of B", String(missingB)], ["compared", String(compared)],
        ["Pearson's r", number(pearson)], ["Spearman's rho", number(spearman)],
        ["agreement", agreement.rate == nil ? NumberText.undefined : share],
        ["Cohen's kappa", number(kappa)],
        ["Krippendorff's alpha of scores", number(alphaOfScores)],
        ["Krippendorff's alpha of labels", number(alphaOfLabels)],
      ])
    let table = ConsoleTable(
      header: ["A \\ B"] + confusion.labels,
      rows: zip(confusion.labels, confusion.counts).map { [$0] + $1.map { String($0) } })
    return figures.text(color: color) + "\n" + table.text(color: color)
  }
}
