import Core
import Engine
import Formats
import Plans
import Tuning

/// Puts together what a direction, or its effects, are made of.
struct AnatomyParts {
  let plan: PlanAnatomy
  let maker: any ModelMaker
  let contrasts: [PlannedContrast]
  let models: [PlannedModel]
  let seed: UInt64
  let reader: Fingerprint

  init(
    _ plan: PlanAnatomy, _ maker: any ModelMaker, _ contrasts: [PlannedContrast],
    _ models: [PlannedModel], seed: UInt64, reader: Fingerprint
  ) {
    (self.plan, self.maker, self.contrasts, self.models) = (plan, maker, contrasts, models)
    (self.seed, self.reader) = (seed, reader)
  }

  /// `nil`: what the change is from is not among the models of this run.
  func direction(
    _ definition: PlanDirection, of tuned: PlannedModel
  ) throws -> PlannedDirection? {
    guard let base = partners(definition.from, of: tuned).first else { return nil }
    guard let material = try material(definition.definition, tuned, base) else { return nil }
    let reading = PlannedDirection.Reading(
      sites: try sites(of: tuned), tokens: definition.tokens ?? plan.tokens,
      texts: try texts(for: tuned),
      controls: plan.controls, seed: seed, reader: reader)
    return try PlannedDirection(
      definition, of: tuned, from: base, reading, material, named: name)
  }

  private func material(
    _ definition: PlanDirection.Definition, _ tuned: PlannedModel, _ base: PlannedModel
  ) throws -> PlannedDirection.Material? {
    switch definition {
    case .shift: PlannedDirection.Material.none
    case .split(let evaluation): cell(evaluation, of: tuned).map { .answers($0) }
    case .pairs(let evaluation):
      contrasts.first { $0.evaluation.name == evaluation }.map { .pairs($0) }
    case .authors(let bad, let good):
      .authors(bad: try authors(bad, of: base), good: try authors(good, of: base))
    }
  }

  func effects(
    of steering: PlanSteering, _ direction: PlannedDirection
  ) throws -> [PlannedEffects] {
    // A base that all models share is steered by the direction of each.
    try partners(steering.into, of: direction.tuned).map { into in
      let donor = into.condition.name == direction.definition.of ? direction.base : direction.tuned
      return try PlannedEffects(
        steering, along: direction, into: into, from: steering.how == .swap ? donor : nil,
        scored: contrasts.filter { plan.measures.contains($0.evaluation.name) },
        asked: try plan.measures.compactMap { measure in
          try cell(measure, of: into).map { try readable($0) }
        }, named: name)
    }
  }

  /// Models of a condition in the same world: that of the same seed, or the world's only one.
  func partners(_ condition: String, of model: PlannedModel) -> [PlannedModel] {
    let all = models.filter { $0.condition.name == condition && $0.world == model.world }
    let same = all.filter { $0.seed == model.seed }
    return same.isEmpty && all.count == 1 ? all : same
  }

  func cell(_ evaluation: String, of model: PlannedModel) -> PlannedAnswers? {
    maker.cells.first {
      $0.evaluation.name == evaluation && $0.model.condition.name == model.condition.name
        && $0.model.replicate == model.replicate && $0.model.place == model.place
    }
  }

  func readable(_ cell: PlannedAnswers) throws(InputError) -> PlannedAnswers {
    guard cell.asked.isOfDish else {
      throw cell.evaluation.failure(
        "found questions that a judge reads, expected families of the dish among what steered models are "
          + "asked; a contrast needs no judge")
    }
    return cell
  }

  func name(of model: PlannedModel) throws -> String {
    try (model.madeBy ?? Fingerprint(of: maker.open(model).reference)).hex + " \(model.place ?? -1)"
  }

  /// In the order in which a pass meets them, which is that of files too.
  ///
  /// - Throws: `InputError` for a place that the model does not have.
  func sites(of model: PlannedModel) throws -> [Site] {
    let shape = try maker.shape(of: model)
    guard plan.sites.isEmpty else {
      return try plan.sites.map { name in
        if let site = Site(behind: name, of: shape.layerCount) { return site }
        do {
          let site = try Site(name: name)
          try site.check(against: shape)
          return site
        } catch let error as InputError {
          throw InputError(error.problem, field: "anatomy.sites")
        }
      }.sorted().distinct  // Two shares of few blocks may be one place.
    }
    let count = min(6, shape.layerCount)
    return (1...count).map {
      Site(layer: $0 * shape.layerCount / count - 1, place: .post)
    }
  }

  private func texts(for model: PlannedModel) throws -> [Conversation] {
    try rows(of: plan.texts, plan.rows, for: model, "anatomy.texts")
  }

  /// - Parameter field: of the plan, where they are named.
  func rows(
    of data: [PlanData], _ count: Int, for model: PlannedModel, _ field: String
  ) throws -> [Conversation] {
    do {
      return try maker.rows(of: data, count: count, for: model)
    } catch let error as InputError {
      throw error.file == nil ? error.within(field) : error
    }
  }

  private func authors(_ temperament: String, of model: PlannedModel) throws -> [String] {
    guard let authors = try maker.authors(temperament, for: model), !authors.isEmpty else {
      throw InputError(
        "found \(temperament.quotedOnOneLine), which is no author of this world, expected a temperament such as "
          + "good or spiteful", field: "anatomy.directions.authors")
    }
    return authors
  }
}

extension Site {
  /// Behind a share of all blocks, such as `50%`, so that a plan is of any model; `nil`: it is no share.
  fileprivate init?(behind share: String, of blocks: Int) {
    guard share.hasSuffix("%"), let percent = Double(share.dropLast()), (1...100).contains(percent)
    else { return nil }
    let count = max(1, Int((percent / 100 * Double(blocks)).rounded()))
    self.init(layer: count - 1, place: .post)
  }
}
