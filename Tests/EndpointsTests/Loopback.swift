import Core
import Foundation
import Synchronization
import TestSupport

@testable import Endpoints

extension LoopbackServer {
  func client(
    model: String = "loopback", key: EndpointKey? = nil, limits: EndpointLimits = EndpointLimits(),
    environment: [String: String] = [:]
  ) throws -> EndpointClient {
    try EndpointClient(
      EndpointAddress(parsing: "openai:\(model)@\(url)"), key: key, limits: limits,
      environment: environment)
  }
}

/// Numbered questions.
struct Questions: Sequence, IteratorProtocol, Sendable {
  let count: Int
  var logprobs: Int?
  private var position = 0

  init(_ count: Int, logprobs: Int? = nil) {
    self.count = count
    self.logprobs = logprobs
  }

  mutating func next() -> (Int, ChatRequest)? {
    guard position < count else { return nil }
    defer { position += 1 }
    let sampling = SamplingParameters(
      seed: UInt64(position), maximumTokens: logprobs == nil ? 600 : 1)
    return (
      position,
      ChatRequest(
        messages: [Message(role: .user, content: "Question \(position)?")], sampling: sampling,
        topLogprobs: logprobs)
    )
  }
}

/// What a run handed out.
final class Received: Sendable {
  private let results = Mutex<[Int: [Result<ChatReply, EndpointFailure>]]>([:])

  func take(_ id: Int, _ result: Result<ChatReply, EndpointFailure>) {
    results.withLock { $0[id, default: []].append(result) }
  }

  var count: Int { results.withLock { $0.count } }
  var replies: [Int: ChatReply] {
    results.withLock { $0.compactMapValues { try? $0.first?.get() } }
  }
  var failures: [EndpointFailure] {
    results.withLock { all in
      all.values.joined().compactMap { result in
        if case .failure(let failure) = result { failure } else { nil }
      }
    }
  }
  /// Whether each of so many was handed out exactly once.
  func hasOnce(_ count: Int) -> Bool {
    results.withLock { all in (0..<count).allSatisfy { all[$0]?.count == 1 } && all.count == count }
  }
}

extension EndpointLimits {
  /// For servers that let requests hang.
  static let impatient = EndpointLimits(timeout: .milliseconds(500))
}
