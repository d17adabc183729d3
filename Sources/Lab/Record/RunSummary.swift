import Core
import Foundation
import Store

/// A run of the store and how far it is.
public struct RunSummary: Sendable, Hashable, Codable {
  public var kind: String
  public var name: String
  public var fingerprint: String
  /// `running` or `done`.
  public var state: String
  /// Training steps that are stored.
  public var steps: Int
  /// Answers that are stored.
  public var answers: Int

  /// All runs, in the order in which they were begun.
  ///
  /// - Throws: `InputError` where there is no store, `StoreError`.
  public static func all(in folder: ProjectFolder) throws -> [RunSummary] {
    let store = try folder.existingStore()
    return try store.runs().map { run in
      RunSummary(
        kind: run.kind.rawValue, name: run.name, fingerprint: run.fingerprint.hex,
        state: run.state.rawValue, steps: try store.steps(of: run).count,
        answers: try store.answerCount(of: run))
    }
  }
}

extension ProjectFolder {
  /// - Throws: `InputError` where there is none: reading must not make one.
  public func existingStore() throws -> RunStore {
    guard FileManager.default.fileExists(atPath: storePath) else {
      throw InputError("there is no such store; `askew demo` makes one", file: storePath)
    }
    return try RunStore(folder: url)
  }
}

extension DemoRecord {
  /// The demo of a folder that was finished last.
  ///
  /// - Throws: `InputError` where none is, `StoreError`.
  public init(last folder: ProjectFolder) throws {
    let store = try folder.existingStore()
    let demos = try store.runs().filter { $0.kind == .demo && $0.state == .done }
    guard
      let last = demos.max(by: { ($0.finished ?? .distantPast) < ($1.finished ?? .distantPast) })
    else {
      throw InputError("holds no demo that is done; `askew demo` goes on", file: store.path)
    }
    let plan: DishPlan
    do {
      plan = try JSONDecoder().decode(DishPlan.self, from: Data(last.settings.utf8))
    } catch {
      throw InputError(
        "the plan of run \"\(last.name)\" was written by another version of Askew",
        file: store.path)
    }
    let worlds = try DishWorlds(plan)
    try self.init(
      plan: plan, store: store, worlds: worlds, outline: DemoOutline(plan, worlds: worlds))
  }
}
