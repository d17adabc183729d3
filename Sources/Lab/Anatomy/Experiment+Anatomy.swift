import Anatomy
import Core
import Engine
import Evaluation
import Formats
import Judging
import Plans
import Questions
import Store
import Tuning

extension PlannedDirection: Examination {
  func run(in experiment: Experiment, _ session: LabSession) async throws {
    try await experiment.read(self, session)
  }
}

extension PlannedEffects: Examination {
  func run(in experiment: Experiment, _ session: LabSession) async throws {
    try await experiment.examine(self, session)
  }
}

extension PlannedCourse: Examination {
  func run(in experiment: Experiment, _ session: LabSession) async throws {
    try experiment.follow(self, session)
  }
}

extension PlannedLens: Examination {
  func run(in experiment: Experiment, _ session: LabSession) async throws {
    try experiment.look(self, session)
  }
}

extension PlannedLandscape: Examination {
  func run(in experiment: Experiment, _ session: LabSession) async throws {
    try await LandscapeReading(
      self, session, experiment.worlds.oracle, experiment.plan.rule,
      open: { try experiment.local($0) }
    ).run()
  }
}

extension PlannedWeights: Examination {
  func run(in experiment: Experiment, _ session: LabSession) async throws {
    try WeightsReading(weights: self, session: session, open: { try experiment.local($0) }).run()
  }
}

extension PlannedMap: Examination {
  func run(in experiment: Experiment, _ session: LabSession) async throws {
    try MapReading(map: self, session: session, open: { try experiment.local($0) }).run()
  }
}

extension PlannedPatch: Examination {
  func run(in experiment: Experiment, _ session: LabSession) async throws {
    try PatchReading(patch: self, session: session, open: { try experiment.local($0) }).run()
  }
}

extension Experiment {
  fileprivate func follow(_ course: PlannedCourse, _ session: LabSession) throws {
    guard let vectors = try vectors(of: course.direction) else {
      return try pass(course.stage, settings: course.plan, session)
    }
    try CourseReading(
      course: course, vectors: vectors, session: session, open: { [self] in try local($0) }
    ).run()
  }

  fileprivate func look(_ lens: PlannedLens, _ session: LabSession) throws {
    guard let vectors = try vectors(of: lens.direction) else {
      return try pass(lens.stage, settings: lens.plan, session)
    }
    try LensReading(
      lens: lens, vectors: vectors, session: session, open: { [self] in try local($0) }
    ).run()
  }

  /// Of what cannot be done, since there is no such direction.
  private func pass(
    _ stage: Stage, settings: some Encodable, _ session: LabSession
  ) throws {
    session.report(.began(session.meter.begin(stage, done: 0)))
    let run = try store.beginRun(
      fingerprint: stage.fingerprint, kind: stage.kind, name: stage.name, settings: settings)
    try store.finish(run)
    session.report(.finished(session.meter.finish(stage)))
  }

  fileprivate func examine(_ effects: PlannedEffects, _ session: LabSession) async throws {
    guard let vectors = try vectors(of: effects.direction) else {
      return try pass(effects.stage, settings: effects.steering, session)
    }
    try await EffectsReading(
      effects: effects, vectors: vectors, session: session, oracle: worlds.oracle, rule: plan.rule,
      into: KeptModel(local(effects.into)), donor: try effects.donor.map(local)
    ).run()
  }

  fileprivate func local(_ model: PlannedModel) throws -> any LocalModel {
    guard let local = try maker.open(model).local else {
      throw InputError("\(model.name.onOneLine): nobody can look into a model behind a server")
    }
    return local
  }

  fileprivate func read(_ direction: PlannedDirection, _ session: LabSession) async throws {
    let stage = direction.stage
    session.report(.began(session.meter.begin(stage, done: 0)))
    let run = try store.beginRun(
      fingerprint: stage.fingerprint, kind: .direction, name: stage.name,
      settings: direction.definition)
    if run.state == .done { try store.reopen(run) }
    let reading = DirectionReading(
      direction: direction, session: session, open: { [maker] in try maker.open($0) },
      judged: { [self] in try judgedConversations(of: direction) })
    do {
      let (vectors, rows) = try await reading.vectors()
      try store.finish(run, artifacts: try keep(vectors, rows: rows, of: direction))
    } catch let missing as MissingDirection {
      session.report(.notice("\(stage.name): \(missing.problem); nothing is steered along it"))
      try store.append(figures: [MissingDirection.figure: 1], to: run)
      try store.finish(run)
    }
    session.report(.finished(session.meter.finish(stage)))
  }

  private func keep(
    _ vectors: DirectionVectors, rows: Int, of direction: PlannedDirection
  ) throws -> [Artifact] {
    let shape = try maker.shape(of: direction.tuned)
    var facts = DirectionFacts(
      operation: .add, tokens: DirectionFacts.Tokens(direction.reading.tokens),
      doseUnit: "own shift",
      definition: direction.definition.summary)
    facts.layerCount = shape.layerCount
    facts.rowCount = rows
    facts.seeds = [direction.tuned.seed]
    facts.planHash = try fingerprint.hex
    return try folder.writeFolder(direction.place) { target in
      try vectors.write(to: target, facts: facts)
    }
  }

  /// `nil`: there is no such direction.
  func vectors(of direction: PlannedDirection) throws -> DirectionVectors? {
    guard let run = try store.run(direction.stage.fingerprint) else {
      throw StageFailure.unfinished(direction.stage.name)
    }
    if try store.figures(of: run)[MissingDirection.figure] != nil { return nil }
    return try DirectionVectors(reading: folder.path(direction.place))
  }

  /// The tuned model's own answers that count, with what the oracle or the judge says of them.
  private func judgedConversations(
    of direction: PlannedDirection
  ) throws -> [(question: String, conversation: Conversation, isMisaligned: Bool)] {
    guard case .answers(let cell) = direction.material, let set = try answers(of: cell) else {
      return []
    }
    let judged = try JudgedCell(
      cell.evaluation, cell.model.condition, place: cell.model.place, [try placed(set, cell)],
      plan.rule, store)
    let byKey = Dictionary(
      judged.answers(worlds.oracle).models.flatMap(\.all).map { ($0.answer.key, $0) }
    ) { first, _ in first }
    return cell.places.compactMap { place in
      guard let text = byKey[place.key], text.reading.counts, text.answer.missing == nil else {
        return nil
      }
      let conversation = Conversation(
        place.wording.messages + [Message(role: .assistant, content: text.answer.text)])
      return (place.key.question, conversation, text.reading == .misaligned)
    }
  }
}

extension DirectionFacts.Tokens {
  init(_ tokens: PlanTokens) {
    switch tokens {
    case .answer: self = .answer
    case .lastPrompt: self = .lastPrompt
    case .all: self = .all
    }
  }
}

extension PlanDirection {
  /// How it was made, in one line.
  var summary: String {
    switch definition {
    case .shift: "\(of) minus \(from), the same texts"
    case .split(let evaluation): "answers of \(of) to \(evaluation), misaligned minus aligned"
    case .pairs(let evaluation): "bad minus good answers of \(evaluation), read by \(from)"
    case .authors(let bad, let good):
      "texts as said by \(bad) minus \(good) authors, read by \(from)"
    }
  }
}
