import Foundation

/// The horizontal axis of doses, steps or generations, linear or logarithmic. A logarithmic one
/// has its 0, if there is one, at the left end, behind a break in the line.
package struct PlaceAxis: Sendable {
  private let axis: Axis
  private let zero: Double?
  private let values: [Double]
  private let isLogarithmic: Bool
  package let start: Double
  package let end: Double

  private static let inset = 8.0
  private static let breakWidth = 34.0
  private static let tickDistance = 26.0

  /// - Parameter values: all that stands on the axis; an axis with negative ones is linear.
  package init(
    _ values: [Double], isLogarithmic: Bool = false, from start: Double, to end: Double
  ) {
    let values = Set(values.filter(\.isFinite)).sorted()
    self.values = values
    self.start = start
    self.end = end
    let positive = values.filter { $0 > 0 }
    self.isLogarithmic = isLogarithmic && (values.first ?? 0) >= 0 && !positive.isEmpty
    let hasZero = self.isLogarithmic && values.first == 0
    zero = hasZero ? start + Self.inset : nil
    let (low, high) = ((self.isLogarithmic ? positive : values).first ?? 0, values.last ?? 1)
    let domain =
      self.isLogarithmic
      ? log10(low)...log10(high) : (low > 0 && low <= high / 2 ? 0 : low)...high
    axis = Axis(
      domain, from: start + Self.inset + (hasZero ? Self.breakWidth : 0), to: end - Self.inset)
  }

  package func position(_ value: Double) -> Double {
    guard isLogarithmic else { return axis.position(value) }
    return value > 0 ? axis.position(log10(value)) : zero ?? axis.start
  }

  /// Round numbers; on a logarithmic axis the values themselves, as many as there is room for.
  package var ticks: [Double] {
    guard isLogarithmic else {
      let whole = values.allSatisfy { $0 == $0.rounded() }
      return axis.ticks(6).filter { !whole || $0 == $0.rounded() }
    }
    var shown: [Double] = []
    for value in values.reversed() {
      let next = shown.last.map(position) ?? .infinity
      if next - position(value) >= Self.tickDistance || value == 0 { shown.append(value) }
    }
    return shown.reversed()
  }

  /// The line at `y` with its ticks below.
  package func draw(_ svg: inout SVG, y: Double) {
    if let zero {
      let middle = zero + Self.breakWidth / 2
      svg.line(from: (start, y), to: (middle - 4, y), class: "zero")
      svg.line(from: (middle + 4, y), to: (end, y), class: "zero")
      for x in [middle - 4, middle + 4] {
        svg.line(from: (x - 2.5, y + 5), to: (x + 2.5, y - 5), class: "zero")
      }
    } else {
      svg.line(from: (start, y), to: (end, y), class: "zero")
    }
    for tick in ticks {
      let x = position(tick)
      svg.line(from: (x, y), to: (x, y + 4), class: "zero")
      svg.text(Axis.label(tick), x: x, y: y + 17, anchor: .middle, class: "tick")
    }
  }
}
