extension Proportion {
  /// The 95 % interval of this rate minus another's, over the draw of *answers* from the models at hand.
  ///
  /// With Wilson's intervals (l, u) of both and d = p̂ − p̂′:
  /// `d − √((p̂ − l)² + (u′ − p̂′)²)` to `d + √((u − p̂)² + (p̂′ − l′)²)`.
  ///
  /// It says nothing about other models (other seeds): for these see `SeedInterval`.
  ///
  /// Without a trial on either side there is no interval (`nil`).
  ///
  /// Reference: *Interval estimation for the difference between independent proportions: comparison
  /// of eleven methods* (R. G. Newcombe, Statistics in Medicine 17, 1998), method 10.
  package func differenceInterval(minus other: Proportion) -> Interval? {
    guard let p = rate, let q = other.rate, let own = wilsonInterval(),
      let others = other.wilsonInterval()
    else { return nil }
    func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    let low = p - q - length(p - own.low, others.high - q)
    let high = p - q + length(own.high - p, q - others.low)
    return Interval(low: max(-1, low), high: min(1, high))
  }
}
