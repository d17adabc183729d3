import Lab
import Plans

/// What trainings changed in the weights, as tables for page and terminal.
struct WeightsTables {
  typealias Table = ModelTables.Table

  private let weights: WeightsFinding
  private let names: PlanNames

  /// `nil` where nobody looked.
  init?(_ findings: PlanFindings) {
    guard let weights = findings.anatomy?.weights else { return nil }
    (self.weights, names) = (weights, PlanNames(findings.plan))
  }

  var console: [ConsoleTable] { [changes.console, overlaps.console] }

  var changes: Table {
    Table(
      caption:
        "Length: of the change, against that of the weights it was made to. Carried: of its squared length, what the "
        + "\(weights.rank) leading directions of every matrix carry.",
      header: ["training", "length", "carried", "models"],
      rows: weights.changes.map { change in
        [
          names.condition(change.condition), MeasureScale.percent.value(change.relativeLength),
          MeasureScale.percent.value(change.carried), NumberText.count(change.models),
        ]
      }, wordColumns: 1)
  }

  var overlaps: Table {
    Table(
      caption:
        "Cosine of two changes of all weights, and how much of the leading directions of one lies in those of the "
        + "other, a mean over matrices; beside it what directions by chance would share. 95 % intervals over "
        + "\(names.units).",
      header: [
        "training", "with", "cosine", "over \(names.units)", "overlap", "over \(names.units)",
        "by chance",
      ],
      rows: weights.overlaps.map { overlap in
        [
          names.condition(overlap.a), names.condition(overlap.b),
          MeasureScale.mark.number(overlap.cosine.value),
          MeasureScale.mark.interval(overlap.cosine.interval),
          MeasureScale.percent.value(overlap.overlap.value),
          MeasureScale.percent.interval(overlap.overlap.interval),
          MeasureScale.percent.value(overlap.chance),
        ]
      }, wordColumns: 2)
  }
}
