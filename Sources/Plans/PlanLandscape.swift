import Core
import Documents

/// The weights between and around three models: what they lose on texts, and how they behave.
package struct PlanLandscape: Sendable, Hashable, Codable {
  /// What the losses are of.
  package struct Loss: Sendable, Hashable, Codable {
    package var name: String
    package var texts: [PlanData]
  }

  /// Three conditions each: where the plane begins, where its first axis ends, and what spans the second.
  package var planes: [[String]]
  /// Two conditions that differ by the draws of training alone: the wall between them is the noise.
  package var noise: [String]?
  package var losses: [Loss]
  /// Of each loss.
  package var rows: Int
  /// Points on a line between two models, both ends among them.
  package var points: Int
  /// Points along either axis of a plane; 0: no planes, lines alone.
  package var grid: Int
  /// How far a plane goes beyond its corners, in lengths of its first axis.
  package var beyond: Double
  /// The evaluation that says how models behave there.
  package var measure: String?
  /// To each of its families, at every point of a plane; four times as many on a line.
  package var answers: Int
  /// Planes through the first corner along random axes.
  package var random: Int

  /// The conditions whose models are its corners, and whose noise it is held against.
  package var conditions: [String] { planes.flatMap { $0 } + (noise ?? []) }

  /// Every two corners, and what the noise is of, each once: the ends of its lines.
  package var lines: [[String]] {
    var lines: [[String]] = []
    for corners in planes {
      for (one, other) in [(0, 1), (1, 2), (0, 2)] { lines.append([corners[one], corners[other]]) }
    }
    if let noise { lines.append(noise) }
    return lines.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension PlanLandscape {
  /// Of three models, with what plans have where they do not say otherwise.
  package init(
    through corners: [String], losses: [(name: String, texts: [PlanData])], rows: Int = 32,
    points: Int = 11, grid: Int = 25, random: Int = 8, measure: String? = nil
  ) {
    planes = [corners]
    self.losses = losses.map { Loss(name: $0.name, texts: $0.texts) }
    (self.rows, self.points, self.grid, self.random) = (rows, points, grid, random)
    (noise, self.measure, beyond, answers) = (nil, measure, 0.25, 4)
  }

  init(
    _ value: PlanValue, conditions: [String], evaluations: [PlanEvaluation]
  ) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.landscape)
    let through = try fields.required("through")
    let several = (try? through.list(of: "planes").allSatisfy(\.isList)) ?? false
    let lists = several ? try through.list(of: "planes") : [through]
    planes = try lists.map { (list) throws(InputError) in
      try list.conditions(3, among: conditions)
    }
    noise = try fields["noise"]?.conditions(2, among: conditions)
    losses = try fields.required("losses").entries(of: "losses").map { (entry) throws(InputError) in
      Loss(name: entry.key, texts: try entry.value.parts())
    }
    rows = try fields.count("rows", upTo: 10_000) ?? 32
    points = try fields["points"]?.integer(in: 3...101) ?? 11
    grid = try fields["grid"]?.integer(in: 0...101) ?? 25
    guard grid != 1 else {
      throw fields.failure("grid", "found 1, expected 0 for lines alone, or 2 to 101")
    }
    beyond =
      try fields["beyond"]?.number("a number from 0 to 2") { (0...2).contains($0) } ?? 0.25
    measure = try fields["on"]?.name(of: "evaluation", among: evaluations.map(\.name))
    answers = try fields.count("answers", upTo: 1000) ?? 4
    random = try fields["random"]?.integer(in: 0...64) ?? 8
  }
}

extension PlanValue {
  /// So many different conditions.
  fileprivate func conditions(
    _ count: Int, among names: [String]
  ) throws(InputError) -> [String] {
    let found = try distinct("conditions") { (value) throws(InputError) in
      try value.name(of: "condition", among: names)
    }
    guard found.count == count else {
      throw failure("found \(found.count) conditions, expected \(count)")
    }
    return found
  }
}
