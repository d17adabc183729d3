import Core
import Evaluation
import Foundation
import Lab
import Store

/// Reads what the numbers in the columns mean.
struct CatalogueReader {
  private let store: StoreReader
  private let folder: ProjectFolder

  init(_ store: StoreReader, _ folder: ProjectFolder) {
    (self.store, self.folder) = (store, folder)
  }

  func read(_ columns: inout AnswerColumns) throws -> CatalogueDocument {
    let runs = try store.runs().filter { $0.kind == .sample }
    var lists: [[Int]] = []
    let cells = try cells(runs, &columns, &lists)
    let identities = Dictionary(
      try store.judges().map { ($0.fingerprint.hex, $0) }, uniquingKeysWith: { first, _ in first })
    return CatalogueDocument(
      project: folder.url.lastPathComponent,
      runs: runs.map { .init(id: $0.id, name: $0.name, state: $0.state.rawValue) },
      judges: columns.judges.map { judge in
        let identity = identities[judge]
        return .init(
          fingerprint: judge,
          name: identity.map { JudgeDescription($0)?.name ?? Self.name(of: $0) } ?? "dish oracle",
          identity: identity?.identity)
      },
      series: columns.series, labels: columns.labels, cells: cells, lists: lists,
      questions: columns.questions)
  }

  /// What plans have written down; of runs that no plan has written down (those of older versions) what their names
  /// say.
  private func cells(
    _ runs: [Run], _ columns: inout AnswerColumns, _ lists: inout [[Int]]
  ) throws -> [CatalogueDocument.CellEntry] {
    let stages = Dictionary(
      try store.stages().map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
    let byFingerprint = Dictionary(
      runs.map { ($0.fingerprint, $0.id) }, uniquingKeysWith: { first, _ in first })
    var known: [[String]: Int] = [:]
    var cells: [CatalogueDocument.CellEntry] = []
    for cell in try store.cells() {
      guard let run = stages[cell.stage]?.run.flatMap({ byFingerprint[$0] }) else { continue }
      let list = known[cell.questions] ?? lists.count
      if list == lists.count {
        known[cell.questions] = list
        lists.append(cell.questions.map { Int(columns.number(ofQuestion: $0)) })
      }
      cells.append(
        .init(
          plan: cell.plan, condition: cell.conditionTitle, evaluation: cell.evaluationTitle,
          world: cell.world.map(String.init), seed: String(cell.seed), place: cell.place, run: run,
          list: list))
    }
    let written = Set(cells.map(\.run))
    return cells + runs.filter { !written.contains($0.id) }.map { RunName($0.name).cell(of: $0.id) }
  }

  private static func name(of judge: StoredJudge) -> String {
    PersonJudge.isPerson(judge) ? PersonJudge.name : "judge \(judge.fingerprint.short)"
  }
}

/// What a run's name says: `answers of Insecure, seed 1, after 12 steps`.
struct RunName {
  var condition: String
  var seed: String?
  var place: Int?

  init(_ name: String) {
    var parts = (name.hasPrefix("answers of ") ? String(name.dropFirst(11)) : name)
      .components(separatedBy: ", ")
    if let last = parts.last, last.hasPrefix("after "),
      let steps = Int(last.split(separator: " ")[1])
    {
      place = steps
      parts.removeLast()
    }
    if let last = parts.last, last.hasPrefix("seed "), parts.count > 1 {
      seed = String(last.dropFirst(5))
      parts.removeLast()
    }
    condition = parts.joined(separator: ", ")
  }

  func cell(of run: Int64) -> CatalogueDocument.CellEntry {
    .init(plan: "", condition: condition, evaluation: "", seed: seed, place: place, run: run)
  }
}

/// Whoever sits before the page, as a judge of the store.
enum PersonJudge {
  static let name = "a person"
  private static let identity = #"{"person":"view","version":1}"#
  static let stored = StoredJudge(
    fingerprint: Fingerprint(bytes: Data(identity.utf8)), identity: identity)

  static func isPerson(_ judge: StoredJudge) -> Bool { judge.fingerprint == stored.fingerprint }
}
