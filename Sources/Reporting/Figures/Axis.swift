import Foundation

/// A linear map from values to positions on the page, with round tick values.
package struct Axis: Sendable {
  package let domain: ClosedRange<Double>
  package let start: Double
  package let end: Double

  /// - Parameters:
  ///   - domain: values; one without width is widened by 1 so that it can be drawn.
  ///   - start: position of the lowest value; it may lie beyond `end`, as on a vertical axis.
  package init(_ domain: ClosedRange<Double>, from start: Double, to end: Double) {
    self.domain =
      domain.lowerBound < domain.upperBound
      ? domain : domain.lowerBound...(domain.lowerBound + 1)
    self.start = start
    self.end = end
  }

  package func position(_ value: Double) -> Double {
    let share = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return start + share * (end - start)
  }

  /// Multiples of 1, 2, 2.5 or 5 times a power of ten inside the domain, about `count` of them.
  package func ticks(_ count: Int) -> [Double] {
    let rough = (domain.upperBound - domain.lowerBound) / Double(max(1, count))
    let power = pow(10, floor(log10(rough)))
    let step = ([1, 2, 2.5, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10) * power
    let first = Int((domain.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((domain.upperBound / step + 1e-9).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// A tick's value without needless decimals.
  package static func label(_ value: Double) -> String { String(format: "%g", value + 0) }
}
