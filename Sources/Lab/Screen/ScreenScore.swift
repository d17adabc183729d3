import Core
import Foundation
import Plans
import Screen
import Statistics

/// How well screens foretold what trainings came to, where a plan did both.
package struct ScreenScore: Sendable, Hashable, Codable {
  /// Data sets, each in each world.
  package var sets: Int
  /// Of them, those that came out above ``Screen/ScreenForecast/threshold``.
  package var misaligned: Int
  /// Spearman's of predicted and measured rates.
  package var spearman: Double?
  /// Rates that lie between the limits of 80 %.
  package var within: Int
  /// 1 − Brier score of the stated chances over that of the share of misaligned sets, with 95 % over worlds.
  package var skill: Double?
  package var low: Double?
  package var high: Double?
  /// The forecast that would have fitted these sets best: for those who choose one, and not a forecast.
  package var fitted: ScreenForecast?

  /// - Returns: `nil` where nothing was both screened and measured.
  init?(_ screens: [ScreenFinding]) {
    let known = screens.compactMap { screen -> (ScreenFinding, ScreenForecast.Predicted, Double)? in
      guard let predicted = screen.result.predicted, let measured = screen.measured else {
        return nil
      }
      return (screen, predicted, measured)
    }
    if known.isEmpty { return nil }
    let threshold = ScreenForecast.threshold
    (sets, misaligned) = (known.count, known.count { $0.2 > threshold })
    spearman = Correlation.spearman(known.map(\.1.rate), known.map(\.2))
    within = known.count { $0.1.low <= $0.2 && $0.2 <= $0.1.high }
    let forecasts = ForecastSkill(
      known.map { screen, predicted, measured in
        Forecast(
          probability: min(1, max(0, predicted.risk)), outcome: measured > threshold,
          cluster: screen.world.map(String.init) ?? "")
      })
    skill = forecasts.skill(.brier)
    let limits = forecasts.skillInterval(.brier, stream: RandomStream(seed: 0, "screens"))
    (low, high) = (limits?.low, limits?.high)
    fitted = ScreenForecast(
      fitting: known.compactMap { screen, _, measured in
        screen.result.pilot.map { (shift: $0.shift, rate: measured) }
      })
  }
}

extension PlanFindings {
  /// Adds to the summary what screens said, and how right they were.
  mutating func tellScreens() {
    guard let screens, !screens.isEmpty else { return }
    let seen = screens.count { $0.result.pilot?.isSeen == true }
    var told =
      "\(screens.count) data sets screened: short trainings on \(seen) lean further to bad answers than on the "
      + "models' own."
    if let score = screenScore, let spearman = score.spearman {
      told +=
        " Of \(score.sets) trained on, predicted and measured rates have a rank correlation of "
        + "\(String(format: "%.2f", spearman))"
        + (score.skill.map {
          ", and the stated chances a Brier skill of \(String(format: "%.2f", $0))"
        }
          ?? "") + "."
    }
    summary = [summary, told].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
