import Core

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Double {
  /// The C library's functions; named here so that no other file need import a platform.
  static func exponential(_ x: Double) -> Double { exp(x) }
  static func arcsine(_ x: Double) -> Double { asin(x) }
  /// log(1 + x) and eˣ − 1, which keep their digits where x is small.
  static func logOfOnePlus(_ x: Double) -> Double { log1p(x) }
  static func exponentialMinusOne(_ x: Double) -> Double { expm1(x) }
  /// 1 minus the error function.
  static func complementaryError(_ x: Double) -> Double { erfc(x) }

  /// log(x / (1 − x)) for a probability x that is neither 0 nor 1.
  static func logit(_ x: Double) -> Double { log(x / (1 - x)) }

  /// 1 / (1 + e⁻ˣ), the inverse of `logit`.
  static func logistic(_ x: Double) -> Double {
    let small = exponential(-abs(x))
    return (x < 0 ? small : 1) / (1 + small)
  }
}

/// log Σ eˣ of numbers whose exponentials may not be representable; −∞ for none.
func logSumOfExponentials(_ logs: [Double]) -> Double {
  guard let greatest = logs.max(), greatest > -.infinity else { return -.infinity }
  return greatest + Double.log(logs.reduce(0) { $0 + .exponential($1 - greatest) })
}
