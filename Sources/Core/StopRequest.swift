import Synchronization

/// Asks work that is going on to stop at the next point from which it can be taken up again. Safe to
/// use from any thread.
package final class StopRequest: Sendable {
  private let requested = Atomic(false)

  package init() {}

  package func stop() { requested.store(true, ordering: .releasing) }
  package var isStopped: Bool { requested.load(ordering: .acquiring) }

  /// - Throws: `Interrupted` once a stop is asked for.
  package func check() throws { if isStopped { throw Interrupted() } }
}

/// Work that was stopped as asked; what it has done is stored.
package struct Interrupted: Error, Sendable, Hashable, CustomStringConvertible {
  package init() {}
  package var description: String { "interrupted" }
}
