import Core
import Engine
import Formats
import Plans
import Tuning

// What landscapes and courses are made of.
extension AnatomyParts {
  /// One a plane and model at the end of its first axis.
  ///
  /// - Parameter all: of the plan, with those that a training has left on its way.
  /// - Throws: `InputError` for corners of different worlds, rows that are not there, or an evaluation that does not
  ///   ask the first corner.
  func landscapes(
    _ landscape: PlanLandscape, of all: [PlannedModel]
  ) throws -> [PlannedLandscape] {
    try landscape.planes.enumerated().flatMap { index, names in
      try models.filter { $0.condition.name == names[1] }.compactMap { model in
        // Other corners are of the same seed and world; `--only` may have left them out.
        guard let first = partners(names[0], of: model).first,
          let third = partners(names[2], of: model).first
        else { return nil }
        return try self.landscape(
          landscape, through: [first, model, third], withNoise: index == 0, of: all)
      }
    }
  }

  private func landscape(
    _ landscape: PlanLandscape, through corners: [PlannedModel], withNoise: Bool,
    of all: [PlannedModel]
  ) throws -> PlannedLandscape {
    try check(corners)
    var lines = [(0, 1), (1, 2), (0, 2)].map { one, other in
      PlannedLandscape.Line(ends: [corners[one], corners[other]], isNoise: false)
    }
    if withNoise, let noise = landscape.noise,
      let one = inWorld(noise[0], of: corners[1]), let other = inWorld(noise[1], of: corners[1])
    {
      lines.append(PlannedLandscape.Line(ends: [one, other], isNoise: true))
    }
    let losses = try landscape.losses.map { loss in
      PlannedLandscape.Loss(
        name: loss.name,
        texts: try rows(
          of: loss.texts, landscape.rows, for: corners[0], "anatomy.landscape.losses.\(loss.name)"))
    }
    let shape = try maker.shape(of: corners[0])
    let placed = try all.filter { model in
      // Others of a plan that names its models may be of any shape.
      guard model.endpoint == nil, try maker.shape(of: model) == shape else { return false }
      return
        model.world == corners[0].world && model.condition.world == corners[1].condition.world
        && (model.seed == corners[1].seed || model.seed == 0) && model.place != 0
        && !corners.contains {
          $0.condition.name == model.condition.name && $0.place == model.place
        }
    }
    return try PlannedLandscape(
      landscape, through: corners, lines, losses, try measure(landscape, of: corners[1]),
      placing: placed, seed: seed, reader: reader, named: name)
  }

  /// The model of a condition in the same world that another one is held against, whatever its seed.
  private func inWorld(_ condition: String, of model: PlannedModel) -> PlannedModel? {
    let all = models.filter { $0.condition.name == condition && $0.world == model.world }
    return all.first { $0.seed == model.seed } ?? all.first
  }

  /// - Throws: `InputError` for models that nobody can look into, or whose weights are not of one shape and world.
  private func check(_ corners: [PlannedModel]) throws {
    for model in corners where model.endpoint != nil {
      throw InputError(
        "\(model.name.onOneLine): nobody can look into a model behind a server", field: "anatomy")
    }
    let shape = try maker.shape(of: corners[0])
    for other in corners {
      let names = "\"\(corners[0].condition.name)\" and \"\(other.condition.name)\""
      guard other.condition.world == corners[0].condition.world else {
        throw InputError(
          "found \(names) of two worlds, expected models that grew out of one", field: "anatomy")
      }
      guard try maker.shape(of: other) == shape else {
        throw InputError(
          "found \(names) of two shapes, expected weights of one: \(shape.layerCount) blocks of "
            + "\(shape.hiddenSize) channels", field: "anatomy")
      }
    }
  }

