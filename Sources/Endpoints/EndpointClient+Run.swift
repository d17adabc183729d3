import Core
import Foundation

extension EndpointClient {
  /// Asks all `requests`, several at a time, and hands out each reply, or why there is none, as it
  /// comes: one call of `onReply` after the other.
  ///
  /// Requests are taken from the sequence only when they can be sent, and while `onReply` works no
  /// more are sent than are under way: a slow receiver slows the run and costs no memory.
  ///
  /// - Returns: what was asked, and how often.
  /// - Throws: `Interrupted` within a second of a stop, after the replies in hand were handed out;
  ///   `EndpointFailure` when the server would refuse every other request as well, or gave up on as
  ///   many in a row as one request has attempts; what `onReply` throws. `counts` tells what had
  ///   been asked by then. Requests that were not handed out can be asked again.
  @discardableResult
  package func run<ID: Sendable>(
    _ requests: some Sequence<(ID, ChatRequest)> & Sendable, stop: StopRequest,
    onReply: @Sendable (ID, Result<ChatReply, EndpointFailure>) async throws -> Void
  ) async throws -> RequestCounts {
    try await ask(requests, stop: stop, onReply: onReply)
  }

  /// The same of any kind of request.
  func ask<ID: Sendable, Request: ServerRequest>(
    _ requests: some Sequence<(ID, Request)> & Sendable, stop: StopRequest,
    onReply: @Sendable (ID, Result<Request.Reply, EndpointFailure>) async throws -> Void
  ) async throws -> RequestCounts {
    let server = capabilities
    let shape = server?.shape ?? RequestShape()
    var queue = RequestQueue(requests.makeIterator(), limits: limits, now: Self.now)
    defer {
      queue.end(now: Self.now)
      let counts = queue.counts
      update { $0.counts = $0.counts + counts }
    }
    try await withThrowingTaskGroup(of: Event<ID, Request>.self) { group in
      defer { group.cancelAll() }
      group.addTask { await Self.tick() }
      var stopDeadline: Double?
      while true {
        let now = Self.now
        if stop.isStopped || Task.isCancelled, stopDeadline == nil {
          stopDeadline = now + Self.stopSeconds
        }
        if stopDeadline == nil {
          while let job = queue.next(now: now) {
            if let reason = job.request.refusal(by: server) {
              try await queue.handOut(job, .failure(.badRequest(reason)), to: onReply)
              continue
            }
            queue.sent(job, now: now)
            group.addTask { .attempted(job, await self.attempt(job.request, as: shape)) }
          }
        }
        if queue.inFlight == 0, stopDeadline != nil || queue.isEmpty { break }
        if let deadline = stopDeadline, now >= deadline { group.cancelAll() }
        switch try await group.next() {
        case .attempted(let job, let attempt):
          try await queue.take(job, attempt, now: Self.now, onReply: onReply)
        case .tick where !group.isCancelled: group.addTask { await Self.tick() }
        case .tick, nil: break
        }
      }
      if stopDeadline != nil, !queue.isEmpty { throw Interrupted() }
    }
    queue.end(now: Self.now)
    return queue.counts
  }

  /// How long requests under way may go on after a stop; what comes in time was paid for.
  private static let stopSeconds = 0.6

  static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

  /// Wakes the run for what waits for a time, not for a reply.
  private static func tick<ID, Request>() async -> Event<ID, Request> {
    try? await Task.sleep(for: .milliseconds(20))
    return .tick
  }
}

/// What a run waits for.
private enum Event<ID: Sendable, Request: ServerRequest>: Sendable {
  case tick
  case attempted(RequestJob<ID, Request>, Attempt<Request.Reply>)
}
