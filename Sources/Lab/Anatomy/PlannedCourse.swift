import Core
import Engine
import Formats
import Plans
import Store
import Tuning

/// One training, step by step: how far it has moved along a direction.
struct PlannedCourse {
  /// What the training has left after so many steps.
  struct Step {
    let step: Int
    let model: PlannedModel
  }

  let plan: PlanCourse
  let direction: PlannedDirection
  /// The earliest first.
  let steps: [Step]
  let stage: Stage

  /// - Parameter name: tells a model from all others.
  init(
    _ plan: PlanCourse, along direction: PlannedDirection, of steps: [Step],
    named name: (PlannedModel) throws -> String
  ) throws {
    (self.plan, self.direction) = (plan, direction)
    self.steps = steps.sorted { $0.step < $1.step }
    stage = Stage(
      .course,
      "Course of \((self.steps.last ?? steps[0]).model.condition.title) along \(direction.definition.title)",
      try Fingerprint(
        of: Address(
          direction: direction.stage.fingerprint, models: try self.steps.map { try name($0.model) },
          tokens: direction.reading.tokens)),
      needs: ([direction.stage.fingerprint] + steps.map(\.model.madeBy)).distinct,
      total: steps.count,
      unitCost: steps[0].model.isOfDish ? Double(direction.reading.texts.count) / 3 : nil)
  }

  private struct Address: Encodable {
    let version = 1
    let direction: Fingerprint
    let models: [String]
    let tokens: PlanTokens
  }

  /// Name of a figure: how far the model has moved at a site.
  static func figure(_ step: Int, _ site: Int) -> String { "\(step)/\(site)" }
}

extension RunKind {
  /// How a training moves along a direction.
  package static let course = RunKind(rawValue: "course")
}

/// Reads how far the models of a training have moved.
struct CourseReading {
  let course: PlannedCourse
  let vectors: DirectionVectors
  let session: LabSession
  let open: (PlannedModel) throws -> any LocalModel

  /// Does what the store does not have.
  ///
  /// - Throws: `Interrupted` after a stop, with all finished models stored.
  func run() throws {
    let stage = course.stage
    let run = try session.store.beginRun(
      fingerprint: stage.fingerprint, kind: .course, name: stage.name, settings: course.plan)
    let done = try session.store.figures(of: run)
    var count = course.steps.count { done[PlannedCourse.figure($0.step, 0)] != nil }
    session.report(.began(session.meter.begin(stage, done: count)))
    var start: [[[Float]]]?
    for step in course.steps where done[PlannedCourse.figure(step.step, 0)] == nil {
      try session.stop.check()
      let base = try start ?? means(of: course.direction.base)
      start = base
      let shift = vectors.shift(from: base, to: try means(of: step.model))
      let figures = shift.enumerated().map { site, value in
        (PlannedCourse.figure(step.step, site), value)
      }
      try session.store.append(figures: Dictionary(uniqueKeysWithValues: figures), to: run)
      count += 1
      session.report(.advanced(session.meter.advance(stage, to: count)))
    }
    try session.store.finish(run)
    session.report(.finished(session.meter.finish(stage)))
  }

  private func means(of model: PlannedModel) throws -> [[[Float]]] {
    let reading = course.direction.reading
    return try open(model).means(
      of: reading.texts, DirectionFacts.Tokens(reading.tokens), at: reading.sites,
      on: session.pool, stop: session.stop)
  }
}
