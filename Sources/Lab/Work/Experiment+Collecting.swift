import Core
import Foundation
import Scheduling
import Store

/// What was brought and is now in the project's store.
package struct Collected: Sendable, Hashable {
  /// Stages that were not there before.
  package var stages: [BundleLabel] = []
  /// Answers that were here already in other words: those here stay.
  package var differing = 0

  package init() {}
}

extension ProjectFolder {
  package var shared: SharedFolder { SharedFolder(ofProject: url.path) }

  /// Takes every bundle that has been brought and is not in the store yet, of whatever plan.
  ///
  /// - Throws: `InputError` for a bundle that is not what its label says; those before it are taken.
  package func collect(into store: RunStore) throws -> Collected {
    var collected = Collected()
    let brought = shared.brought
    guard !brought.isEmpty else { return collected }
    let done = Set(try store.stages().filter { $0.state == .done }.map(\.fingerprint))
    for stage in brought where !done.contains(stage) {
      let bundle = StageBundle(stage, shared)
      collected.differing += try bundle.take(into: store).differing
      collected.stages.append(try bundle.label)
    }
    return collected
  }
}

extension Experiment {
  /// Makes ready what tasks elsewhere take from before them: what the stages that are left need and the project
  /// has.
  ///
  /// - Returns: the stages that are left, each after what it needs.
  package func prepareWork(_ shared: SharedFolder) throws -> [Stage] {
    let all = try work
    let left = try all.filter { try !isDone($0) }
    // What was taken over and has been damaged since is brought again; what is brought right now stays.
    let taken = Set(try store.stages().filter { $0.state == .done }.map(\.fingerprint))
    for stage in left where taken.contains(stage.fingerprint) {
      shared.remove(shared.bundle(stage.fingerprint))
    }
    let open = Set(left.map(\.fingerprint))
    let needed = Set(all.needed(by: left).map(\.fingerprint)).subtracting(open)
    try enter(all)
    let temporary = "\(shared.path)/.known.tmp"
    shared.remove(temporary)
    try shared.make(temporary)
    do {
      let known = try RunStore(folder: URL(fileURLWithPath: temporary))
      _ = try known.take(from: store.path, stages: needed)
      try known.seal()
    }
    shared.remove("\(temporary)/askew.db.lock")
    shared.remove(shared.known)
    _ = try shared.rename(temporary, to: shared.known)
    return left
  }
}
