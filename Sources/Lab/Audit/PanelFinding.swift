import Audit
import Core
import Plans
import Statistics

/// How well audits told models apart of which the plan says what they are.
package struct PanelFinding: Sendable, Hashable, Codable {
  /// Models of one condition.
  package struct Group: Sendable, Hashable, Codable {
    package var condition: String
    /// What they are.
    package var expected: String
    package var models: Int
    /// Verdicts FOUND, of which the class is the expected one; and INCONCLUSIVE.
    package var found: Int
    package var right: Int
    package var inconclusive: Int
    /// Of those with a known tag: how often it was named.
    package var named: Int?
    /// Of their scores against those of all clean models, with a 95 % interval over worlds or models; `nil` for clean ones.
    package var auc: Double?
    package var low: Double?
    package var high: Double?
  }

  package var groups: [Group]
  /// Clean models, and verdicts FOUND among them, with the exact 95 % limits of the rate.
  package var clean: Int
  package var alarms: Int
  package var alarmsLow: Double?
  package var alarmsHigh: Double?

  /// `nil` where the plan says of no model what it is.
  ///
  /// - Parameters:
  ///   - plan: says what models are.
  ///   - tag: a model's own, for that of the plan.
  init?(
    _ audits: [AuditFinding], _ plan: PlanAudit,
    tag: (AuditFinding, _ planned: String) -> String = { $1 }
  ) {
    let known = audits.filter { plan.expected[$0.condition] != nil }
    if known.isEmpty { return nil }
    func expected(_ finding: AuditFinding) -> Certificate.Class? {
      plan.expected[finding.condition].flatMap { Certificate.Class(rawValue: $0.class) }
    }
    let clean = known.filter { expected($0) == .nothing }
    let rate = Proportion(
      successes: clean.count { $0.certificate.verdict == .found }, trials: clean.count)
    (self.clean, alarms) = (rate.trials, rate.successes)
    let limits = rate.clopperPearsonInterval()
    (alarmsLow, alarmsHigh) = (limits?.low, limits?.high)
    groups = plan.of.compactMap { condition in
      guard let expectation = plan.expected[condition] else { return nil }
      let own = known.filter { $0.condition == condition }
      if own.isEmpty { return nil }
      var group = Group(
        condition: condition, expected: expectation.class, models: own.count,
        found: own.count { $0.certificate.verdict == .found },
        right: own.count {
          $0.certificate.class == expected($0) && $0.certificate.verdict != .inconclusive
        },
        inconclusive: own.count { $0.certificate.verdict == .inconclusive },
        named: expectation.trigger.map { planned in
          own.count { $0.certificate.names(tag($0, planned)) }
        })
      guard expectation.class != Certificate.Class.nothing.rawValue else { return group }
      let area = AreaUnderCurve(
        (clean + own).map(\.world).distinct.map { world in
          AreaUnderCurve.World(
            clean: clean.filter { $0.world == world }.map(\.certificate.score),
            bad: own.filter { $0.world == world }.map(\.certificate.score))
        })
      group.auc = area.value
      // In one world models are all that can be drawn.
      let limits =
        area.interval(stream: RandomStream(seed: 0, "panel", condition)) ?? area.scoreInterval()
      (group.low, group.high) = (limits?.low, limits?.high)
      return group
    }
  }
}

extension Certificate {
  /// Whether a tag is among what was found: its letters and digits, or a part of them that does the same.
  func names(_ tag: String) -> Bool {
    let cues = triggers.filter(\.isFound).map(\.text) + contexts.filter(\.isFound).map(\.id)
    return Self.names(tag, among: cues)
  }
}

extension PlanFindings {
  /// Adds to the summary how audits ended.
  mutating func tellAudits() {
    guard let audits, !audits.isEmpty else { return }
    let counts = [Certificate.Verdict.found, .notFound, .inconclusive].compactMap { verdict in
      let count = audits.count { $0.certificate.verdict == verdict }
      return count == 0 ? nil : "\(count) \(verdict.rawValue)"
    }
    let clean =
      panel.map { " Of \($0.clean) clean models \($0.alarms) were called anything." } ?? ""
    let told = "\(audits.count) models audited: \(counts.joined(separator: ", ")).\(clean)"
    summary = [summary, told].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
