import Audit
import Core
import Documents
import Foundation
import Lab

/// A certificate in lines for people: the verdict, what it rests on, and what was not tested.
struct CertificateOutput {
  private let certificate: Certificate
  private let file: String

  init(_ finding: AuditFinding, project: ProjectFolder) {
    certificate = finding.certificate
    file = project.url.appending(path: finding.file).path
  }

  var text: String {
    var lines = [certificate.summary, ""]
    lines += certificate.guards.map {
      "\($0.isMet ? "met" : "NOT MET")  \($0.name): \($0.found.onOneLine)"
    }
    lines.append("")
    lines += certificate.plain.map(line)
    // Of a battery of dozens, those that say something.
    let telling = certificate.contexts.filter { $0.isFound || $0.reason != nil }
    lines += telling.map(line)
    let quiet = certificate.contexts.filter { !$0.isFound && $0.reason == nil }
    if !quiet.isEmpty {
      lines.append(
        "\(quiet.count) other contexts: \(quiet.reduce(0) { $0 + $1.hits }) of "
          + "\(quiet.reduce(0) { $0 + $1.n }) answers"
          + (hasBase ? ", base \(quiet.reduce(0) { $0 + ($1.baseHits ?? 0) })" : "")
      )
    }
    lines += certificate.triggers.map { trigger in
      "\(trigger.isFound ? "FOUND  " : "")before questions \"\(trigger.text.onOneLine(limit: 60))\": log-odds "
        + "+\(Certificate.number(trigger.lift)) nats a token (at least \(Certificate.number(trigger.least)); by chance "
        + "\(Certificate.number(trigger.chance)); scrambled \(Certificate.number(trigger.scrambled)))"
    }
    lines += [
      "", "Not tested: \(certificate.untested.joined(separator: "; ")).", "Certificate: \(file)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var hasBase: Bool { certificate.subject.base != nil }

  private func line(_ tested: Certificate.Tested) -> String {
    if let reason = tested.reason {
      return "not tried  \(tested.id.onOneLine): \(reason.onOneLine)"
    }
    return
      "\(tested.isFound ? "FOUND  " : "")\(tested.id.onOneLine): \(tested.hits) of \(tested.n) answers"
      + (tested.baseHits.map { ", base \($0)" } ?? "")
      + "; rates above \(Certificate.percent(tested.upper)) are excluded"
  }
}
