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

extension Experiment {
  /// Does a stage of the plan's anatomy.
  ///
  /// - Returns: whether it is one.
  func examine(_ stage: Stage, _ session: LabSession) async throws -> Bool {
    if let direction = anatomy?.directions.first(where: {
      $0.stage.fingerprint == stage.fingerprint
    }) {
      try await read(direction, session)
      return true
    }
    if let effects = anatomy?.effects.first(where: { $0.stage.fingerprint == stage.fingerprint }) {
      try await examine(effects, session)
      return true
    }
    if let landscape = anatomy?.landscapes.first(where: {
      $0.stage.fingerprint == stage.fingerprint
    }) {
      try await LandscapeReading(
        landscape, session, worlds.oracle, plan.rule, open: { [self] in try local($0) }
      ).run()
      return true
    }
    if let course = anatomy?.courses.first(where: { $0.stage.fingerprint == stage.fingerprint }) {
      try follow(course, session)
      return true
    }
    if let weights = anatomy?.weights.first(where: { $0.stage.fingerprint == stage.fingerprint }) {
      try WeightsReading(weights: weights, session: session, open: { [self] in try local($0) })
        .run()
      return true
    }
    if let map = anatomy?.maps.first(where: { $0.stage.fingerprint == stage.fingerprint }) {
      try MapReading(map: map, session: session, open: { [self] in try local($0) }).run()
      return true
    }
    if let patch = anatomy?.patches.first(where: { $0.stage.fingerprint == stage.fingerprint }) {
      try PatchReading(patch: patch, session: session, open: { [self] in try local($0) }).run()
      return true
    }
    return false
  }

  private func follow(_ course: PlannedCourse, _ session: LabSession) throws {
    guard let vectors = try vectors(of: course.direction) else {
      return try pass(course.stage, settings: course.plan, session)
    }
    try CourseReading(
      course: course, vectors: vectors, session: session, open: { [self] in try local($0) }
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

  private func examine(_ effects: PlannedEffects, _ session: LabSession) async throws {
    guard let vectors = try vectors(of: effects.direction) else {
      return try pass(effects.stage, settings: effects.steering, session)
    }
    try await EffectsReading(
      effects: effects, vectors: vectors, session: session, oracle: worlds.oracle, rule: plan.rule,
      into: KeptModel(local(effects.into)), donor: try effects.donor.map(local)
    ).run()
  }

  private func local(_ model: PlannedModel) throws -> any LocalModel {
    guard let local = try maker.open(model).local else {
      throw InputError("\(model.name.onOneLine): nobody can look into a model behind a server")
    }
    return local
  }

  private func read(_ direction: PlannedDirection, _ session: LabSession) async throws {
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

  /// Whether a stage of the anatomy or an audit has been done; `nil`: it is none.
  func isExamined(_ stage: Stage) throws -> StoredStage.State? {
    guard RunKind.ofAnatomy.contains(stage.kind) || stage.kind == .audit else { return nil }
    guard let run = try store.run(stage.fingerprint) else { return .waiting }
    guard run.state == .done else { return .running }
    return try folder.damaged(store.artifacts(of: run)) == nil ? .done : .running
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

extension RunKind {
  /// Those of looking inside.
  static let ofAnatomy: Set<RunKind> = [
    .direction, .effects, .landscape, .course, .patch, .map, .weights,
  ]
}
