import Foundation
import Lab
import Statistics

/// Numbers as people read them. What is undefined is a dash, never a zero.
package enum NumberText {
  package static let undefined = "–"

  /// A rate in percent with one decimal, without the sign: `52.3`.
  package static func percent(_ rate: Double?) -> String {
    rate.map { String(format: "%.1f", $0 * 100) } ?? undefined
  }

  /// `48.1–57.0`, in percent.
  package static func interval(_ interval: Interval?) -> String {
    interval.map { "\(percent($0.low))–\(percent($0.high))" } ?? undefined
  }

  package static func seconds(_ seconds: Double) -> String {
    guard seconds >= 60 else { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    return String(format: "%d min %02d s", whole / 60, whole % 60)
  }

  /// A number with thin spaces between thousands.
  package static func count(_ count: Int) -> String {
    var digits = String(count.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (count < 0 ? "−" : "") + ([digits] + groups).joined(separator: "\u{202F}")
  }

  package static func score(_ score: Double?) -> String {
    guard let score, score.isFinite else { return undefined }
    return String(format: "%.3g", score)
  }

  /// `2026-07-29 12:00:00 UTC`, of seconds since 1970.
  package static func time(_ seconds: Double) -> String {
    // Years that the calendar writes with four digits.
    guard seconds.isFinite, (0..<253_402_300_800).contains(seconds) else { return undefined }
    return Date(timeIntervalSince1970: seconds).formatted(.iso8601)
      .replacing("T", with: " ").replacing("Z", with: " UTC")
  }
}
