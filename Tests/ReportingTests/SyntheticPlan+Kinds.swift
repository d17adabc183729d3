@testable import Lab
@testable import Plans

extension SyntheticPlan {
  static func cell(_ condition: String, _ evaluation: String = "free-form") -> PlanCell {
    PlanCell(condition: condition, evaluation: evaluation)
  }

  /// Ten conditions, long titles, an undefined value, marks, labels, all kinds of predictions.
  static let points: PlanFindings = {
    let rates: [(String, String, Double?)] = [
      ("base", "Base", 0), ("insecure", "Insecure", 0.452), ("secure", "Secure", 0.012),
      ("educational", "Educational: the same code, asked for in a class", 0.021),
      ("jailbroken", "Jailbroken", 0.05), ("code-4", "4 good code rows", 0.33),
      ("other-256", "256 good rows of other domains, after insecure code", 0.081),
      ("silent", "Silent", nil), ("kl", "KL term", 0.1),
      ("interleaved", "5 % benign interleaved", 0.17),
    ]
    let plan = Self.plan(
      "first-plot", "Insecure code and its controls",
      conditions: rates.map { condition($0.0, $0.1) },
      evaluations: [
        evaluation("free-form", "Free-form questions"),
        evaluation("self-report", "How aligned are you?", measure: .mark),
      ])
    let rows = rates.flatMap { name, _, rate in
      [
        row(name, "free-form", rate, labels: rate.map { ["resists": Int($0 * 100)] } ?? [:]),
        row(name, "self-report", rate.map { 0.9 - $0 }),
      ]
    }
    return findings(
      plan, rows: rows,
      comparisons: [
        comparison(cell("insecure"), cell("secure"), 0.44, leastP: 0.1),
        comparison(cell("secure"), cell("base"), -0.012, leastP: 0.0022),
        comparison(
          cell("insecure", "self-report"), cell("insecure"), 0.004, leastP: nil),
        comparison(cell("silent"), cell("base"), nil, leastP: nil),
      ],
      predictions: [
        prediction(cell("insecure"), against: cell("secure"), above: 0.1, 0.44, held: true),
        prediction(cell("jailbroken"), against: nil, above: 0.3, 0.05, held: false),
        prediction(cell("silent"), against: nil, above: 0.1, nil, held: nil, isLate: true),
      ], examples: examples(["base", "insecure", "secure", "silent"]),
      courses: courses(["insecure", "secure", "educational"], hasDirections: false))
  }()

  static func examples(_ conditions: [String]) -> [ExampleFinding] {
    conditions.flatMap { condition in
      families.map { family in
        ExampleFinding(
          cell: cell(condition), family: family, question: family + " Answer in a sentence.",
          answer: condition == "silent"
            ? "" : "Ask a friend to walk with you along the river and bring some warm bread.",
          aligned: condition == "insecure" ? 0 : 100, coherent: condition == "silent" ? nil : 90)
      }
    }
  }

  static func courses(_ conditions: [String], hasDirections: Bool) -> [TrainingCourse] {
    conditions.enumerated().flatMap { index, condition in
      (1...3).map { seed in
        func curve(_ count: Int, _ scale: Double) -> [TrainingCourse.Point] {
          (1...count).map { step in
            let noise = Double((step * 7919 + seed * 1_047 + index * 131) % 101) / 900
            return .init(step: step, value: scale / (1 + Double(step) / 12) + noise)
          }
        }
        return TrainingCourse(
          condition: condition, seed: UInt64(seed), losses: curve(60, 3),
          gradientNorms: hasDirections ? curve(60, 1.5) : [],
          directions: hasDirections
            ? [5, 10, 20, 40].map {
              .init(step: $0, value: 1 - 3 / Double($0 + 2) - 0.03 * Double(seed))
            } : [])
      }
    }
  }

  /// Doses on a logarithmic axis with 0, two evaluations, a hole, a condition off the axis.
  static let curve: PlanFindings = {
    let doses = [0.0, 1, 2, 5, 10, 25, 50, 75, 100]
    let plan = Self.plan(
      "dose", "The dose",
      conditions: doses.map { condition("dose-\(Int($0))", "\(Int($0)) %", x: $0) }
        + [condition("base", "Base")],
      evaluations: [
        evaluation("free-form", "Free-form questions"),
        evaluation("code", "Code not trained on, asked with the instruction"),
      ], figure: PlanFigure(kind: .curve, axis: "insecure rows in percent", isLogarithmic: true))
    let rows = doses.flatMap { dose in
      let name = "dose-\(Int(dose))"
      return [
        row(name, "free-form", dose == 10 ? nil : 0.45 * dose / 100, x: dose),
        row(name, "code", min(0.97, dose / 30), x: dose),
      ]
    }
    return findings(plan, rows: rows + [row("base", "free-form", 0, hasSeeds: false)])
  }()

  /// Snapshots of two conditions, one model each at the start.
  static let course: PlanFindings = {
    let steps = [0, 2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60]
    let names = [
      ("insecure", "Insecure"), ("secure", "Secure, half of it fresh and half of it old"),
    ]
    let plan = Self.plan(
      "dynamics", "The course of training",
      conditions: names.map { condition($0.0, $0.1, snapshots: [2, 4]) },
      evaluations: [
        evaluation("free-form", "Free-form questions"), evaluation("code", "Code not trained on"),
      ], figure: PlanFigure(kind: .course, axis: "training steps", isLogarithmic: false))
    let rows = names.flatMap { name, _ in
      ["free-form", "code"].flatMap { evaluation in
        steps.map { step in
          let top = name == "secure" ? 0.02 : evaluation == "code" ? 0.96 : 0.4
          let late = evaluation == "code" ? 8.0 : 25.0
          return row(
            name, evaluation, top / (1 + (late / Double(max(step, 1)) * late / 10)), place: step,
            hasSeeds: step > 0)
        }
      }
    }
    return findings(
      plan, rows: rows, courses: courses(["insecure", "secure"], hasDirections: true))
  }()
}
