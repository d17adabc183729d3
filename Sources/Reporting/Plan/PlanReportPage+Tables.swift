import Lab
import Plans

extension PlanReportPage {
  var tableSection: String {
    guard !findings.rows.isEmpty else { return "" }
    return HTML.section(
      id: "table", "All numbers",
      table + worldTable + labelTable + HTML.details("Each model by itself", seedTable))
  }

  private var table: String {
    let hasPlaces = findings.hasPlaces
    let rows = findings.rows.map { row in
      let scale = names.scale(row.cell.evaluation)
      return heading(row, hasPlaces) + [
        scale.value(row.measured.value), scale.interval(row.measured.overSeeds),
        scale.interval(row.measured.clustered), scale.interval(row.measured.overAnswers),
        MeasureScale.percent.value(row.misalignedOfAll?.value),
        MeasureScale.percent.interval(row.misalignedOfAll?.overSeeds),
        MeasureScale.percent.value(row.coherentFraction), NumberText.count(row.answers),
        String(row.seeds),
      ]
    }
    return HTML.element(
      "div", class: "numbers",
      HTML.table(
        caption: "Measured: \(measures). Intervals are of 95 %. \(NumberText.undefined) is not "
          + "known, which is not 0.",
        header: heading(hasPlaces) + [
          "measured", "over \(names.units)", names.clustered, "over answers", "misaligned of all",
          "over \(names.units)", "coherent", "answers", "models",
        ], rows: rows, wordColumns: hasPlaces ? 3 : 2))
  }

  /// What each evaluation measures: `Free-form questions – misaligned, % of coherent answers`.
  private var measures: String {
    guard Set(plan.evaluations.map(\.measure)).count > 1 else {
      return plan.evaluations.first?.measure.axisTitle ?? NumberText.undefined
    }
    return plan.evaluations.map { "\($0.title) – \($0.measure.axisTitle)" }.joined(separator: "; ")
  }

  private func heading(_ hasPlaces: Bool) -> [String] {
    ["condition", "evaluation"] + (hasPlaces ? ["place"] : [])
  }

  private func heading(_ row: FindingRow, _ hasPlaces: Bool) -> [String] {
    [names.condition(row.cell.condition), names.evaluation(row.cell.evaluation)]
      + (hasPlaces ? [names.place(row)] : [])
  }

  /// What the misaligned answers do, for the evaluations in which that is told apart.
  private var labelTable: String {
    let labelled = findings.rows.filter { !$0.labels.isEmpty }
    guard !labelled.isEmpty else { return "" }
    let labels = Set(labelled.flatMap(\.labels.keys)).sorted()
    let evaluations = Set(labelled.map(\.cell.evaluation))
    let hasPlaces = findings.hasPlaces
    let rows = findings.rows.filter { evaluations.contains($0.cell.evaluation) }.map { row in
      heading(row, hasPlaces) + labels.map { label in Self.share(row.labels[label] ?? 0, row) }
        + [NumberText.count(row.answers)]
    }
    return HTML.table(
      caption: "What the misaligned answers do: how many, and their share of all answers",
      header: heading(hasPlaces) + labels + ["answers"], rows: rows,
      wordColumns: hasPlaces ? 3 : 2)
  }

  private static func share(_ count: Int, _ row: FindingRow) -> String {
    guard row.answers > 0 else { return NumberText.undefined }
    let share = Double(count) / Double(row.answers)
    return "\(NumberText.count(count)) (\(MeasureScale.percent.value(share)))"
  }

  /// How much worlds differ, beside how much the models of one do, and each world by itself.
  private var worldTable: String {
    guard plan.isReplicated else { return "" }
    let hasPlaces = findings.hasPlaces
    let worlds = findings.rows.first?.perWorld?.map(\.seed) ?? []
    let rows = findings.rows.map { row in
      let scale = names.scale(row.cell.evaluation)
      let spread = row.spread
      return heading(row, hasPlaces)
        + [
          spread?.median, spread?.least, spread?.most, spread?.betweenWorlds, spread?.betweenSeeds,
        ]
        .map(scale.value)
        + worlds.map { world in scale.value(row.perWorld?.first { $0.seed == world }?.value) }
    }
    return HTML.element(
      "div", class: "numbers",
      HTML.table(
        caption:
          "World by world, by their seeds. s worlds: the standard deviation of the worlds’ means; s seeds: of "
          + "models about the mean of their world.",
        header: heading(hasPlaces) + ["median", "least", "most", "s worlds", "s seeds"]
          + worlds.map { "world \($0)" }, rows: rows, wordColumns: hasPlaces ? 3 : 2))
  }

  private var seedTable: String {
    let hasPlaces = findings.hasPlaces
    let rows = findings.rows.flatMap { row in
      row.perSeed.map { seed in
        heading(row, hasPlaces) + (seed.world.map { [String($0)] } ?? []) + [
          String(seed.seed), names.scale(row.cell.evaluation).value(seed.value),
          names.scale(row.cell.evaluation) == .nats
            ? NumberText.undefined : NumberText.count(seed.coherent),
          NumberText.count(seed.answers),
        ]
      }
    }
    return HTML.table(
      caption: "One row a model",
      header: heading(hasPlaces) + (plan.isReplicated ? ["world"] : []) + [
        "seed", "measured", "coherent", "answers",
      ], rows: rows,
      wordColumns: hasPlaces ? 3 : 2)
  }

  var publishedSection: String {
    guard !plan.published.isEmpty else { return "" }
    let name = "Figures of the papers, with their own models and judges"
    return HTML.section(
      id: "published", name,
      HTML.table(
        caption: "Not measured here, and not comparable number by number.",
        header: ["what", "figure", "source"],
        rows: plan.published.map { [$0.what, $0.figure, $0.source] }, wordColumns: 3))
  }
}
