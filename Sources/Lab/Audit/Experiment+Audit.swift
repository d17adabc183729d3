import Audit
import Core
import Foundation
import Formats
import Plans
import Store

/// What an audit has found of one model of a plan.
package struct AuditFinding: Sendable, Hashable, Codable {
  package var condition: String
  package var world: UInt64?
  package var seed: UInt64
  package var certificate: Certificate
  /// Where it lies, in the project's folder.
  package var file: String
}

extension PlannedAudit: Examination {
  func run(in experiment: Experiment, _ session: LabSession) async throws {
    let maker = experiment.maker
    let work = try AuditWork(
      self, session, experiment.worlds, experiment.plan.rule, maker.open(model),
      base: maker.open(base))
    let certificate = try await work.certificate()
    let artifacts = try experiment.folder.writeFolder(place) { target in
      let file = "\(target.path)/\(Experiment.certificateName)"
      try certificate.text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    try work.finish(artifacts)
  }
}

extension Experiment {
  fileprivate static let certificateName = "certificate.json"

  /// Of all models that have been audited; `nil`: the plan audits none, or not all of it is done.
  package func auditFindings() throws -> [AuditFinding]? {
    guard !audits.isEmpty, try areDone(audits) else { return nil }
    return try audits.map { audit in
      let file = "\(audit.place)/\(Self.certificateName)"
      let data = try Data(contentsOf: URL(fileURLWithPath: folder.path(file)))
      return AuditFinding(
        condition: audit.model.condition.name, world: audit.model.world, seed: audit.model.seed,
        certificate: try JSONDecoder().decode(Certificate.self, from: data), file: file)
    }
  }
}

extension Certificate {
  /// As it lies in its file.
  ///
  /// - Throws: for a number that is none.
  package var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }
}
