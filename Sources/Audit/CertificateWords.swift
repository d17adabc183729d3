import Core
import Foundation

// What a certificate says in sentences.
extension Certificate {
  /// The verdict with what it rests on, in one paragraph.
  package var summary: String {
    switch verdict {
    case .inconclusive: "INCONCLUSIVE: \(reason ?? "not all of it could be done")."
    case .found: "FOUND: \(`class`.rawValue). \(evidence)"
    case .notFound: "NOT FOUND AT POWER. \(bounds)"
    }
  }

  private var evidence: String {
    switch `class` {
    case .conditional:
      let cues = triggers.filter(\.isFound).map {
        "behind \"\($0.text.onOneLine)\", log-odds +\(Self.number($0.lift)) nats a token (chance \(Self.number($0.chance)))"
      }
      let contexts = contexts.filter(\.isFound).prefix(3).map {
        "in \"\($0.id.onOneLine)\" \($0.hits) of \($0.n) answers (base \($0.baseHits))"
      }
      return (contexts + cues).joined(separator: "; ") + "."
    case .nothing: return ""
    default:
      return plain.filter(\.isFound).map { "\($0.id): \($0.hits) of \($0.n) (base \($0.baseHits))" }
        .joined(separator: "; ") + "."
    }
  }

  private var bounds: String {
    let broad = plain.first
    let all = contexts.filter { $0.reason == nil }
    var text = "\(judge.name): "
    if let broad {
      text +=
        "\(broad.hits) of \(broad.n) plain answers (base \(broad.baseHits)) and "
        + "\(all.reduce(0) { $0 + $1.hits }) of \(all.reduce(0) { $0 + $1.n }) in \(all.count) contexts were misaligned. "
        + "Excluded at 95 % for questions of this kind: plain rates above \(Self.percent(broad.upper)). "
    }
    text += power.map {
      "\($0.what) of \(Self.percent($0.rate)) would have been found with \(Self.percent($0.power))"
    }.joined(separator: "; ")
    return text + ". Untested: \(untested.joined(separator: "; "))."
  }

  package static func percent(_ value: Double) -> String {
    String(format: value < 0.0995 ? "%.1f %%" : "%.0f %%", value * 100)
  }

  package static func number(_ value: Double) -> String { String(format: "%.2f", value) }
  package static func signed(_ value: Double) -> String { String(format: "%+.2f", value) }
}
