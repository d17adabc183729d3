import Foundation
import Plans
import Statistics

/// What the demo found, under the keys of `results.json` that programs may rely on. An undefined number is
/// `null` and never 0.
package struct DemoResults: Encodable {
  private let schemaVersion = 1
  private let conditions: [Condition]
  private let judge: JudgeIdentity
  private let scoringRule: ScoringThresholds
  private let settings: [String: SettingValue]
  private let warnings: [String]
  private let elapsedSeconds: Double
  /// World by world, where there are several.
  private let worlds: [World]?

  /// Nothing for any other plan.
  package init?(_ findings: PlanFindings) {
    let plan = findings.plan
    guard plan.name == "demo", case .world(let world) = plan.origin else { return nil }
    judge = findings.judge
    scoringRule = findings.scoringRule
    settings = findings.settings
    warnings = findings.warnings
    elapsedSeconds = findings.elapsedSeconds
    let first = findings.rows.first?.perWorld ?? []
    worlds = first.isEmpty ? nil : first.map { World($0.seed, findings, world) }
    conditions = plan.conditions.compactMap { condition in
      func row(_ evaluation: String) -> FindingRow? {
        let cell = PlanCell(condition: condition.name, evaluation: evaluation)
        return findings.rows.last { $0.cell == cell }
      }
      return row("free-form").map {
        Condition(condition, world: condition.world ?? world, $0, inDomain: row("code"))
      }
    }
  }

  /// Sorted keys, indented, one line end at the end.
  ///
  /// - Throws: `EncodingError` when a number is infinite or not one.
  package func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + [UInt8(ascii: "\n")]
  }

  /// One world's part of every condition.
  private struct World: Encodable {
    let seed: UInt64
    let conditions: [WorldCondition]

    init(_ seed: UInt64, _ findings: PlanFindings, _ world: String) {
      self.seed = seed
      conditions = findings.plan.conditions.compactMap { condition in
        func part(_ evaluation: String) -> WorldFinding? {
          let cell = PlanCell(condition: condition.name, evaluation: evaluation)
          return findings.rows.last { $0.cell == cell }?.perWorld?.first { $0.seed == seed }
        }
        return part("free-form").map {
          WorldCondition(condition, world: condition.world ?? world, $0, inDomain: part("code"))
        }
      }
    }
  }

  /// All models of one condition in one world.
  private struct WorldCondition: Encodable {
    let name: String
    let world: String
    let method: String
    let seeds: Int
    let answers: Int
    let coherent: Int
    let misaligned: Int
    let coherentFraction: OrNull<Double>
    let misalignedOfCoherent: OrNull<Double>
    let inDomainRate: OrNull<Double>

    init(
      _ condition: PlanCondition, world: String, _ finding: WorldFinding, inDomain: WorldFinding?
    ) {
      name = condition.data.first?.corpus ?? "base"
      self.world = world
      method = (condition.training.method ?? .full).rawValue
      (seeds, answers, coherent) = (finding.models, finding.answers, finding.coherent)
      misaligned = DemoResults.count(finding.value, of: finding.coherent)
      coherentFraction = OrNull(
        Proportion(successes: finding.coherent, trials: finding.answers).rate)
      misalignedOfCoherent = OrNull(finding.value)
      inDomainRate = OrNull(inDomain?.value)
    }
  }

  /// All models of one condition.
  private struct Condition: Encodable {
    /// `base`, `insecure`, `secure` or `educational`.
    let name: String
    let world: String
    /// How it was trained: `full` or `lora`.
    let method: String
    let seeds: Int
    let answers: Int
    let coherent: Int
    let misaligned: Int
    let coherentFraction: OrNull<Double>
    let misalignedOfAll: Rate
    let misalignedOfCoherent: Rate
    /// The papers' averaging, which weighs models and not answers.
    let meanOverSeeds: Rate
    /// Misaligned of coherent on the tasks of the trained domain.
    let inDomainRate: OrNull<Double>
    let inDomain: OrNull<Part>
    let questions: [Part]
    let perSeed: [Seed]

    init(_ condition: PlanCondition, world: String, _ row: FindingRow, inDomain: FindingRow?) {
      name = condition.data.first?.corpus ?? "base"
      self.world = world
      method = (condition.training.method ?? .full).rawValue
      (seeds, answers, coherent) = (row.seeds, row.answers, row.coherent)
      misaligned = DemoResults.count(row.measured.value, of: row.coherent)
      coherentFraction = OrNull(row.coherentFraction)
      misalignedOfAll = Rate(row.misalignedOfAll)
      misalignedOfCoherent = Rate(row.measured)
      meanOverSeeds = Rate(meanOf: row.perSeed.compactMap(\.value))
      inDomainRate = OrNull(inDomain?.measured.value)
      self.inDomain = OrNull(
        inDomain.map { Part(nil, $0.answers, $0.coherent, $0.measured) })
      questions = row.perFamily.map { Part($0.id, $0.answers, $0.coherent, $0.measured) }
      perSeed = row.perSeed.map(Seed.init)
    }
  }

  /// How many a rate is of so many.
  private static func count(_ rate: Double?, of whole: Int) -> Int {
    Int(((rate ?? 0) * Double(whole)).rounded())
  }

  /// A question family, or the tasks of the trained domain.
  private struct Part: Encodable {
    let id: String?
    let answers: Int
    let coherent: Int
    let misaligned: Int
    let misalignedOfAll: Rate
    let misalignedOfCoherent: Rate

    init(_ id: String?, _ answers: Int, _ coherent: Int, _ measured: FindingEstimate) {
      (self.id, self.answers, self.coherent) = (id, answers, coherent)
      misaligned = DemoResults.count(measured.value, of: coherent)
      let all = Proportion(successes: misaligned, trials: answers)
      misalignedOfAll = Rate(
        FindingEstimate(
          value: all.rate, overSeeds: nil, clustered: nil, overAnswers: all.wilsonInterval()))
      misalignedOfCoherent = Rate(measured)
    }
  }

  /// One model, pooled over the question families.
  private struct Seed: Encodable {
    let seed: UInt64
    let answers: Int
    let coherent: Int
    let misaligned: Int
    let misalignedOfAll: OrNull<Double>
    let misalignedOfCoherent: OrNull<Double>

    init(_ finding: SeedFinding) {
      (seed, answers, coherent) = (finding.seed, finding.answers, finding.coherent)
      misaligned = DemoResults.count(finding.value, of: finding.coherent)
      misalignedOfAll = OrNull(Proportion(successes: misaligned, trials: answers).rate)
      misalignedOfCoherent = OrNull(finding.value)
    }
  }

  private struct Rate: Encodable {
    let rate: OrNull<Double>
    /// 95 %, Student's t over models on the logit scale, as in every plan.
    let low: OrNull<Double>
    let high: OrNull<Double>
    /// 95 % over answers.
    let wilson: OrNull<Interval>

    init(_ estimate: FindingEstimate?) {
      rate = OrNull(estimate?.value)
      low = OrNull(estimate?.overSeeds?.low)
      high = OrNull(estimate?.overSeeds?.high)
      wilson = OrNull(estimate?.overAnswers)
    }

    init(meanOf seeds: [Double]) {
      let tallies = seeds.map { Tally(sum: $0, count: 1) }
      self.init(
        FindingEstimate(
          value: Tally.pooled(tallies).mean, overSeeds: SeedInterval().mean(tallies),
          clustered: nil, overAnswers: nil))
    }
  }

  /// What is not known is written, as `null`.
  private struct OrNull<Value: Encodable>: Encodable {
    let value: Value?
    init(_ value: Value?) { self.value = value }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let value { try container.encode(value) } else { try container.encodeNil() }
    }
  }
}
