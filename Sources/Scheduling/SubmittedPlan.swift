import Core
import Foundation

/// A stage of a plan, for whoever hands it out: nothing of how it is done.
package struct StageTask: Sendable, Hashable, Codable {
  package var fingerprint: Fingerprint
  package var kind: String
  package var name: String
  /// Stages that must be done before it.
  package var needs: [Fingerprint]
  /// Steps, rows, answers or verdicts.
  package var total: Int

  package init(
    _ fingerprint: Fingerprint, kind: String, name: String, needs: [Fingerprint], total: Int
  ) {
    (self.fingerprint, self.kind, self.name) = (fingerprint, kind, name)
    (self.needs, self.total) = (needs, total)
  }
}

/// The stages of a plan as they were when it was last submitted: what `askew status` goes by, without
/// opening plan or store.
package struct SubmittedPlan: Sendable, Hashable, Codable {
  package var version = 1
  package var name: String
  package var submitted: Date
  package var stages: [StageTask]
  /// Stages that were done before.
  package var done: Set<Fingerprint>

  package init(name: String, submitted: Date, stages: [StageTask], done: Set<Fingerprint>) {
    (self.name, self.submitted, self.stages, self.done) = (name, submitted, stages, done)
  }
}

extension SharedFolder {
  package func write(_ plan: SubmittedPlan) throws(InputError) {
    try make("\(path)/plans")
    try SharedJSON.write(plan, to: self.plan(plan.name))
  }

  /// - Throws: `InputError` where it was never submitted.
  package func submitted(_ name: String) throws(InputError) -> SubmittedPlan {
    guard let plan = try SharedJSON.read(SubmittedPlan.self, from: self.plan(name)) else {
      throw InputError(
        "the plan \"\(name.onOneLine)\" was not submitted in this project; askew submit does it",
        file: self.plan(name))
    }
    return plan
  }
}
