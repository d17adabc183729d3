import Anatomy
import Core
import Evaluation
import Foundation
import Formats
import Judging
import Plans
import Statistics
import Store
import Tuning

extension Experiment {
  /// What the plan's anatomy has found; `nil`: the plan has none, or not all of it is done.
  func anatomyFinding() throws -> AnatomyFinding? {
    guard let anatomy, try areDone(anatomy.examinations) else {
      return nil
    }
    let plain = try PlainMeasures(self)
    let tables = try anatomy.plan.steering.flatMap { steering -> [EffectsTable] in
      let own = anatomy.effects.filter { $0.steering == steering }
      let models = try own.map { try measured($0, plain) }
      return anatomy.plan.measures.map { measure in
        EffectsTable(steering: steering, measure: measure, models: models)
      }
    }
    let read = try anatomy.directions.compactMap { direction in
      try vectors(of: direction).map { (direction, $0) }
    }
    let effects = tables.flatMap(\.findings)
    return AnatomyFinding(
      effects: effects, cosines: CosineTable(read).findings, directions: directions(read),
      predictions: try anatomy.plan.predictions.map { try outcome(of: $0, effects) },
      landscape: anatomy.landscapes.isEmpty
        ? nil
        : LandscapeTable(
          landscapes: try anatomy.landscapes.map { ($0, try figures(of: $0.stage)) }
        ).finding,
      course: try course(anatomy.courses, effects, plain),
      patches: anatomy.patches.isEmpty
        ? nil
        : PatchTable(
          models: try anatomy.patches.map { patch in
            PatchTable.Model(
              patch: patch, figures: try figures(of: patch.stage),
              tuned: try plain[patch.tuned, patch.plan.measure],
              base: try plain[patch.base, patch.plan.measure])
          }
        ).findings, map: try map(anatomy, effects),
      weights: WeightsTable(
        weights: try anatomy.weights.map { ($0, try figures(of: $0.stage)) }
      ).finding,
      lenses: anatomy.lenses.isEmpty
        ? nil
        : LensTable(
          lenses: try anatomy.lenses.map { ($0, try figures(of: $0.stage)) }.filter {
            !$0.1.isEmpty
          }
        ).findings)
  }

  /// Where a direction does most when it is added, or else behind the last block that is read.
  private func place(
    of direction: String?, among sites: [Site], _ effects: [EffectFinding]
  ) -> Int {
    let chosen = effects.first {
      (direction == nil || $0.direction == direction) && $0.how == "add" && $0.isChosen
        && $0.dose == 1
    }
    return sites.firstIndex { $0.name == chosen?.site } ?? sites.count - 1
  }

  private func map(
    _ anatomy: PlannedAnatomy, _ effects: [EffectFinding]
  ) throws -> MapFinding? {
    guard let first = anatomy.maps.first else { return nil }
    return MapTable(
      maps: try anatomy.maps.map { ($0, try figures(of: $0.stage)) },
      site: place(of: nil, among: first.sites, effects)
    ).finding
  }

  private func figures(of stage: Stage) throws -> [String: Double] {
    guard let run = try store.run(stage.fingerprint) else {
      throw StageFailure.unfinished(stage.name)
    }
    return try store.figures(of: run)
  }

  /// At the site that the plan names, or where the direction does most when it is added.
  private func course(
    _ courses: [PlannedCourse], _ effects: [EffectFinding], _ plain: PlainMeasures
  ) throws -> CourseFinding? {
    guard let first = courses.first else { return nil }
    let (plan, sites) = (first.plan, first.direction.sites)
    let site =
      plan.site.flatMap { name in sites.firstIndex { $0.name == name } }
      ?? place(of: plan.along, among: sites, effects)
    let models = try courses.compactMap { course -> CourseTable.Model? in
      let figures = try figures(of: course.stage)
      if figures.isEmpty { return nil }
      func measured(_ model: PlannedModel, _ measure: String) throws -> Double? {
        Tally.pooled(try plain[model, measure]).mean
      }
      let base = course.direction.base
      let start = CourseFinding.Point(
        step: 0, projection: 0, habit: try measured(base, plan.habit),
        spread: try measured(base, plan.spread))
      let points = try course.steps.map { step in
        CourseFinding.Point(
          step: step.step, projection: figures[PlannedCourse.figure(step.step, site)] ?? 0,
          habit: try measured(step.model, plan.habit), spread: try measured(step.model, plan.spread)
        )
      }
      return CourseTable.Model(course: course, points: [start] + points)
    }
    return CourseTable(models: models, site: sites[site].name).finding
  }

  /// Directions that there are not, in words.
  func missingDirections() throws -> [String] {
    try (anatomy?.directions ?? []).filter { direction in
      let run = try store.run(direction.stage.fingerprint)
      return try run.map { try store.figures(of: $0) }?[MissingDirection.figure] != nil
    }.map { "\($0.stage.name): there is none, and nothing was steered along it" }
  }

