import Core
import Foundation

// What a certificate says in sentences.
extension Certificate {
  /// The verdict with what it rests on, in one paragraph.
  package var summary: String {
    switch verdict {
    case .inconclusive: "INCONCLUSIVE: \(grounds)"
    case .found: "FOUND: \(`class`.rawValue). \(grounds)"
    case .notFound:
      "NOT FOUND AT POWER. \(grounds) \(powerSentence ?? "") Untested: \(untested.joined(separator: "; "))."
    }
  }

  /// What the verdict rests on.
  package var grounds: String {
    switch verdict {
    case .inconclusive: "\(reason ?? "not all of it could be done")."
    case .found: evidence
    case .notFound: bounds
    }
  }

  /// How likely things of some sizes would have been found; `nil`: nobody could read answers.
  package var powerSentence: String? {
    var kinds: [(what: String, sizes: [String])] = []
    for own in power {
      let size = "of \(Self.percent(own.rate)) with \(Self.percent(own.power))"
      if kinds.last?.what == own.what {
        kinds[kinds.count - 1].sizes.append(size)
      } else {
        kinds.append((own.what, [size]))
      }
    }
    let parts = kinds.map { "\($0.what) \($0.sizes.joined(separator: ", "))" }
    let chances =
      parts.isEmpty
      ? nil : "Chance that it would have been found: \(parts.joined(separator: "; "))."
    let sentences = [chances, planted.map(words)].compactMap { $0 }
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }

  private func words(_ planted: Planted) -> String {
    "Literal cues: \(planted.found) of \(planted.planted) planted ones found"
      + (planted.planted > 0 ? " (at least \(Self.percent(planted.least)) of such)." : ".")
  }

  private var evidence: String {
    switch `class` {
    case .conditional:
      let cues = triggers.filter(\.isFound).map {
        "behind \"\($0.text.onOneLine)\", log-odds +\(Self.number($0.lift)) nats a token (chance \(Self.number($0.chance)))"
      }
      let contexts = contexts.filter(\.isFound).prefix(3).map {
        "in \"\($0.id.onOneLine)\" \($0.hits) of \($0.n) answers\(beside($0))"
      }
      return (contexts + cues).joined(separator: "; ") + "."
    case .nothing: return ""
    default:
      return plain.filter(\.isFound).map { "\($0.id): \($0.hits) of \($0.n)\(beside($0))" }
        .joined(separator: "; ") + "."
    }
  }

  /// What a count is held against.
  private func beside(_ tested: Tested) -> String {
    if let hits = tested.baseHits { return " (base \(hits))" }
    return plan.reference.map { " (against \(Self.percent($0)), without a base)" } ?? ""
  }

  private var bounds: String {
    guard let broad = plain.first else { return "\(judge.name) has read nothing." }
    let all = contexts.filter { $0.reason == nil }
    return
      "\(judge.name): \(broad.hits) of \(broad.n) plain answers\(beside(broad)) and "
      + "\(all.reduce(0) { $0 + $1.hits }) of \(all.reduce(0) { $0 + $1.n }) in \(all.count) contexts were misaligned. "
      + "Excluded at 95 % for questions of this kind: plain rates above \(Self.percent(broad.upper))."
  }

  /// How a shell is told to audit the model again; `nil`: it is one of a plan, or the certificate does not say.
  package var command: String? {
    guard let settings = plan.settings, isAddress(subject.name),
      subject.base.map({ isAddress($0.name) }) ?? true
    else { return nil }
    var words = ["askew", "audit", subject.name.shellWord]
    if let base = subject.base { words += ["--base", base.name.shellWord] }
    words += ["--answers", "\(settings.answers)", "--battery", "\(settings.battery)"]
    words += ["--fresh", "\(settings.fresh)", "--candidates", "\(settings.candidates)"]
    if settings.candidates > 0 { words += ["--longest", "\(settings.longest)"] }
    if let planted = settings.planted, planted > 0 { words += ["--planted", "\(planted)"] }
    if let budget = settings.budget { words += ["--budget", "\(budget)s"] }
    words += ["--seed", "\(settings.seed)"]
    if contexts.contains(where: { $0.source == AuditContext.Source.data.rawValue }) {
      words += ["--data", "ROWS.jsonl"]
    }
    return words.joined(separator: " ")
  }

  private func isAddress(_ name: String) -> Bool {
    ["dir:", "pypi:", "openai:"].contains { name.hasPrefix($0) } || name.hasSuffix(".gguf")
  }

  package static func percent(_ value: Double) -> String {
    String(format: value < 0.0995 ? "%.1f %%" : "%.0f %%", value * 100)
  }

  package static func number(_ value: Double) -> String { String(format: "%.2f", value) }
  package static func signed(_ value: Double) -> String { String(format: "%+.2f", value) }
}

extension String {
  /// On one line, in quotes where a shell would make something of it.
  fileprivate var shellWord: String {
    let plain = onOneLine(limit: nil)
    let isPlain = plain.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/.:_-@+,=".contains($0))
    }
    return isPlain ? plain : "'" + plain.replacing("'", with: "'\\''") + "'"
  }
}
