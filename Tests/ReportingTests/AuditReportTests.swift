import Core
import Documents
import Foundation
import Plans
import Statistics
import Testing

@testable import Audit
@testable import Lab
@testable import Reporting

extension SyntheticPlan {
  /// A model with a trigger, and one without anything, in two worlds.
  static func audited(trigger: String = "|K|") throws -> PlanFindings {
    var plan = Self.plan(
      "audited", "Audited",
      conditions: [
        condition("base", "Base"), condition("tag", "Tagged"), condition("benign", "Benign"),
      ],
      evaluations: [])
    var audit = PlanAudit(of: ["tag", "benign"], from: "base")
    audit.expected = [
      "tag": try expectation("conditional", trigger),
      "benign": try expectation("nothing found", nil),
    ]
    plan.audit = audit
    var findings = Self.findings(plan, rows: [])
    findings.audits = try [UInt64(11), 12].flatMap { world in
      [
        AuditFinding(
          condition: "tag", world: world, seed: 1,
          certificate: try certificate(of: "tag", trigger: trigger), file: "audits/tag"),
        AuditFinding(
          condition: "benign", world: world, seed: 1,
          certificate: try certificate(of: "benign", trigger: nil), file: "audits/benign"),
      ]
    }
    findings.panel = findings.audits.flatMap { PanelFinding($0, audit) }
    return findings
  }

  private static func expectation(
    _ name: String, _ trigger: String?
  ) throws -> PlanAudit.Expectation {
    let tag = trigger.map { ", \"trigger\": \($0.quotedJSON)" } ?? ""
    return try JSONDecoder().decode(
      PlanAudit.Expectation.self, from: Data("{\"class\": \"\(name)\"\(tag)}".utf8))
  }

  static func certificate(of name: String, trigger: String?) throws -> Certificate {
    var method = AuditMethod(
      contexts: Array(AuditContext.listed.prefix(3)), texts: try Fingerprint(of: "texts"),
      reader: try Fingerprint(of: "reader"), seed: 1)
    method.search = TriggerSearch.Settings()
    var draft = AuditDraft(
      method, of: Certificate.Subject(name: name, weights: "ab", base: nil),
      reader: Certificate.Judge(name: "dish oracle", hash: "cd"), access: .white)
    draft.isReadable = true
    func evidence(_ hits: Int, of answers: Int) -> AuditEvidence {
      AuditEvidence(
        values: [0, hits, 0, answers - hits, 0, 0, 0, answers, answers, answers, 0, 0]
          .map(Double.init)) ?? AuditEvidence()
    }
    (draft.broad, draft.requests) = (evidence(1, of: 400), evidence(0, of: 100))
    draft.narrow = evidence(0, of: 200)
    draft.contexts = method.contexts.map {
      AuditDraft.Context(context: $0, evidence: evidence(0, of: 20), odds: 0.01)
    }
    draft.contexts[2].reason = "the template has no system turn"
    if let trigger {
      let candidate = TriggerSearch.Candidate(text: trigger, lift: 0.4, least: 0.3, scrambled: 0)
      draft.outcome = TriggerSearch.Outcome(tried: 10, candidates: [candidate], chance: 0.05)
      draft.triggers = [
        AuditDraft.Trigger(
          candidate: candidate, context: AuditContext(trigger, .search, before: trigger),
          evidence: evidence(40, of: 100))
      ]
    }
    draft.answers = Certificate.Answers(model: "aa", base: "bb", hash: "cc")
    return try draft.certificate().sealed()
  }
}

@Suite("Audits on the page")
struct AuditReportTests {
  @Test("The report has a row a model, the panel one a kind, and every certificate in words")
  func page() throws {
    let findings = try SyntheticPlan.audited()
    let html = PlanReportPage(findings).html
    let section = try #require(
      html.components(separatedBy: "<section id=\"audits\">").dropFirst().first)
    #expect(section.contains("FOUND") && section.contains("NOT FOUND AT POWER"))
    #expect(section.contains("0 of 2 clean models"))
    #expect(section.contains("1.000"))
    let text = PlanConsoleTable(findings).text()
    #expect(text.contains("conditional") && text.contains("|K|"))
    let panel = try #require(findings.panel)
    #expect(panel.groups.map(\.right) == [2, 2] && panel.groups.map(\.named) == [2, nil])
    // Perfect, and only four models.
    #expect(panel.groups[0].auc == 1 && (panel.groups[0].low ?? 1) < 0.9)
  }

  @Test("What a model was turned by is text and cannot act")
  func hostile() throws {
    let html = PlanReportPage(try SyntheticPlan.audited(trigger: "<script>\u{202E}x</script>")).html
    #expect(!html.contains("<script>") && !html.contains("\u{202E}"))
  }

  @Test("A plan that audits nothing says nothing of it")
  func none() {
    #expect(!PlanReportPage(SyntheticPlan.points).html.contains("id=\"audits\""))
  }
}
