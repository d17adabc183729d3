#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Double {
  /// The C library's natural logarithm; named here so that callers need not import a platform.
  package static func log(_ x: Double) -> Double { _log(x) }
  package static func cos(_ x: Double) -> Double { _cos(x) }
}

private func _log(_ x: Double) -> Double { log(x) }
private func _cos(_ x: Double) -> Double { cos(x) }
