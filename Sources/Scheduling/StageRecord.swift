import Core
import Foundation

/// How far a stage is that is done elsewhere, as the process says that does it.
package struct StageRecord: Sendable, Hashable, Codable {
  package enum State: String, Sendable, Codable {
    case running
    /// Asked to stop; it goes on where it was.
    case stopped
    /// Done but for answers or verdicts that could not be had.
    case partial
    case failed
  }

  package var version = 1
  package var state: State
  package var host: String
  package var process: Int32
  /// How often it was begun.
  package var attempts: Int
  package var began: Date
  /// When this was written.
  package var updated: Date
  /// Steps, rows, answers or verdicts.
  package var done: Int
  package var total: Int
  /// What went wrong, in one line.
  package var problem: String?

  package init(
    _ state: State, host: String, process: Int32, attempts: Int, began: Date, updated: Date,
    done: Int, total: Int, problem: String? = nil
  ) {
    (self.state, self.host, self.process) = (state, host, process)
    (self.attempts, self.began, self.updated) = (attempts, began, updated)
    (self.done, self.total, self.problem) = (done, total, problem)
  }
}

/// What lies beside a stage's store when it has been brought.
package struct BundleLabel: Sendable, Hashable, Codable {
  package var version = 1
  package var stage: Fingerprint
  package var kind: String
  package var name: String
  /// SHA-256 of its store.
  package var store: Fingerprint
  /// Of the processor that it was done on: results are the same to the bit on those of a kind.
  package var processor: String
  package var host: String
  /// The version of Askew.
  package var askew: String
  package var attempts: Int
  package var finished: Date

  package init(
    stage: Fingerprint, kind: String, name: String, store: Fingerprint, processor: String,
    host: String, askew: String, attempts: Int, finished: Date
  ) {
    (self.stage, self.kind, self.name, self.store) = (stage, kind, name, store)
    (self.processor, self.host, self.askew) = (processor, host, askew)
    (self.attempts, self.finished) = (attempts, finished)
  }
}

extension SharedFolder {
  package func readRecord(of stage: Fingerprint) throws(InputError) -> StageRecord? {
    try SharedJSON.read(StageRecord.self, from: record(stage))
  }

  package func write(_ record: StageRecord, of stage: Fingerprint) throws(InputError) {
    try SharedJSON.write(record, to: self.record(stage))
  }

  package func readLabel(of stage: Fingerprint) throws(InputError) -> BundleLabel? {
    try SharedJSON.read(BundleLabel.self, from: label(stage))
  }

  /// - Parameter folder: where the stage's store is, before it is named a bundle.
  package func write(_ label: BundleLabel, in folder: String) throws(InputError) {
    try SharedJSON.write(label, to: "\(folder)/bundle.json")
  }

  /// Whether the stage has been brought.
  package func isBrought(_ stage: Fingerprint) -> Bool {
    FileManager.default.fileExists(atPath: label(stage))
  }

  /// Stages that have been brought.
  package var brought: [Fingerprint] {
    names(in: bundles).map { Fingerprint(hex: $0) }.filter(isBrought)
  }
}
