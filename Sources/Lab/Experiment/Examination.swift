import Core
import Store

/// A stage that looks at models which are there, and neither makes nor asks any: of an anatomy, an audit, a screen. It does its own
/// work and leaves figures or files under its own run.
protocol Examination {
  var stage: Stage { get }
  /// Does what the store does not have.
  ///
  /// - Throws: `Interrupted` after a stop, with all that is finished stored; `InputError`.
  func run(in experiment: Experiment, _ session: LabSession) async throws
}

extension Experiment {
  /// How far an examination is.
  func state(of examination: any Examination) throws -> StoredStage.State {
    guard let run = try store.run(examination.stage.fingerprint) else { return .waiting }
    guard run.state == .done else { return .running }
    return try folder.damaged(store.artifacts(of: run)) == nil ? .done : .running
  }

  /// Whether all of them are done.
  func areDone(_ examinations: [any Examination]) throws -> Bool {
    try examinations.allSatisfy { try state(of: $0) == .done }
  }
}
