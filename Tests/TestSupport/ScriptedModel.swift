import Core
import Endpoints
import Engine
import Store
import Synchronization
import Tuning

/// A model that says what a test wants it to say, and counts what it is asked.
package final class ScriptedModel: LanguageModel, Answering, AnswerSession, Sendable {
  private let name: String
  private let say: @Sendable (_ messages: [Message], _ draw: UInt64) -> String
  private let counts = Mutex<[[Message]: Int]>([:])

  /// - Parameter say: the reply to a conversation, with a number of the answer's own stream.
  package init(
    _ name: String = "scripted",
    say: @escaping @Sendable (_ messages: [Message], _ draw: UInt64) -> String = { messages, draw in
      "\(messages.last?.content ?? ""): \(draw % 1000)"
    }
  ) {
    (self.name, self.say) = (name, say)
  }

  /// How often each conversation was asked.
  package var asked: [[Message]: Int] { counts.withLock { $0 } }

  package var reference: ModelReference { .served(name) }
  package var answering: (any Answering)? { self }
  package var scoring: (any Scoring)? { nil }
  package var server: EndpointCapabilities? { nil }

  package func check(_ places: [AskedPlace], _ settings: AnswerSettings) throws(InputError) {}

  package func open<Result: Sendable>(
    on pool: WorkerPool, _ body: (any AnswerSession) async throws -> Result
  ) async throws -> Result { try await body(self) }

  package func answer(
    _ requests: [AnswerRequest], _ settings: AnswerSettings, stop: StopRequest,
    take: @escaping @Sendable (Int, Swift.Result<ModelReply, EndpointFailure>) -> Bool
  ) async throws -> RequestCounts? {
    for (index, request) in requests.enumerated() {
      counts.withLock { $0[request.messages, default: 0] += 1 }
      var stream = request.stream
      let text = say(request.messages, stream.next())
      let reply = ModelReply(text: text, tokenCount: text.count, finish: .stop)
      guard take(index, .success(reply)) else { return nil }
    }
    return nil
  }
}
