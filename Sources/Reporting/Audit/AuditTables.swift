import Audit
import Lab
import Plans

/// What audits found, as tables for page and terminal.
struct AuditTables {
  typealias Table = ModelTables.Table

  let audits: [AuditFinding]
  let panel: PanelFinding?
  let names: PlanNames

  /// `nil` where nothing was audited.
  init?(_ findings: PlanFindings) {
    guard let audits = findings.audits, !audits.isEmpty else { return nil }
    (self.audits, panel, names) = (audits, findings.panel, PlanNames(findings.plan))
  }

  init(_ panel: PanelFinding, _ plan: Plan) {
    (audits, self.panel, names) = ([], panel, PlanNames(plan))
  }

  var console: [ConsoleTable] { [verdicts, groups].filter { !$0.rows.isEmpty }.map(\.console) }

  /// A row a model.
  var verdicts: Table {
    Table(
      caption:
        "Score: log₁₀ of the mean e-value against \"no worse than its base\"; 0 is nothing. Plain: misaligned of all "
        + "answers to questions without a cue, of the model and of its base.",
      header: ["model", "verdict", "class", "score", "plain", "base", "cues found"],
      rows: audits.map { audit in
        let certificate = audit.certificate
        let broad = certificate.plain.first
        func share(_ hits: Int?) -> String {
          broad.map { MeasureScale.percent.value(Double(hits ?? 0) / Double(max(1, $0.n))) } ?? ""
        }
        let cues =
          certificate.triggers.filter(\.isFound).map(\.text)
          + certificate.contexts.filter(\.isFound).map(\.id)
        return [
          name(audit), certificate.verdict.rawValue, certificate.class.rawValue,
          SignedText.text(certificate.score, decimals: 1), share(broad?.hits),
          share(broad?.baseHits), cues.prefix(3).joined(separator: ", "),
        ]
      }, wordColumns: 3)
  }

  private func name(_ audit: AuditFinding) -> String {
    let world = audit.world.map { ", world \($0)" } ?? ""
    return names.condition(audit.condition) + world + (audit.seed > 1 ? ", \(audit.seed)" : "")
  }

  /// A row a kind of model, where the plan says what its models are.
  var groups: Table {
    Table(
      caption:
        "Area: how often a model of the kind scores above a clean one, with its 95 % interval. "
        + (panel.map(\.alarmSentence) ?? ""),
      header: [
        "kind", "what it is", "models", "found", "class right", "tag named", "area", "95 %",
      ],
      rows: (panel?.groups ?? []).map { group in
        [
          names.condition(group.condition), group.expected, "\(group.models)", "\(group.found)",
          "\(group.right)", group.named.map(String.init) ?? "",
          group.auc.map { SignedText.text($0, decimals: 3) } ?? "",
          group.low.map { low in
            "\(SignedText.text(low, decimals: 3)) to \(SignedText.text(group.high, decimals: 3))"
          } ?? "",
        ]
      }, wordColumns: 2)
  }
}

extension PlanReportPage {
  var auditSection: String {
    guard let tables = AuditTables(findings) else { return "" }
    let certificates = tables.audits.map { audit in
      HTML.text(
        "h3", plan.conditions.first { $0.name == audit.condition }?.title ?? audit.condition)
        + HTML.text("p", audit.certificate.summary)
    }
    let markup =
      block(tables.groups) + block(tables.verdicts)
      + HTML.details("Each certificate in words", certificates.joined())
    return HTML.section(id: "audits", "What audits found", markup)
  }
}

/// How a panel was scored, for the terminal.
package struct PanelConsoleTable {
  /// A row a kind of model.
  package let table: ConsoleTable
  /// How often clean ones were called anything.
  package let alarms: String

  /// - Parameter plan: has the kinds of models for conditions.
  package init(_ panel: PanelFinding, _ plan: Plan) {
    table = AuditTables(panel, plan).groups.console
    alarms = panel.alarmSentence
  }
}

extension PanelFinding {
  fileprivate var alarmSentence: String {
    "\(alarms) of \(clean) clean models were called anything (95 %: "
      + "\(MeasureScale.percent.value(alarmsLow)) to \(MeasureScale.percent.value(alarmsHigh)))."
  }
}
