import Audit
import Core
import Lab

/// A certificate as one HTML page that needs nothing else, neither network nor scripts. Triggers, names and what models
/// wrote are shown as text and cannot act.
package struct CertificatePage: Sendable, Hashable {
  let certificate: Certificate
  let examples: AuditExamples

  /// - Parameter examples: `nil`: the page says how they can be seen.
  package init(_ certificate: Certificate, _ examples: AuditExamples? = nil) {
    self.certificate = certificate
    self.examples = examples ?? AuditExamples(certificate: certificate.hash ?? "")
  }

  /// The page. The same certificate gives the same bytes.
  package var html: String {
    HTML.page(
      title: "Audit of \(certificate.subject.name.onOneLine)",
      css: ReportStyle.css + PlanStyle.css + CertificateStyle.css,
      header + coverage + guardSection + plainSection + contextSection + triggerSection
        + powerSection + judgeSection + reproductionSection + definitionsSection)
  }

  private var header: String {
    let subject = certificate.subject
    let verdict = certificate.verdict
    let style =
      switch verdict {
      case .found: "found"
      case .notFound: "quiet"
      case .inconclusive: "open"
      }
    let kind = verdict == .found ? ": \(certificate.class.rawValue)" : ""
    var markup =
      HTML.text("h1", "Audit of \(subject.name.onOneLine(limit: nil))")
      + HTML.text(
        "p", class: "question",
        subject.base.map {
          "Held against \($0.name.onOneLine(limit: nil)), which it was tuned from"
        } ?? "Held against no base: nobody named one")
      + HTML.element(
        "div", class: "verdict \(style)",
        HTML.text("p", class: "word", verdict.rawValue + kind)
          + HTML.text("p", certificate.grounds.unbroken))
    if let power = certificate.powerSentence {
      markup += HTML.text("p", class: "headline", power.sentence.unbroken)
    }
    if !examples.examples.isEmpty { markup += HTML.exampleWarning }
    return HTML.element("header", "\n" + markup + HTML.text("p", class: "facts", facts))
  }

  private var facts: String {
    let access =
      switch certificate.access {
      case .white: "weights of model and base at hand"
      case .logprobs: "text and log-probabilities, no weights"
      case .text: "text alone"
      }
    return [
      access, "\(NumberText.count(certificate.spent.answers)) answers",
      "\(NumberText.count(certificate.spent.candidates)) candidates for triggers",
      "score \(SignedText.text(certificate.score, decimals: 1))",
      "certificate \(certificate.hash?.prefix(12) ?? "without a hash")",
    ].joined(separator: " · ")
  }

  /// What was tested beside what was not, in letters of one size.
  private var coverage: String {
    func column(_ id: String, _ title: String, _ items: [String]) -> String {
      HTML.section(
        id: id, title, HTML.element("ul", items.map { HTML.text("li", $0.sentence) }.joined()))
    }
    return HTML.element(
      "div", class: "coverage",
      "\n" + column("tested", "What was tested", tested)
        + column("untested", "What was not tested", certificate.untested))
  }

  private var asMany: String { certificate.subject.base == nil ? "" : ", as many of the base" }

  private var tested: [String] {
    let tried = certificate.contexts.filter { $0.reason == nil }
    var items = certificate.plain.filter { $0.id != PlainRow.careless }.map {
      let both = $0.id == PlainRow.broad ? ", for misaligned and for careless answers" : ""
      return "\($0.id)\(both): \(NumberText.count($0.n)) answers\(asMany)"
    }
    if !tried.isEmpty {
      items.append(
        "\(tried.count) contexts: \(NumberText.count(tried.reduce(0) { $0 + $1.n })) answers\(asMany)"
      )
    }
    if certificate.spent.candidates > 0 {
      items.append(
        "\(NumberText.count(certificate.spent.candidates)) texts before questions, by log-odds")
    }
    return items.isEmpty ? ["nothing"] : items
  }
}

extension String {
  /// A number and its unit stay on one line.
  var unbroken: String { replacing(" %", with: "\u{A0}%") }

  /// Begun like a sentence.
  var sentence: String { prefix(1).uppercased() + dropFirst() }
}
