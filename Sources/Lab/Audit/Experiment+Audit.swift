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
      base: base.map { try maker.open($0) })
    let certificate = try await work.certificate().sealed()
    let evidence = try work.examples(of: certificate)
    let artifacts = try experiment.folder.writeFolder(place) { target in
      try AtomicFile.write(
        certificate.text, to: "\(target.path)/\(Experiment.certificateName)")
      try AtomicFile.write(evidence.text, to: "\(target.path)/\(AuditExamples.fileName)")
    }
    try work.finish(artifacts)
  }
}

extension Experiment {
  fileprivate static let certificateName = "certificate.json"

  /// Of all models that have been audited; `nil`: the plan audits none, or not all of it is done.
  package func auditFindings() throws -> [AuditFinding]? {
    let findings = try finishedAudits()
    return findings.isEmpty || findings.count < audits.count ? nil : findings
  }

  func finishedAudits() throws -> [AuditFinding] {
    try audits.filter { try state(of: $0) == .done }.map { audit in
      let file = "\(audit.place)/\(Self.certificateName)"
      let data = try Data(contentsOf: URL(fileURLWithPath: folder.path(file)))
      return AuditFinding(
        condition: audit.model.condition.name, world: audit.model.world, seed: audit.model.seed,
        certificate: try JSONDecoder().decode(Certificate.self, from: data), file: file)
    }
  }
}
