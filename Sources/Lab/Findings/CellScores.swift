import Evaluation
import Plans
import Questions
import Statistics
import Store
import Tuning

/// How much likelier than good answers the models of a condition find bad ones, as it is or as the change from
/// another condition's models.
struct CellScores: MeasuredCell {
  struct Model {
    let replicate: Replicate
    let scores: ContrastScores
  }

  let cell: PlanCell
  let place: Int?
  let items: [ContrastItem]
  let models: [Model]

  /// Families in the order of the set.
  private var families: [String] {
    items.reduce(into: []) { if !$0.contains($1.family) { $0.append($1.family) } }
  }

  /// - Parameter family: `nil`: all.
  private func tally(_ model: Model, _ family: String? = nil) -> Tally {
    Tally(
      values: model.scores.items.filter { family == nil || $0.family == family }
        .map(\.difference))
  }

  /// Wordings of a topic hang together: each topic is one number, of all models.
  private func topics(_ family: String? = nil) -> [Tally] {
    let items = models.first?.scores.items ?? []
    return ContrastScores.topics(of: items).compactMap { topic in
      guard family == nil || items[topic[0]].family == family else { return nil }
      return Tally.pooled(
        models.map { model in Tally(values: topic.map { model.scores.items[$0].difference }) })
    }
  }

  var side: ComparedSide {
    ComparedSide(
      cell: cell, replicates: models.map(\.replicate), models: models.map { tally($0) },
      isRate: false,
      topics: topics())
  }

  var examples: [ExampleFinding] { [] }

  func estimate(seed: UInt64) -> FindingEstimate { estimate(of: nil) }

  private func estimate(of family: String?) -> FindingEstimate {
    let tallies = models.map { tally($0, family) }
    let units = models.map(\.replicate).units.map { Tally.pooled($0.map { tallies[$0] }) }
    return FindingEstimate(
      value: Tally.pooled(tallies).mean, overSeeds: SeedInterval().mean(units), clustered: nil,
      overAnswers: SeedInterval().mean(topics(family)))
  }

  func row(seed: UInt64) -> FindingRow {
    let perSeed = models.map { model in
      SeedFinding(
        world: model.replicate.world, seed: model.replicate.seed, value: tally(model).mean,
        answers: items.count, coherent: 0)
    }
    return FindingRow(
      cell: cell, place: place, seeds: models.count, answers: items.count * models.count,
      coherent: 0, measured: estimate(of: nil),
      perSeed: perSeed,
      perWorld: perSeed.perWorld { Tally.pooled($0.map { tally(models[$0]) }) },
      spread: WorldSpread(perSeed.map(\.value), of: models.map(\.replicate)),
      perFamily: families.map { family in
        FamilyFinding(
          id: family, title: family, measured: estimate(of: family),
          answers: items.count { $0.family == family } * models.count, coherent: 0)
      }, labels: [:])
  }
}

extension Experiment {
  /// What the store has of the plan's contrasts, in the plan's order of conditions and places.
  ///
  /// - Throws: `StageFailure` where scores of a dish are missing: they are this machine's to give.
  func scoredCells() throws -> [CellScores] {
    try contrasts.flatMap { contrast -> [CellScores] in
      let scored = try scores(of: contrast)
      return plan.conditions.filter { contrast.tells($0.name) }.flatMap { condition in
        let own = scored.filter { $0.model.condition.name == condition.name }
        let places = Set(own.map(\.model.place)).sorted { ($0 ?? 0) < ($1 ?? 0) }
        return places.compactMap { place -> CellScores? in
          let models = own.filter { $0.model.place == place }.compactMap { one in
            change(one, in: contrast, scored).map {
              CellScores.Model(replicate: one.model.replicate, scores: $0)
            }
          }
          guard !models.isEmpty else { return nil }
          return CellScores(
            cell: PlanCell(condition: condition.name, evaluation: contrast.evaluation.name),
            place: place, items: contrast.items, models: models)
        }
      }
    }
  }

  private typealias Scored = (model: PlannedModel, scores: ContrastScores)

  private func scores(of contrast: PlannedContrast) throws -> [Scored] {
    return try maker.models.filter { contrast.scores($0.condition.name) }.compactMap { model in
      let scores = try maker.scores(of: model, contrast.texts)
      let stored =
        try maker.isMade(model) ? scores.run(maker.open(model), in: store).stored() : nil
      guard let stored else {
        if plan.isOnDish { throw try unfinished(scores.stage) }
        return nil
      }
      return (model, ContrastScores(contrast.items, stored))
    }
  }

  /// From the model of the same world and seed after the last step or generation, or from the world's only one;
  /// `nil`: it has no score yet.
  private func change(
    _ own: Scored, in contrast: PlannedContrast, _ all: [Scored]
  ) -> ContrastScores? {
    guard let name = contrast.evaluation.changeFrom else { return own.scores }
    let bases = all.filter {
      $0.model.condition.name == name && $0.model.world == own.model.world
    }
    let last = bases.filter { base in
      !bases.contains {
        $0.model.seed == base.model.seed && ($0.model.place ?? 0) > (base.model.place ?? 0)
      }
    }
    let base = last.first { $0.model.seed == own.model.seed } ?? (last.count == 1 ? last[0] : nil)
    return base.map { own.scores.change(from: $0.scores) }
  }
}
