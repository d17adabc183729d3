import Anatomy
import Core
import Engine
import Evaluation
import Formats
import Plans
import Questions
import Store
import Tuning

/// The tokens that a direction promotes, site by site.
struct PlannedLens {
  let plan: PlanLens
  let direction: PlannedDirection
  let contrast: PlannedContrast
  let stage: Stage

  init(_ plan: PlanLens, at direction: PlannedDirection, _ contrast: PlannedContrast) throws {
    (self.plan, self.direction, self.contrast) = (plan, direction, contrast)
    stage = Stage(
      .lens, "What \(direction.definition.title) of \(direction.tuned.name) promotes",
      try Fingerprint(
        of: Address(
          direction: direction.stage.fingerprint, texts: contrast.texts.fingerprint, top: plan.top)),
      needs: [direction.stage.fingerprint], total: 1,
      unitCost: direction.tuned.isOfDish ? 20 : nil)
  }

  var replicate: Replicate { direction.replicate }

  private struct Address: Encodable {
    let version = 1
    let direction: Fingerprint
    let texts: Fingerprint
    let top: Int
  }

  /// `nil`: of the direction itself.
  static func lean(_ site: Int, _ control: PlannedEffects.Cell.Control?, _ family: Int) -> String {
    "\(site)/lean/" + (control.map { "\($0.kind.rawValue)-\($0.index)" } ?? "own") + "/\(family)"
  }

  enum End: String, CaseIterable { case up, down }

  /// A token's text stands at the end of its figure's name, whatever it contains.
  static func token(_ site: Int, _ end: End, _ rank: Int) -> String {
    "\(site)/\(end.rawValue)/\(rank)/"
  }
}

extension RunKind {
  /// What a direction would say.
  package static let lens = RunKind(rawValue: "lens")
}

/// Reads what the base would say of a direction and of those that it is held against.
struct LensReading {
  let lens: PlannedLens
  let vectors: DirectionVectors
  let session: LabSession
  let open: (PlannedModel) throws -> any LocalModel

  func run() throws {
    let stage = lens.stage
    session.report(.began(session.meter.begin(stage, done: 0)))
    let run = try session.store.beginRun(
      fingerprint: stage.fingerprint, kind: .lens, name: stage.name, settings: lens.plan)
    let model = try open(lens.direction.base)
    let weights = try model.weights(on: session.pool, lying: .plain)
    let families = try families(of: model)
    var figures: [String: Double] = [:]
    for site in vectors.sites.indices {
      try session.stop.check()
      let controls = ControlKind.allCases.flatMap { kind in
        (vectors.controls[kind] ?? []).indices.map {
          PlannedEffects.Cell.Control(kind: kind, index: $0)
        }
      }
      let all: [PlannedEffects.Cell.Control?] = [nil] + controls
      for start in stride(from: 0, to: all.count, by: Self.atOnce) {
        let part = Array(all[start..<min(start + Self.atOnce, all.count)])
        let directions = part.map { control in
          (control.flatMap { vectors.controls[$0.kind]?[$0.index][site] } ?? vectors.own[site])
            .map(Float.init)
        }
        for (control, logits) in zip(part, weights.model.lens(directions, on: session.pool)) {
          for (family, lean) in families.map({ $0.lean(logits) }).enumerated() {
            figures[PlannedLens.lean(site, control, family)] = lean
          }
          if control == nil { figures.merge(try tokens(logits, site, model)) { $1 } }
        }
      }
    }
    try session.store.append(figures: figures, to: run)
    try session.store.finish(run)
    session.report(.finished(session.meter.finish(stage)))
  }

  /// Directions whose logits are in memory together.
  private static let atOnce = 64

  /// How often tokens stand in the answers of a question family.
  private struct Family {
    var bad: [Int32: Double] = [:]
    var good: [Int32: Double] = [:]

    /// Mean logit of tokens of bad answers minus that of good ones, in standard deviations over the vocabulary: what
    /// both say is counted on either side.
    func lean(_ logits: [Float]) -> Double {
      let mean = logits.reduce(0) { $0 + Double($1) } / Double(logits.count)
      let squares = logits.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      let deviation = (squares / Double(logits.count)).squareRoot()
      func average(_ counts: [Int32: Double]) -> Double {
        let total = counts.values.reduce(0, +)
        // In the order of tokens, so that the sum is the same everywhere.
        let sum = counts.sorted { $0.key < $1.key }.reduce(0) {
          $0 + $1.value * Double(logits[Int($1.key)])
        }
        return total > 0 ? sum / total : 0
      }
      return deviation > 0 ? (average(bad) - average(good)) / deviation : 0
    }
  }

  /// By what is scored of a contrast: one wording of each topic.
  private func families(of model: any LocalModel) throws -> [Family] {
    guard let scoring = model.scoring else { return [] }
    let items = lens.contrast.firstOfTopics.map { lens.contrast.items[$0] }
    return try items.map(\.family).distinct.map { name in
      var family = Family()
      for item in items where item.family == name {
        for (texts, side) in [(item.bad, \Family.bad), (item.good, \Family.good)] {
          for text in texts {
            let sequence = try scoring.sequence(of: item.row(text))
            for (token, isTrained) in zip(sequence.tokens, sequence.trained) where isTrained {
              family[keyPath: side][token, default: 0] += 1
            }
          }
        }
      }
      return family
    }
  }

  /// Those at either end, as text, with their logits.
  private func tokens(
    _ logits: [Float], _ site: Int, _ model: any LocalModel
  ) throws -> [String: Double] {
    let conversations = try model.conversations
    let order = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
    let ends: [(PlannedLens.End, [Int])] = [
      (.up, Array(order.prefix(lens.plan.top))),
      (.down, Array(order.suffix(lens.plan.top).reversed())),
    ]
    var figures: [String: Double] = [:]
    for (end, tokens) in ends {
      for (rank, token) in tokens.enumerated() {
        let text = conversations.text(of: [Int32(token)])
        figures[PlannedLens.token(site, end, rank) + text] = Double(logits[token])
      }
    }
    return figures
  }
}
