import Core

/// How often a statement may be wrong.
enum ErrorLevel {
  /// 1 − confidence.
  ///
  /// - Precondition: `0 < confidence < 1`.
  static func alpha(confidence: Double) -> Double {
    precondition(
      0 < confidence && confidence < 1, "a confidence lies between 0 and 1, not at \(confidence)")
    return 1 - confidence
  }

  /// −ln α: what ln E has to reach. A billionth of a nat less, since sums that should tie with it
  /// differ from it in their last digits.
  ///
  /// - Precondition: `0 < α < 1`.
  static func logGoal(alpha: Double) -> Double {
    precondition(0 < alpha && alpha < 1, "a level lies between 0 and 1, not at \(alpha)")
    return -Double.log(alpha) - 1e-9
  }
}
