import Core
import Foundation
import Statistics

extension UtilityReading {
  /// What a step of a ladder is worth in the unit of another ladder.
  package struct ExchangeRate: Sendable {
    package let ladder: String
    package let amount: Double
    package let unit: String
    /// log₁₀ of the amount of `unit` with the same utility.
    package let logarithm: Double
    package let interval: Interval
    /// Whether it lies outside the amounts that were asked about.
    package let isExtrapolated: Bool
  }

  /// The middle step of each other better ladder in money, where money's utility rises with its amount for sure.
  ///
  /// μ = a log₁₀ amount + c on the ladder of money; the interval is of 2,000 draws of all utilities from their errors, and there is
  /// none where money's utility does not rise in 97.5 % of them.
  ///
  /// - Parameter unit: ladder that is paid in.
  package func exchangeRates(unit: String = "money") -> [ExchangeRate] {
    guard let arm = arm(.real), let money = ladders.first(where: { $0.name == unit }),
      money.arm == .real, money.isBetter, money.slopeInterval.low > 0
    else { return [] }
    let draws = arm.fit.draws(2_000, stream: RandomStream(seed: 0, "exchange"))
    let weights = Self.slopeWeights(money.amounts)
    let logs = money.amounts.map { log10($0) }
    let middle = logs.reduce(0, +) / Double(logs.count)
    func rate(_ means: [Double], _ place: Int) -> Double? {
      let own = money.places.map { means[$0] }
      let slope = zip(weights, own).reduce(0) { $0 + $1.0 * $1.1 }
      guard slope > 0 else { return nil }
      return middle + (means[place] - own.reduce(0, +) / Double(own.count)) / slope
    }
    return ladders.filter { $0.arm == .real && $0.isBetter && $0.name != unit }.compactMap {
      ladder in
      let step = ladder.places.count / 2
      let place = ladder.places[step]
      let drawn = draws.compactMap { rate($0, place) }.sorted()
      guard let value = rate(arm.fit.means, place), drawn.count * 40 > draws.count * 39,
        let low = quantile(0.025, ofSorted: drawn), let high = quantile(0.975, ofSorted: drawn)
      else { return nil }
      return ExchangeRate(
        ladder: ladder.name, amount: ladder.amounts[step], unit: unit, logarithm: value,
        interval: Interval(low: low, high: high),
        isExtrapolated: value < logs[0] || value > logs[logs.count - 1])
    }
  }
}