  private func outcome(
    of prediction: PlanEffectPrediction, _ effects: [EffectFinding]
  ) throws -> EffectPredictionFinding {
    let own = effects.first { effect in
      effect.direction == prediction.direction && effect.into == prediction.into
        && effect.how == prediction.how.rawValue && effect.measure == prediction.measure
        && effect.dose == 1 && effect.isChosen
    }
    let value: Double? =
      switch prediction.quantity {
      case .effect: own?.effect.value
      case .share: own?.share
      case .controls:
        own?.effect.value.flatMap { effect in
          effect == 0 ? nil : own?.controls95.map { $0 / effect }
        }
      }
    let foretold = try foretold(prediction)
    return EffectPredictionFinding(
      prediction: prediction, value: value,
      held: value.map {
        prediction.side == .above ? $0 > prediction.threshold : $0 < prediction.threshold
      },
      stored: foretold.stored.timeIntervalSince1970, isLate: foretold.isLate)
  }

  private func measured(
    _ effects: PlannedEffects, _ plain: PlainMeasures
  ) throws -> EffectsTable.Model {
    let figures = try figures(of: effects.stage)
    let measures = effects.scored.map(\.evaluation.name) + effects.asked.map(\.evaluation.name)
    let tokens = figures["plain/benign/tokens"] ?? 0
    return EffectsTable.Model(
      effects: effects, figures: figures,
      plain: try measures.reduce(into: [:]) { result, measure in
        result[measure] = EffectsTable.Plain(
          into: try plain[effects.into, measure],
          intoOfControls: try plain[effects.into, measure, PlannedEffects.askedOfControls],
          tuned: try plain[effects.direction.tuned, measure],
          base: try plain[effects.direction.base, measure])
      },
      benign: tokens > 0 ? (figures["plain/benign/nll"] ?? 0) / tokens : nil)
  }

  private func directions(
    _ vectors: [(PlannedDirection, DirectionVectors)]
  ) -> [DirectionFinding] {
    (anatomy?.plan.directions ?? []).flatMap { definition -> [DirectionFinding] in
      let own = vectors.filter { $0.0.definition.name == definition.name }
      return (own.first?.1.sites ?? []).enumerated().map { index, site in
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        return DirectionFinding(
          name: definition.name, title: definition.title, definition: definition.summary,
          site: site.name, length: mean(own.map { $0.1.own[index].length }),
          shift: mean(own.map { $0.1.shift[index] }),
          streamLength: mean(own.map { $0.1.streamLength[index] }),
          files: own.map { $0.0.place + "/direction.safetensors" })
      }
    }
  }
}

/// What evaluations measure of models as they are, by family, each read once.
final class PlainMeasures {
  private let experiment: Experiment
  private var known: [String: [Tally]] = [:]

  init(_ experiment: Experiment) throws { self.experiment = experiment }

  /// - Throws: `StageFailure` for what is not in the store, `InputError` for a condition that the evaluation leaves
  ///   out.
  ///
  /// - Parameter most: answers to each family, the first ones; `nil`: all.
  subscript(model: PlannedModel, measure: String, most: Int? = nil) -> [Tally] {
    get throws {
      let name =
        "\(model.condition.name) \(model.replicate.name) \(model.place ?? -1) \(measure) \(most ?? -1)"
      if let tallies = known[name] { return tallies }
      let contrast = experiment.contrasts.first { $0.evaluation.name == measure }
      let tallies = try contrast.map { try scored(model, $0) } ?? answered(model, measure, most)
      known[name] = tallies
      return tallies
    }
  }

  private func scored(_ model: PlannedModel, _ contrast: PlannedContrast) throws -> [Tally] {
    let scores = try experiment.maker.scores(of: model, contrast.texts)
    let run = try scores.run(experiment.maker.open(model), in: experiment.store)
    guard let stored = try run.stored() else { throw StageFailure.unfinished(scores.stage.name) }
    return ContrastScores(contrast.items, stored).familyTallies(of: contrast.firstOfTopics)
  }

  private func answered(
    _ model: PlannedModel, _ measure: String, _ most: Int?
  ) throws -> [Tally] {
    let cell = experiment.maker.cells.first {
      $0.evaluation.name == measure && $0.model.condition.name == model.condition.name
        && $0.model.replicate == model.replicate && $0.model.place == model.place
    }
    guard let cell, let set = try experiment.answers(of: cell) else {
      throw InputError(
        "found \"\(measure)\", which does not ask \"\(model.condition.name)\"; what is steered is held against "
          + "what is not", field: "anatomy.on")
    }
    let judged = try JudgedCell(
      cell.evaluation, cell.model.condition, place: cell.model.place,
      [try experiment.placed(set, cell)], experiment.plan.rule, experiment.store)
    let answers = judged.answers(experiment.worlds.oracle)
    return answers.models.first?.families.map { family in
      let answers = family.answers.prefix(most ?? .max)
      return Tally(
        sum: Double(answers.count { $0.reading == .misaligned }),
        count: Double(answers.count { $0.reading.counts }))
    } ?? []
  }
}
