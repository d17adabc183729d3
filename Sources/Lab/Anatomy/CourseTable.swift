import Plans
import Statistics

/// What was measured of a training, step by step.
struct CourseTable {
  /// One training.
  struct Model {
    let course: PlannedCourse
    let points: [CourseFinding.Point]
  }

  let models: [Model]
  let site: String

  /// `nil` without a training.
  var finding: CourseFinding? {
    guard let plan = models.first?.course.plan else { return nil }
    let own = models.map { model in
      CourseFinding.Model(
        world: model.course.direction.tuned.world, seed: model.course.direction.tuned.seed,
        points: model.points, halfRises: Self.halfRises(model.points))
    }
    return CourseFinding(
      condition: plan.of.last ?? "", direction: plan.along, site: site, habit: plan.habit,
      spread: plan.spread, models: own, leads: leads(own))
  }

  private func leads(_ own: [CourseFinding.Model]) -> [LeadFinding] {
    let parts = CourseFinding.parts
    return [(0, 1), (1, 2), (0, 2)].compactMap { one, other in
      let (from, to) = (parts[one], parts[other])
      let both = own.indices.filter {
        own[$0].halfRises[from] != nil && own[$0].halfRises[to] != nil
      }
      guard !both.isEmpty else { return nil }
      let steps = both.map {
        Tally(values: [(own[$0].halfRises[to] ?? 0) - (own[$0].halfRises[from] ?? 0)])
      }
      let units = both.map { models[$0].course.direction.replicate }.units
      return LeadFinding(
        from: from, to: to, steps: EffectFinding.Estimate(steps, units: units), models: both.count)
    }
  }

  private static func halfRises(_ points: [CourseFinding.Point]) -> [String: Double] {
    let series: [(String, [Double?])] = [
      ("projection", points.map(\.projection)), ("habit", points.map(\.habit)),
      ("spread", points.map(\.spread)),
    ]
    return series.reduce(into: [:]) { result, part in
      let known = zip(points, part.1).compactMap { point, value in
        value.map { (Double(point.step), $0) }
      }
      result[part.0] = halfRise(known)
    }
  }

  /// The step at which half of the whole change is made for the first time, on straight lines between the points.
  ///
  /// - Returns: `nil` where nothing has changed.
  static func halfRise(_ points: [(step: Double, value: Double)]) -> Double? {
    guard let first = points.first, let last = points.last, first.value != last.value else {
      return nil
    }
    let shares = points.map { ($0.step, ($0.value - first.value) / (last.value - first.value)) }
    for (before, after) in zip(shares, shares.dropFirst()) where after.1 >= 0.5 && before.1 < 0.5 {
      return before.0 + (after.0 - before.0) * (0.5 - before.1) / (after.1 - before.1)
    }
    return nil
  }
}
