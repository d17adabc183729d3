import Core
import Lab
import Plans
import Statistics

/// What a plan found inside its models, as tables for page and terminal.
struct AnatomyTables {
  typealias Table = ModelTables.Table

  let finding: AnatomyFinding
  let names: PlanNames

  /// `nil` where nothing was found inside.
  init?(_ findings: PlanFindings) {
    guard let finding = findings.anatomy else { return nil }
    self.finding = finding
    names = PlanNames(findings.plan)
  }

  /// For the terminal; empty ones are left out.
  var console: [ConsoleTable] {
    (measures.map(shortEffects) + [shortLenses, predictions]).filter { !$0.rows.isEmpty }.map(
      \.console)
  }

  /// What models say themselves comes before what they lean to.
  private var measures: [String] {
    let all = finding.effects.map(\.measure).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    func isAsked(_ name: String) -> Bool { names.scale(name) != .nats }
    return all.filter(isAsked) + all.filter { !isAsked($0) }
  }

  /// At dose 1 and the chosen sites.
  private var chosen: [EffectFinding] { finding.effects.filter { $0.isChosen && $0.dose == 1 } }

  private func chosen(_ measure: String) -> [EffectFinding] {
    chosen.filter { $0.measure == measure }
  }

  /// At dose 1 and the chosen sites, a table a measure.
  var effects: [Table] {
    measures.map { measure in
      let own = chosen(measure)
      // Of what is scored there is no coherence.
      let isAsked = names.scale(measure) != .nats
      return Table(
        caption:
          "\(names.evaluation(measure)), at dose 1 and the chosen sites, in \(unitWords(measure))"
          + "; intervals are of 95 %. Controls: what 95 of 100 of the hardest kind do not reach. Beside both stands "
          + "their share of what tuning itself has changed. Benign: change of −log p a token, in nats.",
        header: [
          "direction", "what is done", "site", "effect", "over \(names.units)", "of tuning’s",
          "controls", "of tuning’s", "p",
        ] + (isAsked ? ["coherent"] : []) + ["benign"],
        rows: own.map { effect in
          let text = EffectText(effect, names: names)
          return [
            text.direction, text.done, text.site, text.plainEffect, text.interval, text.share,
            text.plainControls, text.controlShare, text.p,
          ] + (isAsked ? [text.coherence] : []) + [text.benign]
        }, wordColumns: 3)
    }
  }

  /// What fits a terminal.
  private func shortEffects(_ measure: String) -> Table {
    let axis = SiteAxis(finding.effects.map(\.site))
    let isAsked = names.scale(measure) != .nats
    return Table(
      caption: "",
      header: [
        names.evaluation(measure), "what is done", axis.title, names.effectUnit(measure), "share",
        "by chance", "p",
      ] + (isAsked ? ["coherent"] : []),
      rows: chosen(measure).map { effect in
        let text = EffectText(effect, names: names)
        return [
          text.direction, text.done, Axis.label(axis.position(effect.site)), text.plainEffect,
          text.share, text.controlShare, text.p,
        ] + (isAsked ? [text.coherence] : [])
      }, wordColumns: 2)
  }

  /// All sites and doses, with the limits of every kind of controls; a table a measure.
  var everything: [Table] {
    let kinds = controlKinds
    return measures.map { measure in
      let isAsked = names.scale(measure) != .nats
      return Table(
        caption:
          "\(names.evaluation(measure)), in \(unitWords(measure)); ✓ is the chosen site. Controls have dose 1. "
          + "Of each kind: what 95 of 100 do not reach, in the direction of the effect.",
        header: [
          "direction", "what is done", "site", "dose", "effect", "over \(names.units)",
          "of tuning’s",
        ] + kinds + ["p"] + (isAsked ? ["coherent"] : []) + ["benign"],
        rows: finding.effects.filter { $0.measure == measure }.map { effect in
          let text = EffectText(effect, names: names)
          return [
            text.direction, text.done, text.site + (effect.isChosen ? " ✓" : ""), text.dose,
            text.plainEffect, text.interval, text.share,
          ] + kinds.map(text.controls) + [text.p] + (isAsked ? [text.coherence] : [])
            + [text.benign]
        }, wordColumns: 3)
    }
  }

  private func unitWords(_ measure: String) -> String {
    switch names.scale(measure) {
    case .percent: "percentage points"
    case .mark: "marks from 0 to 1"
    case .nats: "nats a token"
    }
  }

  /// The easiest to beat first.
  private var controlKinds: [String] {
    let known = ["isotropic", "covariance", "shuffled"]
    let found = Set(finding.effects.flatMap(\.controls.keys))
    return known.filter(found.contains) + found.subtracting(known).sorted()
  }

