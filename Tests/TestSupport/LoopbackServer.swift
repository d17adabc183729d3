import Foundation

/// The built loopback-server, running until this value goes away.
public final class LoopbackServer {
  /// Ends with `/v1`.
  public let url: String
  private let process: ChildProcess
  private let folder: TemporaryFolder

  public init(_ options: [String]) throws {
    folder = try TemporaryFolder()
    process = try ChildProcess(
      Repository.program("loopback-server"), options + ["--journal", folder.path("journal")])
    url = try process.firstLine()
  }

  public convenience init(_ options: String...) throws { try self.init(options) }

  public func stop() { process.stop() }

  /// What the server did: `MILLISECONDS KIND IDENTITY "TEXT"`, a line each.
  public func journal() throws -> [Substring] {
    try folder.text(of: "journal").split(separator: "\n")
  }

  public struct Event: Hashable, Sendable {
    public var milliseconds: Int
    public var kind: String
    public var identity: String
  }

  /// What it did of one kind, in order.
  public func events(_ kind: String) throws -> [Event] {
    try journal().compactMap { line in
      let words = line.split(separator: " ", maxSplits: 3)
      guard words.count == 4, words[1] == kind, let time = Int(words[0]) else { return nil }
      return Event(milliseconds: time, kind: kind, identity: String(words[2]))
    }
  }

  /// The same once there are so many: the server notes an answer after it has sent it, so that the
  /// last note may come after the client has the reply. At most five seconds.
  public func settledEvents(_ kind: String, count: Int) async throws -> [Event] {
    for _ in 0..<100 {
      let events = try events(kind)
      if events.count >= count { return events }
      try await Task.sleep(for: .milliseconds(50))
    }
    return try events(kind)
  }
}
