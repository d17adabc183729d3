import Core
import Engine
import Foundation
import Store
import Synchronization

/// Knows files by their hashes. Each is read once in a process, and, with the store of a project, once
/// until it changes.
package final class FolderMemory: Sendable {
  /// What a user may want to know.
  package enum Event: Sendable, Hashable {
    /// Bytes that are read of all that must be.
    case hashing(done: Int64, of: Int64)
    case hashed
    case notice(String)
  }

  let store: RunStore?
  let report: @Sendable (Event) -> Void
  let stop: StopRequest
  private let state = Mutex(State())

  private struct State {
    var hashes: [FileStamp: Fingerprint] = [:]
    var readByteCount: Int64 = 0
  }

  /// - Parameters:
  ///   - store: of the project that remembers; `nil`: nothing is remembered.
  ///   - report: called by one thread at a time.
  package init(
    store: RunStore? = nil, stop: StopRequest = StopRequest(),
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    (self.store, self.stop, self.report) = (store, stop, report)
  }

  /// Bytes that had to be read so far.
  package var readByteCount: Int64 { state.withLock { $0.readByteCount } }

  /// The SHA-256 of each file.
  ///
  /// - Throws: `InputError` for a file that cannot be read or changes meanwhile; `Interrupted`;
  ///   `StoreError`.
  package func hashes(of files: [FileStamp]) throws -> [Fingerprint] {
    // Held all the time: whoever asks for the same file meanwhile waits for it.
    try state.withLock { state in
      let now = FileStamp.now
      var unread: [FileStamp] = []
      for file in files where state.hashes[file] == nil && !unread.contains(file) {
        if let known = try store?.hash(of: file) {
          state.hashes[file] = known
        } else {
          unread.append(file)
        }
      }
      let results = read(unread)
      // What was read before one of them failed, or before a stop, need not be read again.
      let read = results.compactMapValues { try? $0.get() }
      state.readByteCount += read.keys.reduce(0) { $0 + $1.size }
      state.hashes.merge(read) { $1 }
      let lasting = read.filter { !$0.key.isFresh(at: now) }
      if !lasting.isEmpty { try store?.remember(lasting) }
      for file in unread { _ = try results[file]?.get() }
      return files.compactMap { state.hashes[$0] }
    }
  }

  /// Several files at a time, the largest first.
  private func read(_ files: [FileStamp]) -> [FileStamp: Result<Fingerprint, any Error>] {
    if files.isEmpty { return [:] }
    let order = files.sorted { $0.size > $1.size }
    let progress = HashingProgress(total: files.reduce(0) { $0 + $1.size }, report)
    defer { progress.end() }
    let results = Mutex<[FileStamp: Result<Fingerprint, any Error>]>([:])
    let pool = WorkerPool(
      threadCount: min(order.count, ProcessInfo.processInfo.activeProcessorCount))
    defer { pool.stop() }
    pool.run(order.count) { [stop] _, index in
      let hasher = FileHasher(stop: stop) { progress.advance(by: $0) }
      let result = Result { try hasher.hash(order[index]) }
      results.withLock { $0[order[index]] = result }
    }
    return results.withLock { $0 }
  }
}

/// Tells how far the reading of large folders is; of what takes less than a second nothing.
private final class HashingProgress: Sendable {
  private static let leastTotal: Int64 = 1 << 28
  private static let step: Int64 = 1 << 24
  private let total: Int64
  private let report: @Sendable (FolderMemory.Event) -> Void
  private let done = Mutex<Int64>(0)

  init(total: Int64, _ report: @escaping @Sendable (FolderMemory.Event) -> Void) {
    (self.total, self.report) = (total, report)
  }

  private var isTold: Bool { total >= Self.leastTotal }

  func advance(by count: Int) {
    guard isTold else { return }
    done.withLock { done in
      let told = done / Self.step
      done += Int64(count)
      if done / Self.step > told { report(.hashing(done: done, of: total)) }
    }
  }

  func end() { if isTold { report(.hashed) } }
}
