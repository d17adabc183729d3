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

extension Experiment {
  /// Audits the model of a stage.
  ///
  /// - Returns: whether it is one of an audit.
  func examineModel(of stage: Stage, _ session: LabSession) async throws -> Bool {
    guard let audit = audits.first(where: { $0.stage.fingerprint == stage.fingerprint }) else {
      return false
    }
    let work = try AuditWork(
      audit, session, worlds, plan.rule, maker.open(audit.model), base: maker.open(audit.base))
    let certificate = try await work.certificate().sealed()
    let evidence = try work.examples(of: certificate)
    let artifacts = try folder.writeFolder(audit.place) { target in
      try AtomicFile.write(certificate.text, to: "\(target.path)/\(Self.certificateName)")
      try AtomicFile.write(evidence.text, to: "\(target.path)/\(AuditExamples.fileName)")
    }
    try work.finish(artifacts)
    return true
  }

  private static let certificateName = "certificate.json"

  /// Of all models that have been audited; `nil`: the plan audits none, or not all of it is done.
  package func auditFindings() throws -> [AuditFinding]? {
    let findings = try finishedAudits()
    return findings.isEmpty || findings.count < audits.count ? nil : findings
  }

  func finishedAudits() throws -> [AuditFinding] {
    try audits.filter { try isExamined($0.stage) == .done }.map { audit in
      let file = "\(audit.place)/\(Self.certificateName)"
      let data = try Data(contentsOf: URL(fileURLWithPath: folder.path(file)))
      return AuditFinding(
        condition: audit.model.condition.name, world: audit.model.world, seed: audit.model.seed,
        certificate: try JSONDecoder().decode(Certificate.self, from: data), file: file)
    }
  }
}
