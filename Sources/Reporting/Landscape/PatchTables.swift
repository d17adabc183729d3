import Core
import Lab
import Plans

/// How much of the difference between two models comes with the residual stream at a place, as tables.
struct PatchTables {
  typealias Table = ModelTables.Table

  private let patches: [PatchFinding]
  private let names: PlanNames

  init(_ findings: PlanFindings) {
    (patches, names) = (findings.anatomy?.patches ?? [], PlanNames(findings.plan))
  }

  /// One model's stream in another one, all places.
  var ways: [[PatchFinding]] {
    patches.map { [$0.from, $0.into] }.distinct.map { way in
      patches.filter { [$0.from, $0.into] == way }
    }
  }

  var everything: Table {
    Table(
      caption: "Shares of the difference, with 95 % intervals over \(names.units).",
      header: ["from", "into", "site", "tokens", "share", "over \(names.units)"],
      rows: patches.map { patch in
        [
          names.condition(patch.from), names.condition(patch.into), patch.site, patch.tokens,
          MeasureScale.percent.value(patch.share.value),
          MeasureScale.percent.interval(patch.share.interval),
        ]
      }, wordColumns: 4)
  }

  /// A line a site: what fits a terminal.
  var console: ConsoleTable {
    let axis = SiteAxis(patches.map(\.site))
    let tokens = patches.map(\.tokens).distinct
    return ConsoleTable(
      header: ["stream of", "into", axis.title] + tokens,
      rows: ways.flatMap { way in
        way.map(\.site).distinct.map { site in
          [
            names.condition(way[0].from), names.condition(way[0].into),
            Axis.label(axis.position(site)),
          ]
            + tokens.map { own in
              MeasureScale.percent.value(
                way.first { $0.site == site && $0.tokens == own }?.share.value)
            }
        }
      }, wordColumns: 2)
  }
}
