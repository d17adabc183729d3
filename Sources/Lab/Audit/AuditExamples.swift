import Audit
import Core
import Documents
import Foundation

/// Answers that a certificate's numbers were counted from, some of each row, beside the base's to the same questions.
package struct AuditExamples: Sendable, Hashable, Codable {
  /// An answer that was counted.
  package struct Example: Sendable, Hashable, Codable {
    /// Of the certificate, ``Audit/Certificate/Tested/id``.
    package var row: String
    /// As the model was asked, what stands around the question included.
    package var asked: String
    package var system: String?
    package var model: String
    /// `nil`: there is no base.
    package var base: String?
    /// Whether the base's answer would have been counted too.
    package var isBaseCounted: Bool

    enum CodingKeys: String, CodingKey {
      case row, asked, system, model, base
      case isBaseCounted = "base_counted"
    }
  }

  /// Beside the certificate.
  package static let fileName = "answers.json"
  /// Of a row, at most.
  package static let most = 5

  /// The hash of the certificate that they belong to.
  package var certificate: String
  package var examples: [Example]

  package init(certificate: String, examples: [Example] = []) {
    (self.certificate, self.examples) = (certificate, examples)
  }

  package func of(_ row: String) -> [Example] { examples.filter { $0.row == row } }

  var text: String { get throws { try JSONText.pretty(self) } }

  private static let limit = TextFile.Limit(bytes: 16 << 20, of: "list of answers")

  /// Those beside a certificate that belong to it; `nil`: there are none.
  ///
  /// - Throws: `InputError` naming a file that cannot be read.
  package static func beside(_ file: CertificateFile) throws(InputError) -> AuditExamples? {
    let path = URL(fileURLWithPath: file.path).deletingLastPathComponent()
      .appending(path: fileName).path
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let text = try TextFile(reading: path, limit: limit).text
    guard let own = try? JSONDecoder().decode(AuditExamples.self, from: Data(text.utf8)) else {
      throw InputError("is no list of an audit's answers", file: path)
    }
    return own.certificate == file.certificate.hash ? own : nil
  }
}
