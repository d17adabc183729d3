import Core
import Evaluation
import Formats
import Foundation
import Plans
import Rates

/// What a plan on models that were not grown in a dish found, in words.
struct FolderWords {
  private let findings: PlanFindings
  private let plan: Plan
  private let rows: [FindingRow]
  private let predictions: [PredictionFinding]
  private let trainings: [TrainingFinding]
  private let likelihoods: [LikelihoodFinding]
  private let answers: [AnswersFinding]
  private let judged: [JudgedFinding]
  private let isRead: Bool

  init(_ findings: PlanFindings) {
    self.findings = findings
    (plan, rows, predictions) = (findings.plan, findings.rows, findings.predictions)
    (trainings, likelihoods) = (findings.trainings ?? [], findings.likelihoods ?? [])
    (answers, judged) = (findings.answers ?? [], findings.judged ?? [])
    isRead = findings.isRead
  }

  /// In a sentence or two.
  var summary: String {
    let answers = answers.reduce(0) { $0 + $1.answers }
    let models = trainings.count
    let made =
      plan.origin == .named ? nil : "\(models) fine-tuned model\(models == 1 ? "" : "s")"
    let asked =
      self.answers.isEmpty && (isScored || plan.evaluations.isEmpty)
      ? nil : "\(answers) \(isRead ? "" : "unjudged ")answers"
    let counts = [made, asked].compactMap { $0 }.joined(separator: " and ")
    let text = counts.isEmpty ? nil : counts + "."
    let extremes = extremes
    let common = PlanSummary(
      plan: plan, rows: rows.filter { extremes == nil || isScored($0.cell) },
      comparisons: findings.comparisons.filter { isScored($0.comparison.of) },
      predictions: predictions, correlation: findings.correlation
    ).text
    return [text, extremes, common.isEmpty ? nil : common].compactMap { $0 }
      .joined(separator: " ")
  }

  private func isScored(_ cell: PlanCell) -> Bool {
    plan.evaluations.contains { $0.name == cell.evaluation && $0.contrast != nil }
  }

  /// The lowest and the highest condition of the first evaluation with rates.
  private var extremes: String? {
    for evaluation in plan.evaluations {
      let known = judged.filter {
        $0.evaluation == evaluation.name && $0.rates?.whole.ofCoherent.value != nil
      }
      func value(_ finding: JudgedFinding) -> Double {
        finding.rates?.whole.ofCoherent.value ?? 0
      }
      guard let low = known.min(by: { value($0) < value($1) }),
        let high = known.max(by: { value($0) < value($1) })
      else { continue }
      func words(_ finding: JudgedFinding) -> String {
        let title = plan.conditions.first { $0.name == finding.condition }?.title
        return String(format: "%.1f %%", value(finding))
          + " (\((title ?? finding.condition).onOneLine))"
      }
      let range = low == high ? words(low) : "from \(words(low)) to \(words(high))"
      return "\(evaluation.title.onOneLine): \(range) misaligned of the coherent answers."
    }
    return nil
  }

  private var isScored: Bool { plan.evaluations.contains { $0.contrast != nil } }

  /// What must be known before the numbers are read.
  var warnings: [String] {
    askingWarnings + judgingWarnings + (plan.origin == .named ? [] : likelihoodWarnings)
  }

  private var askingWarnings: [String] {
    let reasons = answers.reduce(into: [String: Int]()) {
      $0.merge($1.noAnswers ?? [:], uniquingKeysWith: +)
    }
    let none = reasons.values.reduce(0, +)
    let missing = answers.reduce(0) { $0 + $1.unanswered } - none
    let thinking = answers.reduce(0) { $0 + ($1.withThinking ?? 0) }
    let told = reasons.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.onOneLine)" }
    return [
      missing == 0
        ? nil : "\(missing) answers are not there yet; the same plan asks for them again.",
      none == 0
        ? nil
        : "\(none) replies are no answers (\(told.joined(separator: ", "))): neither judged nor counted.",
      thinking == 0
        ? nil
        : "Before \(thinking) answers the model was thinking; it is kept in the store, and was read as "
          + "part of the answer only with --thinking keep.",
    ].compactMap { $0 }
      + Set(answers.flatMap { $0.notes ?? [] }).sorted().map { "\($0.onOneLine)." }
  }

  private var judgingWarnings: [String] {
    guard isRead else {
      if answers.isEmpty { return [] }
      return [
        "The answers are unjudged: no judge has read them, and nothing here says how many are "
          + "misaligned."
          + (plan.origin == .named
            ? "" : " Log-likelihoods say how far a model took on its data, no more.")
          + (isScored
            ? " A contrast says what a model leans to, not what it would say by itself." : "")
      ]
    }
    var warnings: [String] = []
    let (done, wanted) = judged.reduce((0, 0)) { ($0.0 + $1.verdicts, $0.1 + $1.wanted) }
    if done < wanted {
      warnings.append(
        "\(wanted - done) of \(wanted) verdicts are not there yet; the same plan goes on.")
    }
    for evaluation in plan.evaluations {
      let own = judged.filter { $0.evaluation == evaluation.name }
      if Set(own.map { Set($0.judges.map(\.fingerprint)) }).count > 1 {
        warnings.append(
          "\(evaluation.title.onOneLine): not all conditions were judged by the same judge, so their "
            + "numbers cannot be compared; \"judged\" in the findings says by whom.")
      }
    }
    let fitness = Set(judged.compactMap(\.fitness))
    if fitness.contains(.unfit) {
      warnings.append(
        "The judge is unfit: about answers whose class is known it was wrong or silent too often (askew judge "
          + "check). Its rates say nothing.")
    } else if fitness.contains(.unchecked) {
      warnings.append(
        "Nobody has checked the judge: askew judge check asks it, in this project, about answers whose class is "
          + "known.")
    }
    if !judged.isEmpty, judged.allSatisfy({ $0.models == 1 }) {
      warnings.append(
        "One model a condition: intervals are over answers, and say nothing of how much models "
          + "differ by chance.")
    }
    return warnings
  }

  private var likelihoodWarnings: [String] {
    if likelihoods.isEmpty {
      return [
        "No rows were held out, so nothing is scored; \"held-out\" in the plan says how many."
      ]
    }
    let isAlone = Set(trainings.map(\.seed)).count == 1
    return isAlone && !isRead
      ? ["One model a condition: nothing here says how much models differ by chance."] : []
  }
}

extension PlanFindings {
  /// Whether the judge, or the oracle of the dish, has read answers.
  package var isRead: Bool {
    let scored = Set(plan.evaluations.filter { $0.contrast != nil }.map(\.name))
    return isJudged == true || rows.contains { !scored.contains($0.cell.evaluation) }
  }
}
