import Synchronization

/// Asks work that is going on to stop at the next point from which it can be taken up again. Safe to
/// use from any thread.
public final class StopRequest: Sendable {
  private let requested = Atomic(false)

  public init() {}

  public func stop() { requested.store(true, ordering: .releasing) }
  public var isStopped: Bool { requested.load(ordering: .acquiring) }

  /// - Throws: `Interrupted` once a stop is asked for.
  public func check() throws { if isStopped { throw Interrupted() } }
}

/// Work that was stopped as asked; what it has done is stored.
public struct Interrupted: Error, Sendable, Hashable, CustomStringConvertible {
  public init() {}
  public var description: String { "interrupted" }
}
