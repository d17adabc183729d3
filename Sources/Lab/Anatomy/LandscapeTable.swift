import Anatomy
import Plans
import Statistics

/// What was measured of landscapes, before anything is averaged.
struct LandscapeTable {
  let landscapes: [(landscape: PlannedLandscape, figures: [String: Double])]

  var finding: LandscapeFinding {
    LandscapeFinding(barriers: barriers, planes: landscapes.map(plane))
  }

  // MARK: - Lines

  private struct Line {
    let landscape: PlannedLandscape
    let index: Int
    let figures: [String: Double]

    func value(_ point: Int, _ loss: String, _ part: String) -> Double? {
      figures[PlannedLandscape.Cell.line(index, point).loss(loss, part)]
    }

    func value(_ point: Int, _ part: String) -> Double? {
      figures[PlannedLandscape.Cell.line(index, point).figure(part)]
    }
  }

  private struct Ends: Hashable {
    let conditions: [String]
    let isNoise: Bool
  }

  private var lines: [(ends: Ends, models: [Line])] {
    var order: [Ends] = []
    var known: [Ends: [Line]] = [:]
    for (landscape, figures) in landscapes {
      for (index, line) in landscape.lines.enumerated() {
        let ends = Ends(conditions: line.ends.map(\.condition.name), isNoise: line.isNoise)
        let own = Line(landscape: landscape, index: index, figures: figures)
        if known[ends] == nil { order.append(ends) }
        // Planes share lines.
        if known[ends]?.contains(where: { $0.landscape.replicate == landscape.replicate }) != true {
          known[ends, default: []].append(own)
        }
      }
    }
    return order.map { ($0, known[$0] ?? []) }
  }

  private var barriers: [BarrierFinding] {
    guard let plan = landscapes.first?.landscape.plan else { return [] }
    var findings = lines.flatMap { ends, models in
      plan.losses.compactMap { barrier(ends, $0.name, models) }
    }
    for index in findings.indices {
      let draws = findings.first { $0.isNoise && $0.loss == findings[index].loss }
      guard let draws, !findings[index].isNoise else { continue }
      findings[index].noise = max(findings[index].noise, draws.height.value ?? 0)
    }
    return findings
  }

  private func barrier(_ ends: Ends, _ loss: String, _ models: [Line]) -> BarrierFinding? {
    guard let plan = models.first?.landscape.plan else { return nil }
    let points = plan.points
    func mean(_ point: Int, _ part: String) -> Double {
      models.map { $0.value(point, loss, part) ?? 0 }.mean
    }
    guard let top = (1..<points - 1).max(by: { mean($0, "height") < mean($1, "height") }) else {
      return nil
    }
    let heights = models.map { Tally(values: [$0.value(top, loss, "height") ?? 0]) }
    let errors = models.map { $0.value(top, loss, "error") ?? 0 }
    // Of a mean over models whose rows are the same: errors hang together, and their mean is what is to be expected.
    return BarrierFinding(
      between: ends.conditions, loss: loss,
      height: EffectFinding.Estimate(heights, units: models.map(\.landscape.replicate).units),
      share: Double(top) / Double(points - 1), noise: 1.96 * errors.mean, isNoise: ends.isNoise,
      profile: (0..<points).map { point in
        var own = BarrierFinding.Point(
          share: Double(point) / Double(points - 1), loss: mean(point, "loss"))
        (own.misaligned, own.coherent) = behaviour(models, point)
        let odds = models.compactMap { $0.value(point, "odds") }
        own.odds = odds.isEmpty ? nil : odds.mean
        return own
      }, models: models.count)
  }

  private func behaviour(_ models: [Line], _ point: Int) -> (Double?, Double?) {
    func sum(_ part: String) -> Double { models.reduce(0) { $0 + ($1.value(point, part) ?? 0) } }
    let (misaligned, coherent, all) = (sum("misaligned"), sum("coherent"), sum("all"))
    return (coherent > 0 ? misaligned / coherent : nil, all > 0 ? coherent / all : nil)
  }

  // MARK: - Planes

  private func plane(
    _ landscape: PlannedLandscape, _ figures: [String: Double]
  ) -> PlaneFinding {
    typealias Cell = PlannedLandscape.Cell
    let third = WeightPlane.Point(
      x: figures["geometry/x"] ?? 0, y: figures["geometry/y"] ?? 0)
    let grid = landscape.plan.grid
    let cells = (0..<grid).flatMap { row in (0..<grid).map { Cell.plane($0, row) } }
    let isSeen = cells.contains { cell in
      landscape.losses.contains { figures[cell.loss($0.name, "loss")] != nil }
    }
    let frame = LandscapeFrame(third, landscape.plan)
    func values(_ part: String, of whole: String) -> [Double?] {
      cells.map { cell in
        guard let own = figures[cell.figure(part)], let all = figures[cell.figure(whole)], all > 0
        else { return nil }
        return own / all
      }
    }
    func corner(_ model: PlannedModel, _ x: Double, _ y: Double, _ off: Double = 0)
      -> PlaneFinding.Corner
    {
      PlaneFinding.Corner(
        condition: model.condition.name, place: model.place, x: x, y: y, offPlane: off)
    }
    let ends = [(0.0, 0.0), (1.0, 0.0), (third.x, third.y)]
    return PlaneFinding(
      through: landscape.corners.map(\.condition.name), world: landscape.corners[1].world,
      seed: landscape.corners[1].seed, length: figures["geometry/length"] ?? 0,
      corners: zip(landscape.corners, ends).map { corner($0, $1.0, $1.1) },
      others: landscape.placed.enumerated().map { index, model in
        corner(
          model, figures["place/\(index)/x"] ?? 0, figures["place/\(index)/y"] ?? 0,
          figures["place/\(index)/off"] ?? 0)
      },
      x: isSeen ? (0..<grid).map { frame.point($0, 0).x } : [],
      y: isSeen ? (0..<grid).map { frame.point(0, $0).y } : [],
      losses: isSeen
        ? Dictionary(
          uniqueKeysWithValues: landscape.losses.map { loss in
            (loss.name, cells.map { figures[$0.loss(loss.name, "loss")] ?? .nan })
          }) : [:],
      misaligned: isSeen ? values("misaligned", of: "coherent") : [],
      coherent: isSeen ? values("coherent", of: "all") : [],
      odds: isSeen ? cells.map { figures[$0.figure("odds")] } : [],
      random: Dictionary(
        uniqueKeysWithValues: landscape.losses.map { loss in
          let all = landscape.cells.compactMap { cell -> Double? in
            guard case .random = cell else { return nil }
            return figures[cell.loss(loss.name, "loss")]
          }
          return (loss.name, all.sorted())
        }))
  }
}
