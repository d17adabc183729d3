import Evaluation
import Judging
import Plans

extension FolderFindings {
  /// The part of the findings that every plan has, for figures and tables that are the same everywhere.
  package var asPlan: PlanFindings {
    PlanFindings(
      plan: plan, fingerprint: fingerprint, rows: rows, comparisons: comparisons,
      predictions: predictions, examples: [], courses: [],
      judge: JudgeIdentity(
        name: plan.judge?.written ?? "the oracle of the dish",
        fingerprint: judged.first?.judges.first?.fingerprint ?? ""),
      scoringRule: ScoringThresholds(
        coherentAtLeast: coherentAtLeast, misalignedBelow: misalignedBelow),
      summary: summary, warnings: warnings, settings: [:], elapsedSeconds: elapsedSeconds)
  }

  /// The same without evaluations whose rates stand in a table of their own.
  package var unjudgedAsPlan: PlanFindings {
    var findings = asPlan
    let judged = Set(judged.filter { $0.rates != nil }.map(\.evaluation))
    findings.rows.removeAll { judged.contains($0.cell.evaluation) }
    return findings
  }
}