  var worlds: Table {
    let seeds = Set(chosen.flatMap { ($0.perWorld ?? []).map(\.seed) }).sorted()
    return Table(
      caption: "Effects at dose 1 and the chosen sites, by the worlds’ seeds",
      header: ["direction", "what is done", "measure"] + seeds.map { "world \($0)" },
      rows: seeds.count < 2
        ? []
        : chosen.map { effect in
          let text = EffectText(effect, names: names)
          return [text.direction, text.done, text.measure] + seeds.map(text.world)
        }, wordColumns: 3)
  }

  var cosines: Table {
    Table(
      caption:
        "With itself: of models that differ by the seed alone. By chance: what 95 of 100 of the first "
        + "direction with shuffled labels do not reach, without the sign.",
      header: ["direction", "with", "site", "cosine", "over \(names.units)", "by chance"],
      rows: finding.cosines.map { cosine in
        [
          names.direction(cosine.a), names.direction(cosine.b), cosine.site,
          MeasureScale.mark.number(cosine.value), MeasureScale.mark.interval(cosine.interval),
          MeasureScale.mark.number(cosine.shuffled95),
        ]
      }, wordColumns: 3)
  }

  var directions: Table {
    Table(
      caption:
        "Means over models. The shift is that of the tuned model along the direction: dose 1. Beside it "
        + "stands its share of the length of the residual stream there.",
      header: [
        "direction", "what it is", "read at", "site", "length", "shift", "of the stream’s length",
      ],
      rows: finding.directions.map { direction in
        [
          direction.title, direction.definition, names.tokens(direction.name), direction.site,
          NumberText.score(direction.length), NumberText.score(direction.shift),
          MeasureScale.percent.value(direction.shiftShare),
        ]
      }, wordColumns: 4)
  }

  /// One row a direction, whatever the number of sites.
  var files: Table {
    var known: [DirectionFinding] = []
    for direction in finding.directions
    where !known.contains(where: { $0.name == direction.name }) { known.append(direction) }
    return Table(
      caption: "In the project’s folder, one a model; all sites of a direction are in one file.",
      header: ["direction", "files"],
      rows: known.flatMap { direction in direction.files.map { [direction.title, $0] } },
      wordColumns: 2)
  }

  /// What directions would say where they were read.
  var lenses: Table {
    Table(
      caption:
        "Tokens that a direction makes likelier and less likely if the model ended there (logit lens), of the first "
        + "model. Lean: tokens of bad answers minus those of good ones, in standard deviations of the logits. By "
        + "chance: what 95 of 100 controls of the hardest kind do not reach.",
      header: [
        "direction", "site", "lean", "over \(names.units)", "by chance", "p", "promoted",
        "suppressed",
      ],
      rows: (finding.lenses ?? []).map { lens in
        [
          names.direction(lens.direction), lens.site, MeasureScale.mark.number(lens.lean.value),
          MeasureScale.mark.interval(lens.lean.interval),
          MeasureScale.mark.number(lens.controls95), NumberText.probability(lens.p),
          Self.words(lens.promoted),
          Self.words(lens.suppressed),
        ]
      }, wordColumns: 2)
  }

  private var shortLenses: Table {
    let axis = SiteAxis((finding.lenses ?? []).map(\.site))
    return Table(
      caption: "",
      header: ["direction promotes", axis.title, "lean", "by chance", "p", "first tokens"],
      rows: (finding.lenses ?? []).map { lens in
        [
          names.direction(lens.direction), Axis.label(axis.position(lens.site)),
          MeasureScale.mark.number(lens.lean.value), MeasureScale.mark.number(lens.controls95),
          NumberText.probability(lens.p), Self.words(Array(lens.promoted.prefix(4))),
        ]
      }, wordColumns: 1)
  }

  /// What a model's vocabulary holds is hostile text.
  private static func words(_ tokens: [String]) -> String {
    tokens.map { $0.quotedOnOneLine(limit: 24) }.joined(separator: " ")
  }

  private var predictions: Table {
    Table(
      caption: "", header: ["predicted effect", "outcome", "measured"],
      rows: finding.predictions.map { prediction in
        let text = EffectPredictionText(prediction, of: finding, names: names)
        let late = text.isLate ? ", added after the first result" : ""
        return [text.claim, text.outcome.words + late, text.measured]
      }, wordColumns: 3)
  }
}

extension CosineFinding {
  var interval: Interval? {
    guard let low, let high, low.isFinite, high.isFinite, low <= high else { return nil }
    return Interval(low: low, high: high)
  }
}

extension DirectionFinding {
  fileprivate var shiftShare: Double? { streamLength > 0 ? shift / streamLength : nil }
}
