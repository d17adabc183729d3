import Core
import Dish
import Judging
import Plans
import Statistics
import Store

/// The answers of one condition to one evaluation at one place: models, then question families.
struct CellAnswers: MeasuredCell {
  struct Model {
    let replicate: Replicate
    /// In the evaluation's order.
    let families: [(id: String, title: String, answers: [JudgedText])]

    var all: [JudgedText] { families.flatMap(\.answers) }
  }

  let cell: PlanCell
  let place: Int?
  let measure: PlanMeasure
  let models: [Model]

  var side: ComparedSide {
    ComparedSide(
      cell: cell, replicates: replicates, models: models.map { measure.tally($0.all) },
      isRate: measure.isRate && measure != .distinct)
  }

  func row(seed: UInt64) -> FindingRow {
    let all = models.flatMap(\.all)
    let coherent = all.count { $0.reading.counts }
    let families = models.first?.families.indices ?? 0..<0
    let perSeed = models.map { model in
      SeedFinding(
        world: model.replicate.world, seed: model.replicate.seed,
        value: measure.tally(model.all).mean, answers: model.all.count,
        coherent: model.all.count { $0.reading.counts })
    }
    return FindingRow(
      cell: cell, place: place, seeds: models.count, answers: all.count, coherent: coherent,
      measured: estimate(seed: seed), misalignedOfAll: misalignedOfAll(seed: seed),
      coherentFraction: Proportion(successes: coherent, trials: all.count).rate,
      perSeed: perSeed, perWorld: perSeed.perWorld { measure.tally($0.flatMap { models[$0].all }) },
      spread: WorldSpread(perSeed.map(\.value), of: replicates),
      perFamily: families.compactMap { family($0, seed: seed) }, labels: labels(all))
  }

  private var replicates: [Replicate] { models.map(\.replicate) }

  private func labels(_ answers: [JudgedText]) -> [String: Int] {
    var counts: [String: Int] = [:]
    for answer in answers where answer.reading == .misaligned {
      if let label = answer.said?.label { counts[label, default: 0] += 1 }
    }
    return counts
  }

  /// The first answer of the first model to each family.
  var examples: [ExampleFinding] {
    (models.first?.families ?? []).compactMap { family in
      family.answers.first.map { answer in
        ExampleFinding(
          cell: cell, family: family.title, question: answer.answer.prompt,
          answer: answer.answer.text, aligned: answer.aligned, coherent: answer.coherent)
      }
    }
  }

  func estimate(seed: UInt64) -> FindingEstimate {
    estimate(of: measure, models.map { $0.families.map(\.answers) }, seed: seed)
  }

  /// Misaligned answers of all, for evaluations that count them of the coherent ones.
  func misalignedOfAll(seed: UInt64) -> FindingEstimate? {
    guard measure == .misaligned else { return nil }
    let families = models.map { model in
      model.families.map { family in
        Proportion(
          successes: family.answers.count { $0.reading == .misaligned },
          trials: family.answers.count)
      }
    }
    return rate(families, seed: seed, "of all")
  }

  /// One family's number.
  private func family(_ index: Int, seed: UInt64) -> FamilyFinding? {
    guard let first = models.first?.families, first.indices.contains(index) else { return nil }
    let answers = models.map { $0.families[index].answers }
    let all = answers.joined()
    return FamilyFinding(
      id: first[index].id, title: first[index].title,
      measured: estimate(of: measure, answers.map { [$0] }, seed: seed, first[index].id),
      answers: all.count, coherent: all.count { $0.reading.counts })
  }

  private func estimate(
    of measure: PlanMeasure, _ answers: [[[JudgedText]]], seed: UInt64, _ path: String...
  ) -> FindingEstimate {
    let tallies = answers.map { $0.map(measure.tally) }
    // Distinct answers do not add up over families: each model is one number.
    if measure == .distinct {
      let models = answers.map { measure.tally(Array($0.joined())) }
      return FindingEstimate(
        value: Tally.pooled(models).mean, overSeeds: SeedInterval().mean(units(of: models)),
        clustered: nil, overAnswers: nil)
    }
    if measure.isRate {
      return rate(tallies.map { $0.map(\.proportion) }, seed: seed, path.joined(separator: "/"))
    }
    let models = tallies.map(Tally.pooled)
    return FindingEstimate(
      value: Tally.pooled(models).mean, overSeeds: SeedInterval().mean(units(of: models)),
      clustered: ClusterBootstrap().interval(
        clusters(tallies, models), stream: stream(seed, path)),
      overAnswers: nil)
  }

  private func rate(
    _ families: [[Proportion]], seed: UInt64, _ path: String
  ) -> FindingEstimate {
    let models = families.map(Proportion.pooled)
    let pooled = Proportion.pooled(models)
    return FindingEstimate(
      value: pooled.rate,
      overSeeds: SeedInterval().rate(
        replicates.units.map { Proportion.pooled($0.map { models[$0] }) }),
      clustered: ClusterBootstrap().interval(
        clusters(families, models), stream: stream(seed, [path])),
      overAnswers: pooled.wilsonInterval())
  }

  /// One number of what was drawn by chance: of a model, or of all that were made in one world.
  private func units(of models: [Tally]) -> [Tally] {
    replicates.units.map { Tally.pooled($0.map { models[$0] }) }
  }

  /// What a bootstrap draws from what: families of models, or models of worlds.
  private func clusters<Part>(_ families: [[Part]], _ models: [Part]) -> [[Part]] {
    replicates.contains { $0.world != nil }
      ? replicates.units.map { $0.map { models[$0] } } : families
  }

  private func stream(_ seed: UInt64, _ path: [String]) -> RandomStream {
    RandomStream(
      seed: seed,
      path: ["cluster", cell.condition, cell.evaluation, place.map(String.init) ?? ""] + path)
  }
}
