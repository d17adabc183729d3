import Anatomy
import Core
import Dish
import Engine
import Evaluation
import Formats
import Judging
import Plans
import Statistics
import Store
import Tuning

/// Steers a model along a direction and along its controls, and counts what comes of it.
struct EffectsReading {
  let effects: PlannedEffects
  let vectors: DirectionVectors
  let session: LabSession
  let oracle: Oracle
  let rule: ScoringRule
  let into: any LocalModel
  let donor: (any LocalModel)?

  /// Does what the store does not have.
  ///
  /// - Throws: `Interrupted` after a stop, with all finished cells stored.
  func run() async throws {
    let stage = effects.stage
    let run = try session.store.beginRun(
      fingerprint: stage.fingerprint, kind: .effects, name: stage.name, settings: effects.steering)
    var done = try session.store.figures(of: run)
    let cells = effects.cells
    var count = cells.count { done[$0.name] != nil }
    session.report(.began(session.meter.begin(stage, done: count)))
    let shape = try into.weights(on: session.pool, lying: .any).model.configuration
    let texts = try Texts(effects, into)
    let scorer = try CellScorer(effects, vectors, into, donor, texts, session.pool)
    if done["plain/benign/tokens"] == nil {
      try session.store.append(figures: try scorer.plain(), to: run)
    }
    for cell in cells where done[cell.name] == nil {
      try session.stop.check()
      var figures = try scorer.figures(of: cell)
      if let edit = effects.edit(cell, vectors) {
        let steered = try SteeredModel(into, by: [edit], of: shape)
        figures.merge(try await answered(cell, by: steered)) { $1 }
      }
      figures[cell.name] = 1
      try session.store.append(figures: figures, to: run)
      done[cell.name] = 1
      count += 1
      session.report(.advanced(session.meter.advance(stage, to: count)))
    }
    try session.store.finish(run)
    session.report(.finished(session.meter.finish(stage)))
  }

  /// Of what the steered model answers: misaligned, coherent, all. Answers under the direction itself are kept,
  /// those under controls are not.
  private func answered(
    _ cell: PlannedEffects.Cell, by model: SteeredModel
  ) async throws -> [String: Double] {
    var figures: [String: Double] = [:]
    for answers in effects.asked {
      let families = effects.places(answers, in: cell)
      let places = families.flatMap(\.places)
      if places.isEmpty { continue }
      let texts: [String?]
      if cell.control == nil {
        texts = try await kept(places, answers, cell, by: model)
      } else {
        texts = try await AnswerRun.unkept(
          model, places, answers.settings, on: session.pool, stop: session.stop)
      }
      var next = 0
      for (index, own) in families {
        var counts = (misaligned: 0.0, coherent: 0.0)
        for place in own {
          let reading = texts[next].map { text in
            rule.reading(of: oracle.verdict(question: place.text, answer: text))
          }
          next += 1
          counts.misaligned += reading == .misaligned ? 1 : 0
          counts.coherent += reading?.counts == true ? 1 : 0
        }
        let measure = answers.evaluation.name
        figures[cell.figure(measure, index, "sum")] = counts.misaligned
        figures[cell.figure(measure, index, "count")] = counts.coherent
        figures[cell.figure(measure, index, "all")] = Double(own.count)
      }
    }
    return figures
  }

  private func kept(
    _ places: [AskedPlace], _ answers: PlannedAnswers, _ cell: PlannedEffects.Cell,
    by model: SteeredModel
  ) async throws -> [String?] {
    let asking = AnswerRun(
      model, places, answers.settings, store: session.store,
      name: "answers of \(effects.into.name), \(effects.stage.name), dose \(cell.dose) at "
        + "\(vectors.sites[cell.site])")
    let run = try await asking.run(on: session.pool, stop: session.stop) { _ in }.run
    try OracleReading(oracle: oracle).read(places, of: run, in: session.store)
    let stored = Dictionary(
      try session.store.answers(of: run).map { ($0.key, $0) }
    ) { first, _ in first }
    return places.map { place in stored[place.key].flatMap { $0.missing == nil ? $0.text : nil } }
  }
}

/// What is scored in every cell, as the steered model reads it.
private struct Texts {
  /// By contrast, in the plan's order.
  let contrasts: [[TrainingSequence]]
  /// Rows that have nothing to do with the evaluations.
  let benign: [TrainingSequence]

