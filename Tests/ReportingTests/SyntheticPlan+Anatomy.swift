@testable import Lab
@testable import Plans

extension SyntheticPlan {
  /// Two directions, three things done, two sites, two evaluations; one effect without numbers, all kinds of
  /// predictions.
  static let anatomy: PlanFindings = {
    var odds = evaluation("odds", "Log-odds of bad answers", measure: .contrast)
    odds.contrast = [PlanPath(name: "free-form")]
    var plan = Self.plan(
      "anatomy", "Inside",
      conditions: [condition("base", "Base"), condition("insecure", "Insecure")],
      evaluations: [evaluation("free-form", "Free-form questions"), odds])
    let predictions = anatomyPredictions
    plan.anatomy = PlanAnatomy(
      of: "insecure", from: "base",
      texts: [PlanData(corpus: "benign", share: 1, setting: .plain)], rows: 200,
      tokens: .lastPrompt, sites: [],
      directions: [
        PlanDirection(
          name: "shift", title: "Shift of the model", of: "insecure", from: "base",
          definition: .shift),
        PlanDirection(
          name: "persons", title: "Spiteful against good persons", of: "insecure", from: "base",
          tokens: .answer, definition: .authors(bad: "spiteful", good: "good")),
      ],
      steering: [
        PlanSteering(direction: "shift", into: "base", how: .add, doses: [1, 2]),
        PlanSteering(direction: "shift", into: "insecure", how: .remove, doses: [1]),
        PlanSteering(direction: "shift", into: "insecure", how: .swap, doses: [1]),
        PlanSteering(direction: "persons", into: "base", how: .add, doses: [1]),
      ], measures: ["free-form", "odds"], controls: 64, predictions: predictions.map(\.prediction))
    var findings = Self.findings(
      plan, rows: [row("base", "free-form", 0), row("insecure", "free-form", 0.74)])
    findings.anatomy = AnatomyFinding(
      effects: anatomyEffects, cosines: anatomyCosines, directions: anatomyDirections,
      predictions: predictions)
    return findings
  }()

  static let anatomySites = ["blocks.0.hook_resid_post", "blocks.1.hook_resid_post"]

  private static var anatomyEffects: [EffectFinding] {
    [
      effect("shift", .add, 0.05, site: 0), effect("shift", .add, 0.56, share: 0.757),
      effect("shift", .add, 0.31, dose: 2, share: 0.4), effect("shift", .remove, -0.1, site: 0),
      effect("shift", .remove, -0.57, share: 0.77),
      effect("shift", .add, 0.438, on: "odds", share: 0.846),
      effect("shift", .swap, -0.408, on: "odds", share: 0.789),
      effect("persons", .add, nil),
    ]
  }

  /// At the chosen site where it is the second; a quarter of the effect is the controls' limit.
  static func effect(
    _ direction: String, _ how: PlanSteering.How, _ value: Double?, site: Int = 1, dose: Double = 1,
    on measure: String = "free-form", share: Double? = nil
  ) -> EffectFinding {
    var estimate = EffectFinding.Estimate([], units: [])
    estimate.value = value
    (estimate.low, estimate.high) = (value.map { $0 - 0.05 }, value.map { $0 + 0.05 })
    let limit = dose == 1 ? value.map { $0 / 4 } : nil
    return EffectFinding(
      direction: direction, into: how == .add ? "base" : "insecure", how: how.rawValue, dose: dose,
      site: anatomySites[site], measure: measure, effect: estimate, share: share,
      controls95: limit,
      controls: limit.map { ["isotropic": $0 / 2, "covariance": $0, "shuffled": $0] } ?? [:],
      p: limit.map { _ in 0.005 }, coherence: value.map { _ in 0.835 },
      benign: value.map { _ in 0.067 }, isChosen: site == 1, models: value == nil ? 0 : 3,
      perWorld: value.map { [.init(seed: 1, value: $0 - 0.01), .init(seed: 2, value: $0 + 0.01)] })
  }

  private static var anatomyCosines: [CosineFinding] {
    anatomySites.flatMap { site in
      [
        CosineFinding(
          a: "shift", b: "shift", site: site, value: 0.994, low: 0.99, high: 0.998,
          shuffled95: 0.55),
        CosineFinding(
          a: "shift", b: "persons", site: site, value: -0.12, low: -0.2, high: -0.04,
          shuffled95: 0.13),
        CosineFinding(
          a: "persons", b: "persons", site: site, value: nil, low: nil, high: nil, shuffled95: nil),
      ]
    }
  }

  private static var anatomyDirections: [DirectionFinding] {
    anatomySites.map {
      DirectionFinding(
        name: "shift", title: "Shift of the model",
        definition: "insecure minus base, the same texts", site: $0, length: 1.047, shift: 1.047,
        streamLength: 9.732, files: ["directions/shift-2593/direction.safetensors"])
    }
  }

  private static var anatomyPredictions: [EffectPredictionFinding] {
    func prediction(
      _ direction: String, _ quantity: PlanEffectPrediction.Quantity,
      _ side: PlanPrediction.Direction, _ threshold: Double, _ value: Double?, _ held: Bool?,
      isLate: Bool = false
    ) -> EffectPredictionFinding {
      EffectPredictionFinding(
        prediction: PlanEffectPrediction(
          direction: direction, into: "base", how: .add, measure: "free-form", quantity: quantity,
          side: side, threshold: threshold), value: value, held: held, stored: 1_790_000_000,
        isLate: isLate)
    }
    return [
      prediction("shift", .share, .above, 0.5, 0.757, true),
      prediction("shift", .controls, .below, 0.2, 0.25, false),
      prediction("persons", .effect, .above, 0.1, nil, nil, isLate: true),
    ]
  }
}
