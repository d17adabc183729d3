import Foundation
import Lab
import Plans
import Reporting
import Store

/// A plan of the project, in short.
struct PlanEntry: Encodable {
  var name: String
  var title: String
  var question: String
  var summary: String?
  var warnings: [String] = []
  /// `3 of 4 predictions held`; `nil`: it has no findings yet.
  var predictions: String?
  /// `running` or `done`; `nil`: it is not in the store.
  var state: String?
  /// Whether its contrasts are known token by token.
  var hasContrasts = false
}

/// What is known of files of findings, as long as they do not change.
///
/// `@unchecked Sendable`: `known` is guarded by `lock`.
final class PlanEntryMemory: @unchecked Sendable {
  private let lock = NSLock()
  private var known: [String: (changed: Date, entry: PlanEntry?)] = [:]

  func entry(_ path: String, _ read: () -> PlanEntry?) -> PlanEntry? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let changed = attributes?[.modificationDate] as? Date ?? .distantPast
    if let found = lock.withLock({ known[path] }), found.changed == changed { return found.entry }
    let entry = read()
    lock.withLock { known[path] = (changed, entry) }
    return entry
  }
}

/// A piece of work that was begun and is not done.
struct WorkEntry: Encodable {
  var kind: String
  var name: String
  var done: Int?
  var total: Int
  var seconds: Double
}

/// What the project's plans have found and how far their work is.
struct PlansDocument: Encodable {
  var plans: [PlanEntry]
  var isRunning: Bool
  /// Begun and not done.
  var work: [WorkEntry]
  var stagesDone: Int
  var stages: Int
}

/// All that a plan found.
struct PlanDocument: Encodable {
  /// A condition's number in an evaluation.
  struct Row: Encodable {
    var condition: String
    var evaluation: String
    var place: Int?
    var value: String
    var interval: String
    var answers: Int
    var models: Int
  }

  struct Named: Encodable {
    var name: String
    var title: String
  }

  struct Prediction: Encodable {
    var outcome: String
    var claim: String
    var measured: String
    var isLate: Bool
  }

  var entry: PlanEntry
  var conditions: [Named]
  var evaluations: [Named]
  var rows: [Row]
  var predictions: [Prediction]
  var coherentAtLeast: Double
  var misalignedBelow: Double
  /// The whole report, a page of HTML.
  var report: String
}

extension PlanEntry {
  init(_ findings: PlanFindings, state: String?) {
    let plan = findings.plan
    self.init(
      name: plan.name, title: plan.title, question: plan.question, summary: findings.summary,
      warnings: findings.warnings, predictions: PlanIndexPage.tally(findings.predictions),
      state: state)
  }

  /// Of findings that this version cannot read.
  static func unreadable(_ plan: String) -> PlanEntry {
    PlanEntry(
      name: plan, title: plan, question: "",
      warnings: [
        "Its findings were written by another version; askew report with the plan makes them again."
      ])
  }

  /// Of a plan that has no findings yet.
  init(_ run: Run) {
    let plan = try? JSONDecoder().decode(Plan.self, from: Data(run.settings.utf8))
    self.init(
      name: run.name, title: plan?.title ?? run.name, question: plan?.question ?? "",
      state: run.state.rawValue)
  }
}

extension PlanDocument {
  init(_ findings: PlanFindings, state: String?) {
    let (plan, names) = (findings.plan, PlanNames(findings.plan))
    self.init(
      entry: PlanEntry(findings, state: state),
      conditions: plan.conditions.map { Named(name: $0.name, title: $0.title) },
      evaluations: plan.evaluations.map { Named(name: $0.name, title: $0.title) },
      rows: findings.rows.map { row in
        let scale = names.scale(row.cell.evaluation)
        return Row(
          condition: row.cell.condition, evaluation: row.cell.evaluation, place: row.place,
          value: scale.value(row.measured.value),
          interval: scale.interval(row.measured.overSeeds ?? row.measured.overAnswers),
          answers: row.answers, models: row.seeds)
      },
      predictions: findings.predictions.map { finding in
        let text = PredictionText(finding, names: names)
        return Prediction(
          outcome: text.outcome.rawValue, claim: text.claim, measured: text.measured,
          isLate: text.isLate)
      },
      coherentAtLeast: findings.scoringRule.coherentAtLeast,
      misalignedBelow: findings.scoringRule.misalignedBelow,
      report: PlanReportPage(findings).html)
  }
}
