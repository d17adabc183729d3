import Core

/// How a data set is screened: what is the same for all data sets, and was written down before the first row was read.
package struct ScreenMethod: Sendable, Hashable, Encodable {
  /// Raised whenever the same settings give another result.
  var version = 1
  /// Of a pilot: optimiser's steps, rows a step, and how many pilots of each kind, which differ by their seed.
  package var steps = 20
  package var batch = 16
  package var seeds = 3
  /// Of its adapter.
  package var rank = 8
  package var alpha = 16.0
  /// `nil`: ``PilotSettings/learningRate(width:)``.
  package var learningRate: Double?
  /// Rows whose author is asked after, at most, drawn from all kinds of rows alike; pilots are trained on the first of them.
  package var scored = 320
  /// Shares of known-bad rows that the limit of detection is looked for among, ascending; empty: it is not looked for.
  package var doses = [0.02, 0.05, 0.1, 0.2, 0.5]
  /// From pilots to rates.
  package var forecast = ScreenForecast.dish
  /// Of the data set and of the known-bad rows.
  let rows: Fingerprint
  package private(set) var bad: Fingerprint
  /// Of the questions that models are read by.
  let texts: Fingerprint
  package let seed: UInt64

  package init(rows: Fingerprint, bad: Fingerprint, texts: Fingerprint, seed: UInt64) {
    (self.rows, self.bad, self.texts, self.seed) = (rows, bad, texts, seed)
  }

  /// Whether pilots are those that forecasts were fitted with.
  package var isUsual: Bool {
    (steps, batch, rank) == (20, 16, 8) && learningRate == nil
  }

  /// The same without the limit of detection and the forecast, which decide nothing of what pilots come to.
  package var ofPilots: ScreenMethod {
    var method = self
    (method.doses, method.bad) = ([], Fingerprint(bytes: []))
    method.forecast = ScreenForecast(intercept: 0, slope: 0, deviation: 0)
    return method
  }

  /// Rows that a pilot is trained on.
  package var pilotRows: Int { steps * batch }

  package var pilot: PilotSettings {
    var settings = PilotSettings(steps: steps, batch: batch, rank: rank)
    (settings.alpha, settings.learningRate) = (alpha, learningRate)
    return settings
  }

  /// Cues that pilots are read behind, at most.
  package static let cues = 4
  /// Rows that are shown.
  package static let shown = 20
  /// Tokens of a base's own answer.
  package static let longestAnswer = 96
}
