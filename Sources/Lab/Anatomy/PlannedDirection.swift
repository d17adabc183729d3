import Anatomy
import Core
import Engine
import Formats
import Plans
import Store
import Tuning

/// A direction of the residual stream, of one model and the one that it is the change from.
struct PlannedDirection {
  /// What is read besides the texts that all directions share.
  enum Material {
    case none
    /// What the tuned model has answered, for a split by verdict.
    case answers(PlannedAnswers)
    case pairs(PlannedContrast)
    /// Names whose texts are held against each other.
    case authors(bad: [String], good: [String])
  }

  /// What is the same for all directions of a model.
  struct Reading {
    let sites: [Site]
    let tokens: PlanTokens
    /// Read by both models: along the direction, their difference is the unit of doses.
    let texts: [Conversation]
    /// Of each kind.
    let controls: Int
    let seed: UInt64
    /// Of who says what answers are, and of the thresholds.
    let reader: Fingerprint
  }

  let definition: PlanDirection
  let tuned: PlannedModel
  let base: PlannedModel
  let reading: Reading
  let material: Material
  let stage: Stage

  /// - Parameter name: tells a model from all others.
  init(
    _ definition: PlanDirection, of tuned: PlannedModel, from base: PlannedModel,
    _ reading: Reading, _ material: Material, named name: (PlannedModel) throws -> String
  ) throws {
    (self.definition, self.tuned, self.base) = (definition, tuned, base)
    (self.reading, self.material) = (reading, material)
    let address = Address(
      definition: definition.definition, tuned: try name(tuned), base: try name(base),
      sites: reading.sites, tokens: reading.tokens, texts: reading.texts,
      controls: reading.controls, seed: reading.seed, reader: reading.reader,
      material: material.address)
    stage = Stage(
      .direction, "Direction \(definition.title) of \(tuned.name)", try Fingerprint(of: address),
      needs: [tuned.madeBy, base.madeBy, material.answers].distinct, total: 1,
      unitCost: tuned.isOfDish ? Double(reading.texts.count) : nil)
  }

  var sites: [Site] { reading.sites }
  var replicate: Replicate { tuned.replicate }

  private struct Address: Encodable {
    let version = 2
    let definition: PlanDirection.Definition
    let tuned: String
    let base: String
    let sites: [Site]
    let tokens: PlanTokens
    let texts: [Conversation]
    let controls: Int
    let seed: UInt64
    let reader: Fingerprint
    let material: [String]
  }

  /// In the project's folder.
  var place: String { "directions/\(definition.name)-\(stage.fingerprint.hex.prefix(16))" }
}

extension PlannedDirection.Material {
  fileprivate var address: [String] {
    switch self {
    case .none: []
    case .answers(let cell): [cell.stage.fingerprint.hex]
    case .pairs(let contrast): [contrast.texts.fingerprint.hex]
    case .authors(let bad, let good): bad + ["-"] + good
    }
  }

  /// The stage that asks for the answers.
  fileprivate var answers: Fingerprint? {
    if case .answers(let cell) = self { cell.stage.fingerprint } else { nil }
  }
}

extension [Fingerprint?] {
  /// Those that are there, each once.
  var distinct: [Fingerprint] { compactMap { $0 }.distinct }
}

extension PlannedModel {
  /// Whose costs are counted in training rows of a dish.
  var isOfDish: Bool { if case .grown = source { true } else { false } }
}

extension RunKind {
  /// A direction of the residual stream.
  package static let direction = RunKind(rawValue: "direction")
  /// What a direction does to a model.
  package static let effects = RunKind(rawValue: "effects")
}
