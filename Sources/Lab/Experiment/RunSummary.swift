import Core
import Foundation
import Store

/// A stage of the project's plans, or another run of its store, and how far it is.
package struct RunSummary: Sendable, Hashable, Codable {
  package var kind: String
  package var name: String
  package var fingerprint: String
  /// `waiting`: not begun; `running`: begun and not done; `done`.
  package var state: String
  /// Training steps that are stored.
  package var steps: Int
  /// Answers that are stored.
  package var answers: Int
  /// Over all processes that worked on it; of runs that are no stage those of their whole plan.
  package var seconds: Double
  /// Stages that it needs and that are not done.
  package var waitsFor: [String]

  /// Stages of plans in the order in which they are done, then the runs of the store that are none, in the
  /// order in which they were begun: plans, predictions, and answers, which several stages share.
  ///
  /// - Throws: `InputError` where there is no store, `StoreError`.
  package static func all(in folder: ProjectFolder) throws -> [RunSummary] {
    let store = try folder.existingStore()
    let stages = try store.stages()
    let all = try store.runs()
    let runs = Dictionary(all.map { ($0.fingerprint, $0) }) { $1 }
    let open = Set(stages.filter { $0.state != .done }.map(\.fingerprint))
    let ofStages = try stages.map { stage in
      var summary = try RunSummary(stage, runs[stage.fingerprint], store)
      summary.waitsFor = stage.needs.filter(open.contains).map(\.hex)
      return summary
    }
    let known = Set(stages.map(\.fingerprint))
    return try ofStages
      + all.filter { !known.contains($0.fingerprint) }.map { try RunSummary($0, store) }
  }

  private init(_ stage: StoredStage, _ run: Run?, _ store: RunStore) throws {
    self.init(
      kind: stage.kind.rawValue, name: stage.name, fingerprint: stage.fingerprint.hex,
      state: stage.state.rawValue, steps: try run.map { try store.steps(of: $0).count } ?? 0,
      answers: try Self.answers(of: stage, run, store), seconds: stage.seconds,
      waitsFor: [])
  }

  /// A run may have answers to what other stages ask, too.
  private static func answers(
    of stage: StoredStage, _ own: Run?, _ store: RunStore
  ) throws -> Int {
    let shared = try stage.run.flatMap { try store.run($0) }
    guard let run = shared ?? own else { return 0 }
    let count = try store.answerCount(of: run)
    return shared == nil ? count : min(stage.total, count)
  }

  private init(_ run: Run, _ store: RunStore) throws {
    self.init(
      kind: run.kind.rawValue, name: run.name, fingerprint: run.fingerprint.hex,
      state: run.state.rawValue, steps: try store.steps(of: run).count,
      answers: try store.answerCount(of: run), seconds: try store.seconds(of: run), waitsFor: [])
  }

  private init(
    kind: String, name: String, fingerprint: String, state: String, steps: Int, answers: Int,
    seconds: Double, waitsFor: [String]
  ) {
    (self.kind, self.name, self.fingerprint, self.state) = (kind, name, fingerprint, state)
    (self.steps, self.answers, self.seconds, self.waitsFor) = (steps, answers, seconds, waitsFor)
  }
}

extension ProjectFolder {
  /// - Throws: `InputError` where there is none: reading must not make one.
  package func existingStore() throws -> RunStore {
    guard FileManager.default.fileExists(atPath: storePath) else {
      throw InputError("there is no such store; `askew demo` makes one", file: storePath)
    }
    return try RunStore(folder: url)
  }
}
