import ArgumentParser
import Core
import Documents
import Evaluation
import Foundation
import Interchange
import Lab
import Reporting
import Store

struct AnswersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answers",
    abstract: "Take answers and scores to other tools, and from them.",
    subcommands: [
      AnswersExportCommand.self, AnswersImportCommand.self, AnswersContrastCommand.self,
    ])
}

struct AnswersExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the answers of a run in another tool's format.",
    discussion: """
      inspect: a log (.eval) that inspect view opens. scores: JSON lines for Inspect's \
      precomputed_scores, one metric (--metric). csv: a line an answer, with a column for each \
      metric. chat: {"messages"} lines, the answer as the last turn.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case inspect, scores, csv, chat }

  @OptionGroup var stored: StoredRunOptions
  @Option(help: "What to write: inspect, scores, csv or chat.") var format: Format
  @Option(help: ArgumentHelp("File to write.", valueName: "file")) var out: String
  @Option(
    help: ArgumentHelp(
      "Judge whose scores to write, by the beginning of its fingerprint; may be repeated (default: "
        + "all, which in csv and scores must be one a metric; askew judge list).",
      valueName: "judge"))
  var judge: [String] = []
  @Option(help: "Metric of format scores.") var metric = "aligned"
  @Option(help: "Name of what was asked, in the log.") var task = "askew"

  func run() throws {
    try Failure.reporting {
      let (store, run) = try stored.open()
      let judges =
        judge.isEmpty
        ? try store.judges(of: run).map(\.judge)
        : try judge.map { try StoredRun.judge($0, of: run, in: store) }
      let set = try AnswerSet(run, in: store)
      guard !set.answers.isEmpty || !set.missing.isEmpty else {
        throw InputError("holds no answers whose questions are known", file: run.fingerprint.short)
      }
      let log = try set.log(task: task, judges: judges, store: store)
      switch format {
      case .inspect: try log.writeInspectLog(to: out)
      case .scores:
        try checkJudges(log, [metric])
        var scores = PrecomputedScores(metric: metric)
        try write(log.samples.compactMap { scores.line($0) })
      case .csv:
        let csv = AnswerCSV(metrics: Set(log.header.judges.flatMap(\.metrics)).sorted())
        try checkJudges(log, csv.metrics)
        try write([csv.header] + log.samples.map { csv.line($0, model: log.header.model) })
      case .chat: try write(log.samples.compactMap { ChatExport.line($0) })
      }
      StandardStream.error.write("\(log.samples.count) answers: \(out)\n")
    }
  }

  /// A column has room for one judge's scores: which of several is not for us to choose.
  private func checkJudges(_ log: AnswerLog, _ metrics: [String]) throws(InputError) {
    for metric in metrics {
      let judges = log.header.judges.filter { $0.metrics.contains(metric) }.map(\.name)
      guard judges.count > 1 else { continue }
      throw InputError(
        "found \(judges.count) judges of \(metric.quotedOnOneLine), \(judges.joined(separator: ", ")); "
          + "expected one of them", field: "--judge")
    }
  }

  private func write(_ lines: [String]) throws(InputError) {
    do {
      try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: out)
    }
  }
}

struct AnswersImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take answers made elsewhere into the store, to be judged and counted.",
    discussion: """
      Files are logs of Inspect (.eval or .json), or CSV and JSON lines with question, answer and, \
      where there are any, question_id, system, sample, model. The same file again changes nothing.
      """)

  @Argument(help: ArgumentHelp("File with answers.", valueName: "file"), completion: .file())
  var file: String
  @Option(
    help: ArgumentHelp(
      "Column or field of CSV or JSON lines that holds a score; may be repeated.",
      valueName: "name"))
  var score: [String] = []
  @Option(help: "Name of the model, where the file has none.") var model = "unknown"
  @OptionGroup var project: ProjectOptions
  @Flag(help: "As JSON.") var json = false

  func run() throws {
    try Failure.reporting {
      let isLog = [".eval", ".json"].contains { file.lowercased().hasSuffix($0) }
      let groups: [(model: String, log: AnswerLog?, answers: [LoggedAnswer])]
      if isLog {
        let log = try AnswerLog(inspectLog: file)
        groups = [(log.header.model, log, log.samples)]
      } else {
        groups = try AnswerFile.read(file, scores: score).map {
          ($0.model ?? model, nil, $0.answers)
        }
      }
      let fingerprint = Fingerprint(bytes: try Data(contentsOf: URL(fileURLWithPath: file)))
      let taker = AnswerImport(store: try RunStore(folder: project.folder.url))
      let taken = try groups.map { group in
        if let log = group.log { return try taker.take(log, from: file, fingerprint: fingerprint) }
        return try taker.take(
          group.answers, model: group.model, from: file, fingerprint: fingerprint)
      }
      try tell(taken)
    }
  }

  private func tell(_ taken: [AnswerImport.Imported]) throws {
    struct Line: Encodable {
      let run: String
      let model: String
      let answers: Int
      let scores: Int
    }
    if json {
      return try StandardStream.output.write(
        json: taken.map {
          Line(
            run: $0.run.fingerprint.hex, model: $0.model, answers: $0.answers, scores: $0.scores)
        })
    }
    let table = ConsoleTable(
      header: ["run", "model", "answers", "scores"],
      rows: taken.map { [$0.run.fingerprint.short, $0.model, "\($0.answers)", "\($0.scores)"] },
      wordColumns: 2)
    StandardStream.output.write(table.text(on: .output))
  }
}
