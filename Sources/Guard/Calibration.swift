import Core
import Statistics

/// A threshold with a bound on how often benign exchanges are above it.
///
/// With n benign exchanges drawn as traffic comes, the threshold is the (k+1)-th largest score, for the largest k with
/// which Clopper and Pearson's upper limit for k of n is not above the wanted rate. The rate above the (k+1)-th largest
/// of n scores has the distribution Beta(k + 1, n − k), whatever the scores': the limit is that of this very threshold,
/// chosen as it was.
package struct Calibration: Sendable, Hashable, Codable {
  package var threshold: Double
  /// The false-alarm rate that was asked for.
  package var falseAlarms: Double
  package var confidence: Double
  /// Benign exchanges, different ones among them, and those above the threshold.
  package var exchanges: Int
  package var distinct: Int
  package var flagged: Int
  /// With that confidence the rate is not above this.
  package var bound: Double
  /// Of the benign exchanges.
  package var data: String
  /// Of the guard without a calibration.
  package var guardFingerprint: String

  /// The fewest exchanges of which the rule can be found, with none of them above the threshold.
  package static func needed(for rate: Double, confidence: Double) -> Int {
    ZeroHits.trialsNeeded(toExclude: rate, confidence: confidence)
  }

  /// - Parameters:
  ///   - scores: of benign exchanges, each an independent draw.
  ///   - data: their fingerprint.
  /// - Throws: `InputError` saying how many it takes.
  package init(
    _ scores: [Double], falseAlarms: Double, confidence: Double, distinct: Int, data: String,
    of guardFingerprint: String
  ) throws(InputError) {
    let needed = Self.needed(for: falseAlarms, confidence: confidence)
    guard scores.count >= needed else {
      let percent = { (rate: Double) in "\((rate * 1e7).rounded() / 1e5) %" }
      let bound = ZeroHits.upperBound(trials: Double(scores.count), confidence: confidence) ?? 1
      throw InputError(
        "found \(scores.count) benign exchanges, expected at least \(needed): without one false alarm "
          + "\(scores.count) exclude rates above \(percent(bound)), and \(percent(falseAlarms)) was asked for",
        field: "--benign")
    }
    func bound(_ flagged: Int) -> Double {
      Proportion(successes: flagged, trials: scores.count).upperBound(confidence: confidence) ?? 1
    }
    // The bound grows with the count: the last that is not above the rate.
    var (low, high) = (0, scores.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if bound(middle) <= falseAlarms { low = middle } else { high = middle - 1 }
    }
    threshold = scores.sorted(by: >)[low]
    flagged = scores.count { [threshold] in $0 > threshold }
    self.bound = bound(flagged)
    (self.falseAlarms, self.confidence, self.distinct) = (falseAlarms, confidence, distinct)
    (exchanges, self.data, self.guardFingerprint) = (scores.count, data, guardFingerprint)
  }
}
