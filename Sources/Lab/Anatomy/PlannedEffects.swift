import Anatomy
import Core
import Engine
import Evaluation
import Formats
import Plans
import Store
import Tuning

/// What a direction does to a model, and what directions by chance do to it.
struct PlannedEffects {
  let steering: PlanSteering
  let direction: PlannedDirection
  let into: PlannedModel
  /// Whose part along the direction takes the place of the model's own.
  let donor: PlannedModel?
  /// What is scored of the steered model, and what it is asked.
  let scored: [PlannedContrast]
  let asked: [PlannedAnswers]
  let stage: Stage

  /// - Parameter name: tells a model from all others.
  init(
    _ steering: PlanSteering, along direction: PlannedDirection, into: PlannedModel,
    from donor: PlannedModel?, scored: [PlannedContrast], asked: [PlannedAnswers],
    named name: (PlannedModel) throws -> String
  ) throws {
    (self.steering, self.direction, self.into) = (steering, direction, into)
    (self.donor, self.scored) = (donor, scored)
    // What lies along a direction in another model is known of texts that are there.
    let asked = steering.how == .swap ? [] : asked
    self.asked = asked
    let address = Address(
      tokens: steering.tokens ?? direction.reading.tokens, how: steering.how, doses: steering.doses,
      direction: direction.stage.fingerprint,
      into: try name(into), donor: try donor.map(name), scored: scored.map(\.texts.fingerprint),
      asked: asked.map { $0.places.keys.map { "\($0.question) \($0.sample)" } },
      answered: asked.map(\.settings))
    let texts = scored.reduce(0) { $0 + $1.texts.count }
    let answers = asked.reduce(0) { $0 + $1.places.count }
    // A text that is scored costs a third of one that is trained on, and an answer about one; most cells are
    // of controls, of which few are asked.
    let cost = Double(texts) / 3 + Double(answers) / 8
    stage = Stage(
      .effects, "\(steering.how.rawValue) \(direction.definition.title) in \(into.name)",
      try Fingerprint(of: address),
      needs: [direction.stage.fingerprint, into.madeBy, donor?.madeBy].distinct,
      total: Self.cells(steering, direction).count, unitCost: into.isOfDish ? cost : nil)
  }

  private struct Address: Encodable {
    let version = 3
    let tokens: PlanTokens
    let how: PlanSteering.How
    let doses: [Double]
    let direction: Fingerprint
    let into: String
    let donor: String?
    let scored: [Fingerprint]
    let asked: [[String]]
    let answered: [AnswerSettings]
  }

  /// Which tokens are edited.
  var tokens: ResidualEdit.Tokens {
    switch steering.tokens ?? direction.reading.tokens {
    case .all: .all
    case .lastPrompt: .lastPrompt
    case .answer: .answer
    }
  }

  /// One intervention: a place, a dose, the direction or one by chance.
  struct Cell: Hashable {
    let site: Int
    let dose: Double
    /// `nil`: the direction itself.
    let control: Control?

    struct Control: Hashable {
      let kind: ControlKind
      let index: Int
    }

    /// In names of figures.
    var name: String {
      "\(site)/\(dose)/" + (control.map { "\($0.kind.rawValue)-\($0.index)" } ?? "own")
    }

    func figure(_ measure: String, _ family: Int, _ part: String) -> String {
      "\(name)/\(measure)/\(family)/\(part)"
    }
  }

  /// Site by site, the direction in all doses first; controls have the dose 1.
  var cells: [Cell] { Self.cells(steering, direction) }

  private static func cells(_ steering: PlanSteering, _ direction: PlannedDirection) -> [Cell] {
    direction.sites.indices.flatMap { site in
      let own = steering.doses.map { Cell(site: site, dose: $0, control: nil) }
      return own
        + ControlKind.allCases.flatMap { kind in
          (0..<direction.reading.controls).map { index in
            Cell(site: site, dose: 1, control: Cell.Control(kind: kind, index: index))
          }
        }
    }
  }

  /// Controls of each kind that are asked, not only scored, and answers of each to a family: sampling costs more than
  /// scoring does.
  static let askedControls = 16
  static let askedOfControls = 12

  /// What is asked in a cell.
  func places(_ answers: PlannedAnswers, in cell: Cell) -> [(family: Int, places: [AskedPlace])] {
    answers.asked.families.enumerated().map { index, family in
      guard let control = cell.control else { return (index, family.places) }
      return control.index < Self.askedControls
        ? (index, Array(family.places.prefix(Self.askedOfControls))) : (index, [])
    }
  }

  /// How the model is edited in a cell; `nil` where it is patched.
  func edit(_ cell: Cell, _ vectors: DirectionVectors) -> ResidualEdit? {
    let vector = vector(cell, vectors)
    // A label that is dealt out anew may leave nothing.
    guard vector.contains(where: { $0 != 0 }) else { return nil }
    let operation: ResidualEdit.Operation? =
      switch steering.how {
      case .add: .add(length: Float(cell.dose * vectors.shift[cell.site]))
      case .remove: .remove(share: Float(cell.dose))
      case .swap: nil
      }
    return operation.map {
      ResidualEdit($0, along: vector, at: vectors.sites[cell.site], on: tokens)
    }
  }

  func vector(_ cell: Cell, _ vectors: DirectionVectors) -> [Float] {
    let own =
      cell.control.flatMap { vectors.controls[$0.kind]?[$0.index][cell.site] }
      ?? vectors.own[cell.site]
    return own.map(Float.init)
  }
}
