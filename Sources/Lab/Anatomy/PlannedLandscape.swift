import Core
import Engine
import Evaluation
import Plans
import Store
import Tuning

/// The weights between and around three models of one seed: which points are looked at, and what is measured there.
struct PlannedLandscape {
  /// Two models and the straight way between them.
  struct Line {
    let ends: [PlannedModel]
    /// Whether the ends differ by the draws of training alone.
    let isNoise: Bool
  }

  struct Loss {
    let name: String
    let texts: [Conversation]
  }

  /// What says how models behave.
  enum Measure {
    /// Questions of the dish, which its oracle reads.
    case asked(PlannedAnswers)
    case scored(PlannedContrast)
  }

  let plan: PlanLandscape
  /// Of the plane, where the first is its origin.
  let corners: [PlannedModel]
  let lines: [Line]
  let losses: [Loss]
  let measure: Measure?
  /// Models that are not corners, and where they stand.
  let placed: [PlannedModel]
  let seed: UInt64
  let stage: Stage

  /// - Parameter name: tells a model from all others.
  init(
    _ plan: PlanLandscape, through corners: [PlannedModel], _ lines: [Line], _ losses: [Loss],
    _ measure: Measure?, placing placed: [PlannedModel], seed: UInt64, reader: Fingerprint,
    named name: (PlannedModel) throws -> String
  ) throws {
    (self.plan, self.corners, self.lines, self.losses) = (plan, corners, lines, losses)
    (self.measure, self.placed, self.seed) = (measure, placed, seed)
    var address = Address(
      corners: try corners.map(name), lines: try lines.map { try $0.ends.map(name) },
      names: losses.map(\.name), losses: losses.map(\.texts), points: plan.points, grid: plan.grid,
      beyond: plan.beyond,
      random: plan.random, placed: try placed.map(name), seed: seed)
    var cost = Double(losses.reduce(0) { $0 + $1.texts.count }) / 3
    switch measure {
    case nil: break
    case .asked(let cell):
      address.asked = cell.asked.families.map { $0.places.map { "\($0.key)" } }
      (address.answered, address.reader, address.answers) = (cell.settings, reader, plan.answers)
      cost += Double(cell.asked.families.count * plan.answers)
    case .scored(let contrast):
      address.scored = contrast.texts.fingerprint
      cost += Double(contrast.texts.count) / 3
    }
    stage = Stage(
      .landscape, "Landscape through \(corners.map(\.name).joined(separator: ", "))",
      try Fingerprint(of: address),
      needs: (corners + lines.flatMap(\.ends) + placed).map(\.madeBy).distinct,
      total: Self.cells(plan, lines).count, unitCost: corners[0].isOfDish ? cost : nil)
  }

  var replicate: Replicate { corners[1].replicate }

  private struct Address: Encodable {
    let version = 2
    let corners: [String]
    let lines: [[String]]
    /// Figures have them.
    let names: [String]
    let losses: [[Conversation]]
    let points: Int
    let grid: Int
    let beyond: Double
    let random: Int
    let placed: [String]
    let seed: UInt64
    var asked: [[String]]?
    var answered: AnswerSettings?
    var reader: Fingerprint?
    var answers: Int?
    var scored: Fingerprint?
  }

  /// One point.
  enum Cell: Hashable {
    /// Of a line, from 0 at its first end.
    case line(Int, Int)
    /// Of the plane, from its lowest corner: column, row.
    case plane(Int, Int)
    /// Of a plane along random axes: which one, column, row.
    case random(Int, Int, Int)

    /// In names of figures.
    var name: String {
      switch self {
      case .line(let line, let point): "line/\(line)/\(point)"
      case .plane(let column, let row): "plane/\(column)/\(row)"
      case .random(let plane, let column, let row): "random/\(plane)/\(column)/\(row)"
      }
    }

    func figure(_ part: String) -> String { "\(name)/\(part)" }
    func loss(_ name: String, _ part: String) -> String { "\(self.name)/\(name)/\(part)" }
  }

  /// Lines with their ends first, what is between them being held against these; then planes.
  var cells: [Cell] { Self.cells(plan, lines) }

  private static func cells(_ plan: PlanLandscape, _ lines: [Line]) -> [Cell] {
    let between = lines.indices.flatMap { line in
      ([0, plan.points - 1] + (1..<plan.points - 1)).map { Cell.line(line, $0) }
    }
    let plane = (0..<plan.grid).flatMap { row in
      (0..<plan.grid).map { Cell.plane($0, row) }
    }
    let random = (0..<plan.random).flatMap { plane in
      (0..<randomGrid).flatMap { row in (0..<randomGrid).map { Cell.random(plane, $0, row) } }
    }
    return between + plane + (plan.grid > 0 ? random : [])
  }

  /// Points along either axis of a random plane, the first corner in the middle.
  static let randomGrid = 5

  /// What is asked at a point.
  func places(_ answers: PlannedAnswers, in cell: Cell) -> [AskedPlace] {
    let count: Int
    switch cell {
    case .line: count = 4 * plan.answers
    case .plane: count = plan.answers
    // Of a step that nobody has chosen the losses are enough.
    case .random: count = 0
    }
    return answers.asked.families.flatMap { $0.places.prefix(count) }
  }
}

extension RunKind {
  /// Losses and behaviour between and around models.
  package static let landscape = RunKind(rawValue: "landscape")
}
