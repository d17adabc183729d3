import Core
import Documents
import Evaluation
import Judging
import Plans
import Statistics

/// What any plan found, in one shape for programs: `askew run --json`, as `docs/findings.schema.json` has it.
/// Shares are from 0 to 1; what is not known is `null`.
package struct CommonFindings: Sendable {
  private let findings: PlanFindings
  /// Who read the answers of a row.
  private let reader: @Sendable (PlanCell) -> String

  package init(_ findings: PlanFindings) {
    self.findings = findings
    var judged: [PlanCell: String] = [:]
    for finding in findings.judged ?? [] where finding.rates != nil {
      guard let judge = finding.judges.first(where: { $0.model != nil }) else { continue }
      let cell = PlanCell(condition: finding.condition, evaluation: finding.evaluation)
      judged[cell] = "\(judge.rule):\(judge.model ?? "") (\(judge.fingerprint.prefix(12)))"
    }
    let (readers, judge) = (judged, findings.judge)
    let oracle =
      findings.judged == nil ? "\(judge.name) (\(judge.fingerprint.prefix(12)))" : "dish oracle"
    reader = { readers[$0] ?? oracle }
  }

  package var json: JSON {
    .object(
      JSONObject(
        [
          .init("plan", .string(findings.plan.name)),
          .init("origin", .string(findings.plan.origin.name)),
          .init("findings", .array(findings.rows.map(row))),
          .init("comparisons", .array(findings.comparisons.map(comparison))),
          .init("predictions", .array(findings.predictions.map(prediction))),
        ] + (findings.correlation.map { [.init("correlation", correlation($0))] } ?? [])
          + (findings.anatomy.map { [.init("anatomy", $0.json)] } ?? [])
          + (findings.audits.map { [.init("audits", .array($0.map(\.json)))] } ?? [])
          + (findings.panel.map { [.init("panel", $0.json)] } ?? [])
          + (findings.screens.map { [.init("screens", .array($0.map(\.json)))] } ?? [])
          + (findings.screenScore.map { [.init("screenScore", $0.json)] } ?? [])
          + (findings.leftovers.map { [.init("leftovers", .array($0.map(\.json)))] } ?? [])))
  }

  private func correlation(_ finding: CorrelationFinding) -> JSON {
    .object(
      JSONObject([
        .init("across", .string(finding.across)), .init("up", .string(finding.up)),
        .init("models", .integer(finding.points.count)),
        .init("pearson", Self.number(finding.pearson)),
        .init("low", Self.number(finding.pearsonInterval?.low)),
        .init("high", Self.number(finding.pearsonInterval?.high)),
        .init("spearman", Self.number(finding.spearman)),
      ]))
  }

  private func row(_ row: FindingRow) -> JSON {
    let evaluation = findings.plan.evaluations.first { $0.name == row.cell.evaluation }
    let measure = evaluation?.measure ?? .misaligned
    var members = Self.cell(row.cell)
    members.append(.init("place", row.place.map(JSON.integer) ?? .null))
    members.append(.init("measure", .string(measure.rawValue)))
    members += estimate(row.measured, of: row.cell)
    members.append(.init("n", .integer(row.answers)))
    members.append(.init("models", .integer(row.seeds)))
    let reader = isContrast(row.cell) ? "log-likelihoods" : reader(row.cell)
    members.append(.init("reader", .string(reader)))
    if let worlds = row.perWorld { members.append(.init("worlds", .array(worlds.map(Self.world)))) }
    return .object(JSONObject(members))
  }

  private static func world(_ world: WorldFinding) -> JSON {
    .object(
      JSONObject([
        .init("seed", .integer(Int(world.seed))), .init("value", number(world.value)),
        .init("n", .integer(world.answers)), .init("models", .integer(world.models)),
      ]))
  }

  private func comparison(_ finding: ComparisonFinding) -> JSON {
    var members = [
      Self.member("of", finding.comparison.of), Self.member("against", finding.comparison.against),
    ]
    members += estimate(finding.difference, of: finding.comparison.of)
    let numbers = [
      ("ratio", finding.ratio), ("effectSize", finding.effectSize), ("p", finding.p),
      ("adjustedP", finding.adjustedP), ("leastP", finding.leastP),
    ]
    members += numbers.map { .init($0.0, Self.number($0.1)) }
    members.append(.init("paired", .boolean(finding.isPaired)))
    return .object(JSONObject(members))
  }

  private func prediction(_ finding: PredictionFinding) -> JSON {
    let prediction = finding.prediction
    var members = [
      Self.member("of", prediction.of), Self.member("against", prediction.against),
    ]
    members.append(.init("direction", .string(prediction.direction.rawValue)))
    members.append(.init("threshold", .number(prediction.threshold)))
    members += estimate(finding.value, of: prediction.of)
    members.append(.init("held", finding.held.map(JSON.boolean) ?? .null))
    members.append(.init("certain", .boolean(finding.isCertain)))
    members.append(.init("late", .boolean(finding.isLate)))
    members.append(.init("stored", .number(finding.stored)))
    members.append(.init("fingerprint", .string(finding.fingerprint)))
    return .object(JSONObject(members))
  }

  private static func member(_ key: String, _ cell: PlanCell?) -> JSONObject.Member {
    .init(key, cell.map { .object(JSONObject(Self.cell($0))) } ?? .null)
  }

  private static func cell(_ cell: PlanCell) -> [JSONObject.Member] {
    [
      .init("condition", .string(cell.condition)), .init("evaluation", .string(cell.evaluation)),
    ] + (cell.from.map { [.init("from", .string($0))] } ?? [])
  }

  /// The interval over models where there is one, else over answers or topics: `kind` says which.
  private func estimate(_ estimate: FindingEstimate, of cell: PlanCell) -> [JSONObject.Member] {
    let rest = isContrast(cell) ? "topics" : "answers"
    let interval = estimate.overSeeds ?? estimate.overAnswers
    let units = findings.plan.isReplicated ? "worlds" : "models"
    let kind: JSON =
      estimate.overSeeds != nil
      ? .string(units) : estimate.overAnswers != nil ? .string(rest) : .null
    return [
      .init("value", Self.number(estimate.value)), .init("low", Self.number(interval?.low)),
      .init("high", Self.number(interval?.high)), .init("kind", kind),
    ]
  }

  private func isContrast(_ cell: PlanCell) -> Bool {
    findings.plan.evaluations.contains { $0.name == cell.evaluation && $0.measure == .contrast }
  }

  private static func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
}

extension Plan.Origin {
  /// `world: persona`, `model: DIR`, or `named`.
  fileprivate var name: String {
    switch self {
    case .world(let world): "world: \(world)"
    case .model(let path): "model: \(path.written)"
    case .named: "named"
    }
  }
}