  init(_ effects: PlannedEffects, _ model: any LocalModel) throws {
    contrasts = try effects.scored.map { contrast in
      guard let scoring = model.scoring else { return [] }
      return try ContrastScores.sequences(
        of: contrast.firstOfTopics.map { contrast.items[$0] }, scoring)
    }
    benign = try effects.direction.reading.texts.map { try model.sequence(of: $0) }
  }

  var benignTokens: Double { Double(benign.reduce(0) { $0 + $1.trainedCount }) }
}

/// Scores the texts under one cell after the other, with weights that are read once, and up to a site once.
private final class CellScorer {
  private let effects: PlannedEffects
  private let vectors: DirectionVectors
  private let texts: Texts
  private let into: AdaptedModel
  private let donor: AdaptedModel?
  private let precision: Precision
  private let pool: WorkerPool
  /// Of the site in hand.
  private var readers: SiteReaders?

  private struct SiteReaders {
    let site: Int
    /// Whether they have read the benign rows too, which only the direction itself is tried on.
    let withBenign: Bool
    let own: SiteScorer
    let donor: SiteScorer?
  }

  init(
    _ effects: PlannedEffects, _ vectors: DirectionVectors, _ into: any LocalModel,
    _ donor: (any LocalModel)?, _ texts: Texts, _ pool: WorkerPool
  ) throws {
    (self.effects, self.vectors, self.texts, self.pool) = (effects, vectors, texts, pool)
    precision = into.precision
    func adapted(_ model: any LocalModel) throws -> AdaptedModel {
      let weights = try model.weights(on: pool, lying: .plain)
      return AdaptedModel(weights.model, adapter: weights.adapter)
    }
    self.into = try adapted(into)
    self.donor = try donor.map(adapted)
  }

  /// Of each contrast and family Σ (bad − good) over its items; of benign rows −Σ log p and tokens, under the
  /// direction itself.
  func figures(of cell: PlannedEffects.Cell) throws -> [String: Double] {
    var figures: [String: Double] = [:]
    let isOwn = cell.control == nil
    var sums = try score(cell, withBenign: isOwn)[...]
    for (contrast, sequences) in zip(effects.scored, texts.contrasts) {
      let own = sums.prefix(sequences.count)
      sums = sums.dropFirst(sequences.count)
      let scores = ContrastScores(
        contrast.firstOfTopics.map { contrast.items[$0] },
        zip(sequences, own).map { StoredScore(text: "", tokens: $0.trainedCount, nll: $1) })
      for (index, tally) in scores.familyTallies().enumerated() {
        figures[cell.figure(contrast.evaluation.name, index, "sum")] = tally.sum
        figures[cell.figure(contrast.evaluation.name, index, "count")] = tally.count
      }
    }
    guard isOwn else { return figures }
    figures[cell.name + "/benign/nll"] = sums.reduce(0, +)
    figures[cell.name + "/benign/tokens"] = texts.benignTokens
    return figures
  }

  /// Of benign rows, by the model as it is.
  func plain() throws -> [String: Double] {
    let scorer = try SiteScorer(
      into, texts.benign, at: vectors.sites[0], precision: precision, pool: pool)
    return [
      "plain/benign/nll": scorer.negativeLogLikelihoods(under: []).reduce(0, +),
      "plain/benign/tokens": texts.benignTokens,
    ]
  }

  private func score(_ cell: PlannedEffects.Cell, withBenign: Bool) throws -> [Double] {
    let readers = try readers(at: cell.site, withBenign: withBenign)
    let vector = effects.vector(cell, vectors)
    if let donor = readers.donor, vector.contains(where: { $0 != 0 }) {
      return readers.own.negativeLogLikelihoods(
        patchedFrom: donor, along: vector, on: effects.tokens)
    }
    return readers.own.negativeLogLikelihoods(
      under: effects.edit(cell, vectors).map { [$0] } ?? [])
  }

  private func readers(at site: Int, withBenign: Bool) throws -> SiteReaders {
    if let readers, readers.site == site, readers.withBenign == withBenign { return readers }
    let sequences = texts.contrasts.flatMap { $0 } + (withBenign ? texts.benign : [])
    func scorer(_ model: AdaptedModel) throws -> SiteScorer {
      try SiteScorer(
        model, sequences, at: vectors.sites[site], precision: precision, pool: pool)
    }
    let readers = SiteReaders(
      site: site, withBenign: withBenign, own: try scorer(into), donor: try donor.map(scorer))
    self.readers = readers
    return readers
  }
}
