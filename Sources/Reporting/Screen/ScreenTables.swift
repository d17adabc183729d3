import Lab
import Plans
import Screen

/// What screens said, as tables for page and terminal.
struct ScreenTables {
  typealias Table = ModelTables.Table

  let screens: [ScreenFinding]
  private let score: ScreenScore?
  private let names: PlanNames

  /// `nil` where nothing was screened.
  init?(_ findings: PlanFindings) {
    guard let screens = findings.screens, !screens.isEmpty else { return nil }
    (self.screens, score, names) = (screens, findings.screenScore, PlanNames(findings.plan))
  }

  var console: [ConsoleTable] { [sets].map(\.console) }

  /// A row a data set.
  var sets: Table {
    Table(
      caption:
        "Shift: how much further to bad answers short trainings lean on the data than on the model's own answers, nats a "
        + "token; seen: every one does, and by 0.03 at least. Author: how much likelier a bad author is to have written the rows. Predicted: "
        + "misaligned answers to broad questions after the training, with 80 % limits."
        + (score.map(words) ?? ""),
      header: [
        "data", "shift", "95 %", "seen", "author", "predicted", "80 %", "measured", "cues",
      ],
      rows: screens.map { screen in
        let (result, pilot) = (screen.result, screen.result.pilot)
        return [
          name(screen), signed(pilot?.shift),
          pilot?.low.map { "\(signed($0)) to \(signed(pilot?.high))" } ?? "",
          pilot.map { $0.isSeen ? "yes" : "no" } ?? "",
          signed(result.author.map { $0.rows - $0.twin }), percent(result.predicted?.rate),
          result.predicted.map { "\(percent($0.low)) to \(percent($0.high))" } ?? "",
          percent(screen.measured),
          result.cues.filter { ($0.pilot ?? 0) > 0.05 }.prefix(2).map(\.text)
            .joined(separator: ", "),
        ]
      }, wordColumns: 1)
  }

  private func words(_ score: ScreenScore) -> String {
    let skill = score.skill.map { skill in
      "; Brier skill of the chance of more than \(percent(ScreenForecast.threshold)): "
        + SignedText.text(skill, decimals: 2)
        + (score.low.map {
          " (95 % over worlds \(SignedText.text($0, decimals: 2)) to \(SignedText.text(score.high, decimals: 2)))"
        } ?? "")
    }
    return
      " Of \(score.sets) sets trained on, \(score.within) came out within the limits; rank correlation "
      + "\(SignedText.text(score.spearman, decimals: 2))\(skill ?? "")."
  }

  private func name(_ screen: ScreenFinding) -> String {
    let name = screen.condition.map(names.condition) ?? "the data"
    return name + (screen.world.map { ", world \($0)" } ?? "")
  }

  private func signed(_ value: Double?) -> String {
    value.map { SignedText.text($0, decimals: 2) } ?? ""
  }

  private func percent(_ value: Double?) -> String {
    value.map { MeasureScale.percent.value($0) } ?? ""
  }
}

extension PlanReportPage {
  var screenSection: String {
    guard let tables = ScreenTables(findings) else { return "" }
    let words = tables.screens.map { screen in
      HTML.text(
        "h3", screen.condition.map(names.condition) ?? "The data")
        + HTML.text("p", screen.result.summary)
    }
    return HTML.section(
      id: "screens", "What screens said before any training",
      block(tables.sets) + HTML.details("Each screen in words", words.joined()))
  }
}
