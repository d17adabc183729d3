import Lab
import Plans
import Statistics

/// Makes the figures of what directions do: by site, and by dose at the chosen one.
struct AnatomyFigures {
  private let finding: AnatomyFinding
  private let names: PlanNames

  init(_ finding: AnatomyFinding, names: PlanNames) {
    (self.finding, self.names) = (finding, names)
  }

  /// What is done with a direction, and what is measured of it.
  private struct Steering: Hashable {
    let direction: String
    let into: String
    let how: String
    let measure: String

    init(_ effect: EffectFinding) {
      (direction, into, how) = (effect.direction, effect.into, effect.how)
      measure = effect.measure
    }
  }

  private var steerings: [Steering] {
    var seen: Set<Steering> = []
    return finding.effects.map(Steering.init).filter { seen.insert($0).inserted }
  }

  private func effects(of steering: Steering) -> [EffectFinding] {
    finding.effects.filter { Steering($0) == steering }
  }

  private func isScored(_ measure: String) -> Bool { names.scale(measure) == .nats }

  /// Effects by site with the controls' limit behind them; of contrasts, or of what models themselves say.
  func bySite(ofContrasts: Bool) -> [String] {
    let axis = SiteAxis(finding.effects.map(\.site))
    return steerings.filter { isScored($0.measure) == ofContrasts }.compactMap { steering in
      let own = effects(of: steering)
      let doses = Set(own.map(\.dose)).sorted()
      let series = doses.map { dose in
        LineFigure.Series(
          name: "dose \(Axis.label(dose))", colorClass: Self.color(of: dose, among: doses),
          points: own.filter { $0.dose == dose }.map { effect in
            LineFigure.Point(
              x: axis.position(effect.site), y: effect.effect.value,
              whisker: dose == 1 ? effect.effect.interval : nil)
          }.sorted { $0.x < $1.x })
      }
      guard series.contains(where: { $0.points.contains { $0.y?.isFinite == true } }) else {
        return nil
      }
      let controls = own.filter { $0.dose == 1 }.compactMap { effect in
        part(of: effect, at: axis.position(effect.site))
      }.sorted { $0.x < $1.x }
      var figure = LineFigure(
        title: "\(heading(steering)): effect on \(names.evaluation(steering.measure)) by site",
        heading: heading(steering), axisTitle: axis.title,
        valueTitle: valueTitle(steering.measure), series: series, range: range(like: steering))
      figure.tick = tick(steering.measure)
      if !controls.isEmpty { figure.band = LineFigure.Band(name: Self.controls, parts: controls) }
      return figure.svg
    }
  }

  /// Of what has several doses: effect and coherence by dose, at the site that was chosen.
  var byDose: [String] {
    steerings.filter { !isScored($0.measure) }.compactMap { steering in
      let own = effects(of: steering).filter(\.isChosen).sorted { $0.dose < $1.dose }
      guard own.count > 1, own.contains(where: { $0.effect.number != nil }) else { return nil }
      let (effect, coherent) = (
        LineFigure.Series(
          name: "effect, points", colorClass: "c-insecure",
          points: own.map {
            LineFigure.Point(x: $0.dose, y: $0.effect.value, whisker: $0.effect.interval)
          }),
        LineFigure.Series(
          name: "coherent, %", colorClass: "c-secure",
          points: own.map { LineFigure.Point(x: $0.dose, y: $0.coherence, whisker: nil) })
      )
      let site = own[0].site
      let lowest = own.flatMap { [$0.effect.number, $0.effect.interval?.low] }.compactMap { $0 }
        .min()
      var figure = LineFigure(
        title: "\(heading(steering)) at \(site): \(names.evaluation(steering.measure)) by dose",
        heading: heading(steering), axisTitle: "dose at \(site)", valueTitle: "points, %",
        series: [effect, coherent], range: min(0, lowest ?? 0)...1)
      figure.tick = tick(steering.measure)
      let controls = own.filter { $0.dose == 1 }.compactMap { part(of: $0, at: 1) }
      if !controls.isEmpty {
        figure.band = LineFigure.Band(name: "controls at dose 1", parts: controls)
      }
      return figure.svg
    }
  }

  private static let controls = "95 % of controls"

  private func heading(_ steering: Steering) -> String {
    "\(names.direction(steering.direction)), \(names.done(steering.how, steering.into))"
  }

  private func valueTitle(_ measure: String) -> String {
    switch names.scale(measure) {
    case .percent: "effect, points"
    case .mark: "effect"
    case .nats: "effect, nats a token"
    }
  }

  /// The dose 1 has controls; the others are told apart by their labels, too.
  private static func color(of dose: Double, among doses: [Double]) -> String {
    guard dose != 1 else { return "c-insecure" }
    let others = ["c-violet", "c-sky", "c-brown", "c-base"]
    let index = doses.filter { $0 != 1 }.firstIndex(of: dose) ?? 0
    return others[index % others.count]
  }

  /// From 0 to the hardest kind's limit.
  private func part(of effect: EffectFinding, at x: Double) -> LineFigure.Band.Part? {
    guard let limit = effect.controls95, limit.isFinite else { return nil }
    return LineFigure.Band.Part(x: x, low: min(0, limit), high: max(0, limit))
  }

  /// One scale for all that is done and measured alike.
  private func range(like steering: Steering) -> ClosedRange<Double> {
    let alike = finding.effects.filter {
      $0.how == steering.how && $0.measure == steering.measure
    }
    let values = alike.flatMap { effect in
      [effect.effect.number, effect.controls95]
        + (effect.dose == 1 ? [effect.effect.low, effect.effect.high] : [])
    }.compactMap { $0 }.filter(\.isFinite)
    return Self.rounded(min(0, values.min() ?? 0)...max(0, values.max() ?? 0))
  }

  /// Widened to whole ticks; what reaches a fiftieth of the other side or less has none of its own.
  private static func rounded(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let (low, high) = (range.lowerBound, range.upperBound)
    guard low < high else { return 0...1 }
    let ticks = Axis(range, from: 0, to: 1).ticks(4)
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : high - low
    let least = -low * 50 < high ? 0 : (low / step - 1e-9).rounded(.down) * step
    let most = high * 50 < -low ? 0 : (high / step + 1e-9).rounded(.up) * step
    return least...most
  }

  /// With a real minus sign.
  private func tick(_ measure: String) -> (Double) -> String {
    let scale = names.scale(measure)
    return { scale.tick($0).replacing("-", with: "−") }
  }
}
