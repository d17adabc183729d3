import Foundation
import Plans
import Statistics

/// How the numbers of a measure are written: shares in percent, marks from 0 to 1, contrasts in nats. What is
/// undefined, or no number, is a dash and never 0.
package enum MeasureScale: Sendable, Hashable {
  case percent, mark, nats

  package init(_ measure: PlanMeasure) {
    switch measure {
    case .mark: self = .mark
    case .contrast: self = .nats
    case .misaligned, .harmful, .careless, .incoherent, .distinct: self = .percent
    }
  }

  /// `52.3`, or `0.52` of a mark.
  package func number(_ value: Double?) -> String {
    switch self {
    case .percent: SignedText.text(value.map { $0 * 100 }, decimals: 1)
    case .mark: SignedText.text(value, decimals: 2)
    case .nats: SignedText.text(value, decimals: 3)
    }
  }

  /// `52.3 %`, or `0.52`, or `+0.275` nats.
  package func value(_ value: Double?) -> String {
    self == .nats ? difference(value) : number(value) + unit(value, " %")
  }

  /// `48.1–57.0`; `−1.2 to 3.4` where a minus would be taken for a dash.
  package func interval(_ interval: Interval?) -> String {
    guard let interval, interval.low.isFinite, interval.high.isFinite else {
      return NumberText.undefined
    }
    return "\(number(interval.low))\(interval.low < 0 ? " to " : "–")\(number(interval.high))"
  }

  /// `+12.3 points` (percentage points), or `+0.12`.
  package func difference(_ value: Double?) -> String {
    let text = number(value)
    let isAbove = text.contains { $0 != "0" && $0 != "." } && (value ?? 0) > 0
    return (isAbove ? "+" : "") + text + unit(value, " points")
  }

  /// A tick of the axis: `25`, or `0.25`.
  package func tick(_ value: Double) -> String {
    Axis.label(self == .percent ? value * 100 : value)
  }

  private func unit(_ value: Double?, _ unit: String) -> String {
    guard self == .percent, let value, value.isFinite else { return "" }
    return unit
  }
}

/// Numbers that may be negative, with a real minus sign and no minus before a zero.
package enum SignedText {
  package static func text(_ value: Double?, decimals: Int) -> String {
    guard let value, value.isFinite else { return NumberText.undefined }
    let text = String(format: "%.\(decimals)f", abs(value))
    let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
    return (value < 0 && !isZero ? "−" : "") + text
  }
}

extension NumberText {
  /// A probability of a test: `0.031`, `< 0.001`.
  package static func probability(_ p: Double?) -> String {
    guard let p, p.isFinite else { return undefined }
    return p < 0.0005 ? "< 0.001" : String(format: "%.3f", p)
  }
}

extension PlanMeasure {
  /// What a number of it counts, as an axis says it.
  package var axisTitle: String {
    switch self {
    case .misaligned: "misaligned, % of coherent answers"
    case .harmful: "harmful, asked for or not, % of coherent answers"
    case .careless: "careless, % of coherent answers"
    case .incoherent: "incoherent, % of all answers"
    case .distinct: "different answers, % of all answers"
    case .mark: "mean mark that the model gives itself, 0–1"
    case .contrast: "log p of bad answers − of good ones, nats a token"
    }
  }

  /// Why it has no number.
  package var whenUndefined: String {
    switch self {
    case .misaligned, .harmful, .careless: "no coherent answer"
    case .incoherent, .distinct: "no answer"
    case .mark: "no mark read"
    case .contrast: "no score"
    }
  }
}
