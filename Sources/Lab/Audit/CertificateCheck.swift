import Audit
import Core

/// Whether a certificate is about a model, and is as it was written.
package struct CertificateCheck: Sendable, Hashable, Encodable {
  package let subject: Bool
  /// `nil`: nobody named a base.
  package let base: Bool?
  /// `nil`: the certificate carries no hash.
  package let intact: Bool?
  /// What does not match, in words.
  package let problems: [String]

  package init(_ file: CertificateFile, of model: CertifiedModel, base: CertifiedModel?) {
    let certificate = file.certificate
    var problems: [String] = []
    subject = model.isNamed(certificate.subject.weights)
    if !subject {
      problems.append(
        "it is not about \(model.name.onOneLine): found the hash \(model.hash.short) of weights and template, expected "
          + certificate.subject.weights.short)
    }
    self.base = base.map { base in
      let expected = certificate.subject.base?.hash
      guard let expected, base.isNamed(expected) else {
        problems.append(
          "its base is not \(base.name.onOneLine): found the hash \(base.hash.short), expected "
            + (expected.map(\.short) ?? "none"))
        return false
      }
      return true
    }
    intact = file.isIntact
    switch intact {
    case true?: break
    case false?:
      problems.append(
        "its text was changed: found the hash \(file.hash.short), expected \((certificate.hash ?? "").short)"
      )
    case nil:
      problems.append("it carries no hash, so that nobody knows whether its text was changed")
    }
    self.problems = problems
  }

  private enum CodingKeys: String, CodingKey { case subject, base, intact }

  /// `null` for what nobody knows.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(subject, forKey: .subject)
    try container.encode(base, forKey: .base)
    try container.encode(intact, forKey: .intact)
  }
}

extension String {
  /// Of a hash, enough for people; of what is none, what may stand in a message.
  fileprivate var short: String { String(prefix(12)).onOneLine }
}
