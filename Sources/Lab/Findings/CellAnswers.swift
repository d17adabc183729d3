import Core
import Dish
import Judging
import Plans
import Statistics
import Store

/// The answers of one condition to one evaluation at one place: models, then question families.
struct CellAnswers: MeasuredCell {
  struct Model {
    let seed: UInt64
    /// In the evaluation's order.
    let families: [(id: String, title: String, answers: [JudgedText])]

    var all: [JudgedText] { families.flatMap(\.answers) }
  }

  let cell: PlanCell
  let place: Int?
  let measure: PlanMeasure
  let models: [Model]

  /// One tally a model.
  private var tallies: [Tally] { models.map { measure.tally($0.all) } }

  var side: ComparedSide {
    ComparedSide(
      cell: cell, seeds: models.map(\.seed), tallies: tallies,
      isRate: measure.isRate && measure != .distinct)
  }

  func row(seed: UInt64) -> FindingRow {
    let all = models.flatMap(\.all)
    let coherent = all.count { $0.reading.counts }
    let families = models.first?.families.indices ?? 0..<0
    return FindingRow(
      cell: cell, place: place, seeds: models.count, answers: all.count, coherent: coherent,
      measured: estimate(seed: seed), misalignedOfAll: misalignedOfAll(seed: seed),
      coherentFraction: Proportion(successes: coherent, trials: all.count).rate,
      perSeed: models.map { model in
        SeedFinding(
          seed: model.seed, value: measure.tally(model.all).mean, answers: model.all.count,
          coherent: model.all.count { $0.reading.counts })
      },
      perFamily: families.compactMap { family($0, seed: seed) }, labels: labels(all))
  }

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
        value: Tally.pooled(models).mean, overSeeds: SeedInterval().mean(models), clustered: nil,
        overAnswers: nil)
    }
    if measure.isRate {
      return rate(tallies.map { $0.map(\.proportion) }, seed: seed, path.joined(separator: "/"))
    }
    let models = tallies.map(Tally.pooled)
    return FindingEstimate(
      value: Tally.pooled(models).mean, overSeeds: SeedInterval().mean(models),
      clustered: ClusterBootstrap().interval(tallies, stream: stream(seed, path)),
      overAnswers: nil)
  }

  private func rate(
    _ families: [[Proportion]], seed: UInt64, _ path: String
  ) -> FindingEstimate {
    let models = families.map(Proportion.pooled)
    let pooled = Proportion.pooled(models)
    return FindingEstimate(
      value: pooled.rate, overSeeds: SeedInterval().rate(models),
      clustered: ClusterBootstrap().interval(families, stream: stream(seed, [path])),
      overAnswers: pooled.wilsonInterval())
  }

  private func stream(_ seed: UInt64, _ path: [String]) -> RandomStream {
    RandomStream(
      seed: seed,
      path: ["cluster", cell.condition, cell.evaluation, place.map(String.init) ?? ""] + path)
  }
}
