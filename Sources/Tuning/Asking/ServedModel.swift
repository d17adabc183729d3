import Core
import Endpoints
import Engine
import Store

/// A model behind an API, whose weights nobody outside knows. How likely it finds a given text it may be asked where its
/// tokenizer is known here.
package struct ServedModel: LanguageModel, Answering {
  private let address: EndpointAddress
  private let options: ModelOptions
  private let tokenizer: ServedTokenizer?

  package init(
    _ address: EndpointAddress, _ options: ModelOptions, tokenizer: ServedTokenizer? = nil
  ) {
    (self.address, self.options, self.tokenizer) = (address, options, tokenizer)
  }

  package var reference: ModelReference { .served("openai:\(address)") }
  package var answering: (any Answering)? { self }
  package var scoring: (any Scoring)? {
    tokenizer.map { ServedScoring(address: address, options: options, tokenizer: $0) }
  }
  package var thinking: Thinking { options.limits.thinking }

  /// What a server refuses nobody knows beforehand.
  package func check(_ places: [AskedPlace], _ settings: AnswerSettings) throws(InputError) {}

  /// Finds a key that is missing before anything is asked.
  ///
  /// - Throws: `InputError`.
  package func checkKey() throws(InputError) { _ = try options.key(for: address) }

  /// - Throws: as `EndpointClient` does; `EndpointFailure` for a model that the server does not list.
  package func open<Result: Sendable>(
    on pool: WorkerPool, _ body: (any AnswerSession) async throws -> Result
  ) async throws -> Result { try await open(on: pool, for: AnswerSettings(), body) }

  package func open<Result: Sendable>(
    on pool: WorkerPool, for settings: AnswerSettings,
    _ body: (any AnswerSession) async throws -> Result
  ) async throws -> Result {
    try await EndpointConnection.with(address, options) { client in
      let found = try await client.probe(
        needsLogprobs: false, sampling: SamplingParameters(settings, seed: nil))
      return try await body(Session(client: client, server: found))
    }
  }

  private struct Session: AnswerSession {
    let client: EndpointClient
    let server: EndpointCapabilities?

    func answer(
      _ requests: [AnswerRequest], _ settings: AnswerSettings, stop: StopRequest,
      take: @escaping @Sendable (Int, Swift.Result<ModelReply, EndpointFailure>) -> Bool
    ) async throws -> RequestCounts? {
      let numbered = NumberedRequests(requests) { request($0, settings) }
      return try await client.run(numbered, stop: stop) { index, result in
        // What is not kept must not be paid for: the store's own error follows.
        guard take(index, result.map { ModelReply($0) }) || stop.isStopped else {
          throw CancellationError()
        }
      }
    }

    @Sendable private func request(
      _ request: AnswerRequest, _ settings: AnswerSettings
    ) -> ChatRequest {
      // Each answer draws by a seed of its own, wherever the server listens to seeds.
      var stream = request.stream
      return ChatRequest(
        messages: request.messages,
        sampling: SamplingParameters(settings, seed: stream.next()),
        prefill: settings.prefill)
    }
  }
}

extension SamplingParameters {
  fileprivate init(_ settings: AnswerSettings, seed: UInt64?) {
    self.init(
      temperature: settings.temperature, topP: settings.topP,
      topK: settings.topK > 0 ? settings.topK : nil, minP: settings.minP > 0 ? settings.minP : nil,
      seed: seed, maximumTokens: settings.maximumTokens)
  }
}

extension ModelReply {
  fileprivate init(_ reply: ChatReply) {
    self.init(
      text: reply.text, tokenCount: reply.completionTokens ?? 0,
      finish: StoredAnswer.FinishReason(reply.finish), promptTokenCount: reply.promptTokens,
      thinking: reply.thinking, missing: reply.missing)
  }
}

extension StoredAnswer.FinishReason {
  fileprivate init(_ finish: ChatReply.Finish) {
    switch finish {
    case .stop: self = .stop
    case .length: self = .length
    case .contentFilter: self = .contentFilter
    case .other: self = .other
    }
  }
}
