import Core
import Engine
import Foundation
import Plans
import Scheduling
import Store

/// One stage of a plan, done in a store of its own beside the models of the project, and brought as a bundle.
///
/// The project's store is not opened: it belongs to the machine that submits and collects. What the stage needs is
/// taken from what was brought before it. Killed at any moment, the same goes on where it was, on whatever machine.
package struct StageWork {
  package let experiment: Experiment
  package let stage: Stage
  private let folder: SharedFolder
  private let store: RunStore
  /// Of this program.
  private let version: String

  /// Where a stage's store is while it is under way.
  package static func openStore(
    of stage: Fingerprint, in folder: SharedFolder
  ) throws -> RunStore {
    try RunStore(folder: URL(fileURLWithPath: folder.work(stage)))
  }

  /// - Throws: `InputError` for a stage that the plan does not have.
  package init(
    _ experiment: Experiment, stage: Fingerprint, _ folder: SharedFolder, version: String
  ) throws {
    (self.experiment, self.folder, self.version) = (experiment, folder, version)
    store = experiment.store
    guard let own = try experiment.work.first(where: { $0.fingerprint == stage }) else {
      throw InputError(
        "the plan \"\(experiment.plan.name.onOneLine)\" has no stage \(stage.short): it was changed, or its "
          + "options are others (--seed, --seeds, --worlds, --precision, --quick); askew submit knows the "
          + "stages that it has")
    }
    self.stage = own
  }

  /// - Returns: why answers or verdicts are missing, with how many; none: it is brought.
  /// - Throws: `Interrupted` after a stop; what `Experiment.run` throws.
  package func run(_ host: String) async throws -> [String: Int] {
    let known = try takeNeeds()
    let failures = try await experiment.perform(stage)
    guard failures.isEmpty else { return failures }
    try bring(without: known, host)
    return [:]
  }

  // MARK: - Before

  /// Takes what the stage needs into its store.
  ///
  /// - Returns: the runs that it began with.
  private func takeNeeds() throws -> [Fingerprint: String] {
    let list = "\(folder.work(stage.fingerprint))/known.json"
    if let data = FileManager.default.contents(atPath: list),
      let known = try? JSONDecoder().decode([String: String].self, from: data)
    {
      // Begun before: what was done since is not to be taken for what was known.
      return Dictionary(uniqueKeysWithValues: known.map { (Fingerprint(hex: $0), $1) })
    }
    let needed = try experiment.work.needed(by: [stage])
    let earlier = SharedFolder.store(in: folder.known)
    if FileManager.default.fileExists(atPath: earlier) {
      _ = try store.take(from: earlier, stages: Set(needed.map(\.fingerprint)))
    }
    for need in needed where folder.isBrought(need.fingerprint) {
      _ = try StageBundle(need.fingerprint, folder).take(into: store)
    }
    for need in needed where stage.needs.contains(need.fingerprint) {
      guard try experiment.isDone(need) else {
        throw InputError(
          "\(stage.name) waits for \(need.name), which is not done or whose files are not there")
      }
    }
    let known = try store.runDigests()
    let text = try JSONEncoder().encode(
      Dictionary(uniqueKeysWithValues: known.map { ($0.key.hex, $0.value) }))
    try experiment.folder.write(String(decoding: text, as: UTF8.self), to: list)
    return known
  }

  // MARK: - After

  /// Names the stage's folder a bundle, when everything in it is as it has to be.
  private func bring(without known: [Fingerprint: String], _ host: String) throws {
    let place = folder.work(stage.fingerprint)
    try store.seal(stage.fingerprint, without: known)
    let record = try folder.readRecord(of: stage.fingerprint)
    for name in ["state.json", "known.json", "askew.db.lock"] { folder.remove("\(place)/\(name)") }
    try folder.write(
      BundleLabel(
        stage: stage.fingerprint, kind: stage.kind.rawValue, name: stage.name,
        store: try StageBundle.hash(in: place), processor: "\(InstructionSet.best)", host: host,
        askew: version, attempts: record?.attempts ?? 1, finished: Date()), in: place)
    try folder.make(folder.bundles)
    // Somebody else may have brought it, who was taken for dead: it is the same.
    if try !folder.rename(place, to: folder.bundle(stage.fingerprint)) { folder.remove(place) }
  }
}
