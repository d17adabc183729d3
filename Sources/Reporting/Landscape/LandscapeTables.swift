import Lab
import Plans
import Statistics

/// What lies between models and in which order trainings rise, as tables for page and terminal.
struct LandscapeTables {
  typealias Table = ModelTables.Table

  let landscape: LandscapeFinding?
  let course: CourseFinding?
  let names: PlanNames

  /// `nil` where neither was looked at.
  init?(_ findings: PlanFindings) {
    (landscape, course) = (findings.anatomy?.landscape, findings.anatomy?.course)
    names = PlanNames(findings.plan)
    if landscape == nil, course == nil { return nil }
  }

  var console: [ConsoleTable] {
    [barriers, leads].filter { !$0.rows.isEmpty }.map(\.console)
  }

  var barriers: Table {
    Table(
      caption:
        "How much higher a loss lies than the straight line between the ends, where that is most, in nats a token. A "
        + "wall is what exceeds the noise with its whole interval.",
      header: ["between", "loss", "height", "over \(names.units)", "noise", "at", "wall"],
      rows: (landscape?.barriers ?? []).map { barrier in
        [
          ends(barrier), barrier.loss, nats(barrier.height.value),
          MeasureScale.nats.interval(barrier.height.interval), nats(barrier.noise),
          MeasureScale.percent.value(barrier.share), verdict(barrier),
        ]
      }, wordColumns: 2)
  }

  private func ends(_ barrier: BarrierFinding) -> String {
    barrier.between.map(names.condition).joined(separator: " – ")
      + (barrier.isNoise ? " (draws alone)" : "")
  }

  private func nats(_ value: Double?) -> String { MeasureScale.nats.number(value) }

  private func verdict(_ barrier: BarrierFinding) -> String {
    switch barrier.isWall {
    case true?: "yes"
    case false?: "no"
    case nil: (barrier.height.value ?? 0) > barrier.noise ? "one model" : "no"
    }
  }

  /// Where the third corners are, and what leaves the planes.
  var places: Table {
    let planes = landscape?.planes ?? []
    return Table(
      caption:
        "In lengths of the change from the first corner to the second. Off the plane: of the squared distance from the "
        + "first corner. The way back is the cosine between the way from the second corner to the third and the way "
        + "from the second to the first.",
      header: ["model", "along", "across", "distance", "off the plane", "way back"],
      rows: planes.flatMap { plane in
        (plane.corners + plane.others.filter { $0.place == nil || isCourse($0) }).enumerated().map {
          index, corner in
          [
            name(corner, plane), SignedText.text(corner.x, decimals: 2),
            SignedText.text(corner.y, decimals: 2),
            SignedText.text((corner.x * corner.x + corner.y * corner.y).squareRoot(), decimals: 2),
            MeasureScale.percent.value(corner.offPlane),
            index == 2 ? SignedText.text(plane.wayBack, decimals: 2) : "",
          ]
        }
      }, wordColumns: 1)
  }

  private func isCourse(_ corner: PlaneFinding.Corner) -> Bool {
    names.plan.conditions.contains { $0.name == corner.condition && !$0.snapshots.isEmpty }
  }

  private func name(_ corner: PlaneFinding.Corner, _ plane: PlaneFinding) -> String {
    let world = plane.world.map { ", world \($0)" } ?? ""
    return names.condition(corner.condition) + (corner.place.map { ", step \($0)" } ?? "")
      + "\(world), seed \(plane.seed)"
  }

  /// Of random planes through the first corner: how high losses get there.
  var random: Table {
    Table(
      caption:
        "Losses on planes through the first corner along random axes (each row of a matrix as long as the model’s own, "
        + "scaled to one length with the change), as far out as the plane above, beside those of the plane itself; in "
        + "nats a token.",
      header: ["plane of", "loss", "lowest", "highest", "by chance: lowest", "median", "highest"],
      rows: (landscape?.planes ?? []).flatMap { plane -> [[String]] in
        plane.losses.keys.sorted().compactMap { loss -> [String]? in
          guard let chance = plane.random[loss], !chance.isEmpty,
            let own = plane.losses[loss]?.filter(\.isFinite), let low = own.min(),
            let high = own.max()
          else { return nil }
          return [
            plane.world.map { "world \($0)" } ?? "seed \(plane.seed)", loss, nats(low), nats(high),
            nats(chance[0]), nats(quantile(0.5, ofSorted: chance)), nats(chance[chance.count - 1]),
          ]
        }
      }, wordColumns: 2)
  }