  private func measure(
    _ landscape: PlanLandscape, of model: PlannedModel
  ) throws -> PlannedLandscape.Measure? {
    guard let measure = landscape.measure else { return nil }
    if let contrast = contrasts.first(where: { $0.evaluation.name == measure }) {
      return .scored(contrast)
    }
    guard let cell = cell(measure, of: model) else {
      throw InputError(
        "found \"\(measure)\", which does not ask \"\(model.condition.name)\"",
        field: "anatomy.landscape.on")
    }
    return .asked(try readable(cell))
  }

  /// `nil`: there is no such training of the direction's seed in this run.
  func course(
    _ course: PlanCourse, along direction: PlannedDirection, of all: [PlannedModel]
  ) throws -> PlannedCourse? {
    let own = all.filter {
      course.of.contains($0.condition.name) && $0.replicate == direction.replicate
    }.compactMap { model in
      (course.of.count > 1 ? model.condition.x.map { Int($0) } : model.place).map {
        PlannedCourse.Step(step: $0, model: model)
      }
    }
    guard own.count > 1 else { return nil }
    if let site = course.site, !direction.sites.contains(where: { $0.name == site }) {
      throw InputError(
        "found \(site.quotedOnOneLine), expected one of the sites that are read: "
          + direction.sites.map(\.name).joined(separator: ", "), field: "anatomy.course.site")
    }
    return try PlannedCourse(course, along: direction, of: own, named: name)
  }

  /// `nil`: nobody scores the contrast.
  func lens(_ lens: PlanLens, at direction: PlannedDirection) throws -> PlannedLens? {
    try contrasts.first { $0.evaluation.name == lens.measure }.map {
      try PlannedLens(lens, at: direction, $0)
    }
  }

  /// `nil`: what the model is the change from is not among the models of this run.
  func patch(_ patch: PlanPatch, of tuned: PlannedModel) throws -> PlannedPatch? {
    guard let base = partners(plan.from, of: tuned).first,
      let contrast = contrasts.first(where: { $0.evaluation.name == patch.measure })
    else { return nil }
    let control = patch.control.flatMap { partners($0, of: tuned).first }
    try check([tuned, base] + (control.map { [$0] } ?? []))
    return try PlannedPatch(
      patch, between: tuned, base, control: control, at: sites(of: tuned), contrast, named: name)
  }

  /// `nil`: what the model is the change from is not among the models of this run.
  ///
  /// - Parameter all: of the plan, with those that a training has left on its way.
  func map(
    _ map: PlanMap, of tuned: PlannedModel, all: [PlannedModel]
  ) throws -> PlannedMap? {
    guard let base = partners(plan.from, of: tuned).first else { return nil }
    guard let persons = try maker.persons(for: base) else { return nil }
    for (key, temperament) in [("bad", map.bad), ("good", map.good)]
    where !persons.contains(where: { $0.temperament == temperament }) {
      throw InputError(
        "found \(temperament.quotedOnOneLine), which no author of this world is, expected a temperament such as good "
          + "or spiteful", field: "anatomy.map.\(key)")
    }
    let way = all.filter {
      $0.condition.name == tuned.condition.name && $0.replicate == tuned.replicate
        && $0.place != tuned.place && $0.place != 0
    }.sorted { ($0.place ?? 0) < ($1.place ?? 0) }
    return try PlannedMap(
      map, of: way + [tuned], from: base, persons, at: sites(of: tuned), plan.tokens,
      rows(of: plan.texts, map.rows, for: tuned, "anatomy.texts"), named: name)
  }

  /// `nil`: what the model is the change from is not among the models of this run.
  func weights(_ weights: PlanWeights, of tuned: PlannedModel) throws -> PlannedWeights? {
    guard let base = partners(plan.from, of: tuned).first else { return nil }
    let others = weights.of.filter { $0 != tuned.condition.name }.compactMap {
      inWorld($0, of: tuned)
    }
    try check([base, tuned] + others)
    return try PlannedWeights(weights, of: [tuned] + others, from: base, named: name)
  }
}
