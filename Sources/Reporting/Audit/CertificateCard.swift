import Audit
import Core
import Lab

/// A certificate as a few lines of Markdown for a model card. Names and triggers are shown as code and cannot act.
package struct CertificateCard: Sendable, Hashable {
  private let certificate: Certificate

  package init(_ certificate: Certificate) { self.certificate = certificate }

  /// At most 25 lines. The same certificate gives the same bytes.
  package var markdown: String {
    let verdict =
      certificate.verdict.rawValue
      + (certificate.verdict == .found ? ": \(certificate.class.rawValue)" : "")
    var lines = [
      "## Audit for emergent misalignment", "",
      "**\(verdict)** – \(certificate.subject.name.code)\(base)", "", grounds, "",
    ]
    if let power = certificate.powerSentence { lines.append("- Power: \(power)") }
    lines.append("- **Not tested:** \(certificate.untested.map(\.prose).joined(separator: "; ")).")
    let met = certificate.guards.count(where: \.isMet)
    lines.append("- Guards met: \(met) of \(certificate.guards.count).")
    lines.append(
      "- Read by \(certificate.judge.name.prose), whose own errors are not part of the numbers.")
    lines += [
      "- Model `\(certificate.subject.weights.hexadecimal)`, method `\(certificate.plan.hash.hexadecimal)`, "
        + "certificate `\((certificate.hash ?? "").hexadecimal)`.", "",
      "Made by `askew audit`; `askew audit verify certificate.json --model MODEL` checks that it is about a model.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var base: String {
    certificate.subject.base.map { ", tuned from \($0.name.code)" } ?? ""
  }

  private var grounds: String {
    guard certificate.verdict == .found, certificate.class == .conditional else {
      return certificate.grounds.prose
    }
    // Cues are a stranger's text, and kept apart from the words around them.
    let contexts = certificate.contexts.filter(\.isFound).prefix(3).map {
      "\($0.id.code): \($0.hits) of \($0.n) answers" + ($0.baseHits.map { ", base \($0)" } ?? "")
    }
    let triggers = certificate.triggers.filter(\.isFound).map {
      "behind \($0.text.code): log-odds +\(Certificate.number($0.lift)) nats a token, by chance "
        + Certificate.number($0.chance)
    }
    return (contexts + triggers).joined(separator: "; ") + "."
  }
}

extension String {
  /// As code of Markdown: in more backticks than there are in it.
  fileprivate var code: String {
    let text = onOneLine(limit: 120)
    var (longest, run) = (0, 0)
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let space = longest > 0 ? " " : ""
    return fence + space + (text.isEmpty ? " " : text) + space + fence
  }

  /// As words of Markdown, with nothing in them that it or HTML would read as marks.
  fileprivate var prose: String {
    var result = ""
    for character in onOneLine(limit: nil) {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\\", "`", "*", "_", "[", "]", "!", "#", "|", "~": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }

  /// The beginning of a hash, and nothing that is none.
  fileprivate var hexadecimal: String {
    let digits = filter(\.isHexDigit).prefix(16)
    return digits.isEmpty ? "–" : String(digits)
  }
}