  var leads: Table {
    Table(
      caption:
        "Steps between the points at which half of the whole change was made; above 0 the first comes first.",
      header: ["first", "then", "steps", "over \(names.units)"],
      rows: (course?.leads ?? []).map { lead in
        [
          part(lead.from), part(lead.to), SignedText.text(lead.steps.value, decimals: 1),
          interval(lead.steps),
        ]
      }, wordColumns: 2)
  }

  private func interval(_ steps: EffectFinding.Estimate) -> String {
    guard let interval = steps.interval else { return NumberText.undefined }
    let ends = [interval.low, interval.high].map { SignedText.text($0, decimals: 1) }
    return ends.joined(separator: " to ")
  }

  private func part(_ name: String) -> String {
    switch name {
    case "habit": course.map { names.evaluation($0.habit) } ?? name
    case "spread": course.map { names.evaluation($0.spread) } ?? name
    default: course.map { "movement along \(names.direction($0.direction))" } ?? name
    }
  }

  // MARK: - In a sentence

  /// Whether there are valleys or one slope, and what came first.
  var summary: String { [slopes, ending, order].compactMap { $0 }.joined(separator: " ") }

  private var slopes: String? {
    guard let barriers = landscape?.barriers.filter({ !$0.isNoise }), !barriers.isEmpty else {
      return nil
    }
    let walls = barriers.filter { $0.isWall == true }
    guard walls.isEmpty else {
      let list = walls.map {
        "\(ends($0)) in the loss \($0.loss) (\(nats($0.height.value)) nats a token, noise \(nats($0.noise)))"
      }
      return "There is a wall between \(list.joined(separator: ", "))."
    }
    let highest = barriers.max { ($0.height.value ?? 0) < ($1.height.value ?? 0) }
    guard let highest else { return nil }
    let words: String
    if barriers.contains(where: { $0.isWall != nil }) {
      words = "One slope, no wall"
    } else {
      words =
        barriers.allSatisfy { ($0.height.value ?? 0) <= $0.noise }
        ? "One slope, no wall, in one model" : "One model cannot tell whether there is a wall"
    }
    return
      "\(words): the highest is \(nats(highest.height.value)) nats a token above the straight line, between "
      + "\(ends(highest)) in the loss \(highest.loss) (noise \(nats(highest.noise)))."
  }

  private var ending: String? {
    guard let planes = landscape?.planes, let first = planes.first else { return nil }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
    let (third, origin) = (names.condition(first.through[2]), names.condition(first.through[0]))
    let own = planes.filter { $0.through == first.through }
    let distance = mean(own.map(\.distance))
    let back = mean(own.compactMap(\.wayBack))
    return
      "\(third) ends \(SignedText.text(distance, decimals: 2)) lengths of the change away from \(origin), and its "
      + "way has a cosine of \(SignedText.text(back, decimals: 2)) with the way back."
  }

  private var order: String? {
    guard let lead = course?.leads.first(where: { $0.from == "habit" && $0.to == "spread" }),
      let steps = lead.steps.value
    else { return nil }
    let (first, then) = steps >= 0 ? ("habit", "spread") : ("spread", "habit")
    let interval = lead.steps.interval == nil ? "" : " (\(interval(lead.steps)))"
    return "\(part(first)) is half done \(SignedText.text(abs(steps), decimals: 1)) steps before "
      + "\(part(then)).\(interval.isEmpty ? "" : " Interval of the lead of the habit:\(interval).")"
  }
}
