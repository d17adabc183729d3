import Core
import Foundation
import Lab
import Store
import Synchronization

/// A project that is looked at: what its store holds now, kept up to date while runs go on.
package final class ViewProject: Sendable {
  struct State: Sendable {
    var columns = AnswerColumns()
    var catalogue: CatalogueDocument?
    var catalogueVersion = 0
    /// Of the store, as of the last look.
    var storeVersion = -1
    var storeChanges = 0
    var wordsDone: Int64 = 0
    var trouble: String?
  }

  let folder: ProjectFolder
  /// For the page's questions.
  let store: StoreReader
  /// For the look at all of the store, which must not keep the page waiting.
  private let scanned: StoreReader
  let words: WordIndex?
  /// Findings are long, and asked for often while a run goes on.
  let entries = PlanEntryMemory()
  private let state = Mutex(State())

  /// - Parameter keepsWords: whether answers can be searched; their words are then indexed in a file beside the store, or,
  ///   where that cannot be written, in a temporary one.
  /// - Throws: `InputError` and `StoreError` where there is no store.
  package init(_ folder: ProjectFolder, keepsWords: Bool = true) throws {
    self.folder = folder
    guard FileManager.default.fileExists(atPath: folder.storePath) else {
      throw InputError("there is no such store; `askew demo` makes one", file: folder.storePath)
    }
    store = try Self.reader(of: folder)
    scanned = try StoreReader(folder: folder.url)
    words = keepsWords ? try Self.words(in: folder.url) : nil
  }

  /// Makes the tables that this version adds, where they are missing.
  private static func reader(of folder: ProjectFolder) throws -> StoreReader {
    do {
      return try StoreReader(folder: folder.url)
    } catch {
      guard error.code == .newerVersion else { throw error }
      _ = try RunStore(folder: folder.url)
      return try StoreReader(folder: folder.url)
    }
  }

  private static func words(in folder: URL) throws -> WordIndex {
    do {
      return try WordIndex(folder: folder)
    } catch {
      let own = FileManager.default.temporaryDirectory
        .appendingPathComponent("askew-view-\(ProcessInfo.processInfo.processIdentifier)")
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      return try WordIndex(folder: own)
    }
  }

  var current: State { state.withLock { $0 } }

  /// Looks at the store again and again until the task is cancelled; more rarely where a look takes long.
  package func follow() async {
    try? words?.check(against: scanned)
    let clock = ContinuousClock()
    while !Task.isCancelled {
      let start = clock.now
      var looked = start
      var hasMore = false
      do {
        try refresh()
        looked = clock.now
        // A second's worth at a time, so that answers go on to come in.
        repeat {
          hasMore = try extendWords()
        } while hasMore && looked.duration(to: clock.now) < .seconds(1)
        state.withLock { $0.trouble = nil }
      } catch {
        state.withLock { $0.trouble = "\(error)" }
      }
      if hasMore { continue }
      let pause = max(.seconds(1), (looked - start) * 10)
      try? await Task.sleep(for: min(pause, .seconds(30)))
    }
  }

  /// Looks at the store once, unless it is as it was.
  package func refresh() throws {
    let version = try scanned.dataVersion()
    let before = current
    guard version != before.storeVersion else { return }
    var columns = before.columns
    try scanned.forEachPlace(after: columns.last) { columns.add($0) }
    if before.storeVersion == -1 {
      // Answers first: scores may take another second.
      columns.commit()
      state.withLock { [columns] in $0.columns = columns }
    }
    try scanned.forEachScore { columns.add($0) }
    columns.commit()
    let catalogue = try CatalogueReader(scanned, folder).read(&columns)
    state.withLock { [columns] state in
      state.columns = columns
      if state.catalogue != catalogue {
        state.catalogue = catalogue
        state.catalogueVersion += 1
      }
      state.storeVersion = version
      state.storeChanges += 1
    }
  }

  /// Indexes the words of some answers.
  ///
  /// - Returns: whether there may be more.
  private func extendWords() throws -> Bool {
    guard let words else { return false }
    let added = try words.extend(from: scanned, most: 5000)
    let last = try words.last()
    state.withLock { $0.wordsDone = last }
    return added > 0
  }

  var stateDocument: StateDocument {
    let current = current
    let columns = current.columns
    let done = words == nil ? columns.count : min(columns.count, Int(current.wordsDone))
    return StateDocument(
      project: folder.url.lastPathComponent, store: current.storeChanges,
      catalogue: current.catalogueVersion, answers: columns.count,
      chunks: columns.chunks.map(\.version),
      words: .init(done: done, total: columns.count), isRunning: store.worker != nil,
      trouble: current.trouble)
  }
}
