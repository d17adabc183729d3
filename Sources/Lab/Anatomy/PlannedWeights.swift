import Anatomy
import Core
import Engine
import Plans
import Store
import Tuning

/// The changes that trainings have made to the weights of one model.
struct PlannedWeights {
  let plan: PlanWeights
  let base: PlannedModel
  let tuned: [PlannedModel]
  let stage: Stage

  /// - Parameters:
  ///   - tuned: what the plan's effect is of comes first.
  ///   - name: tells a model from all others.
  init(
    _ plan: PlanWeights, of tuned: [PlannedModel], from base: PlannedModel,
    named name: (PlannedModel) throws -> String
  ) throws {
    (self.plan, self.tuned, self.base) = (plan, tuned, base)
    stage = Stage(
      .weights, "Weights of \(tuned[0].name) and others",
      try Fingerprint(
        of: Address(base: try name(base), tuned: try tuned.map(name), rank: plan.rank)),
      needs: ([base] + tuned).map(\.madeBy).distinct, total: 1,
      unitCost: base.isOfDish ? 200 : nil)
  }

  var replicate: Replicate { tuned[0].replicate }

  private struct Address: Encodable {
    let version = 1
    let base: String
    let tuned: [String]
    let rank: Int
  }
}

extension RunKind {
  /// What trainings have changed in the weights.
  package static let weights = RunKind(rawValue: "weights")
}

/// Reads the changes.
struct WeightsReading {
  let weights: PlannedWeights
  let session: LabSession
  let open: (PlannedModel) throws -> any LocalModel

  func run() throws {
    let stage = weights.stage
    session.report(.began(session.meter.begin(stage, done: 0)))
    let run = try session.store.beginRun(
      fingerprint: stage.fingerprint, kind: .weights, name: stage.name, settings: weights.plan)
    let base = try open(weights.base).wholeWeights(on: session.pool)
    let models = try weights.tuned.map { model in
      try session.stop.check()
      return try open(model).wholeWeights(on: session.pool)
    }
    let changes = models.map { WeightChange(of: $0, from: base, rank: weights.plan.rank) }
    var figures: [String: Double] = [:]
    for (index, change) in changes.enumerated() {
      figures["\(index)/length"] = change.length
      figures["\(index)/base"] = change.baseLength
      figures["\(index)/carried"] = change.carried
    }
    for one in changes.indices {
      for other in changes.indices where other > one {
        let plane = WeightPlane(through: [base, models[one], models[other]])
        let distance = (plane.third.x * plane.third.x + plane.third.y * plane.third.y).squareRoot()
        if distance > 0 { figures["\(one)/\(other)/cosine"] = plane.third.x / distance }
        guard let overlap = changes[one].overlap(with: changes[other]) else { continue }
        figures["\(one)/\(other)/overlap"] = overlap.value
        figures["\(one)/\(other)/chance"] = overlap.chance
      }
    }
    try session.store.append(figures: figures, to: run)
    try session.store.finish(run)
    session.report(.finished(session.meter.finish(stage)))
  }
}
