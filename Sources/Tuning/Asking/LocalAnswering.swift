import Core
import Endpoints
import Engine
import Formats
import Questions
import Store

/// From conversations to a model's tokens and back.
package protocol ConversationTokenizer {
  /// The tokens that an answer is sampled after.
  ///
  /// - Parameter prefill: the beginning of the answer.
  /// - Throws: `InputError` for a conversation that the model cannot read.
  func promptTokens(_ messages: [Message], prefill: String?) throws(InputError) -> [Int32]
  func text(of tokens: [Int32]) -> String
  /// That end an answer.
  var endTokens: [Int32] { get }
}

/// Asks a model whose weights are on this machine.
struct LocalAnswering: Answering {
  private let model: any LocalModel

  init(_ model: any LocalModel) { self.model = model }

  func check(_ places: [AskedPlace], _ settings: AnswerSettings) throws(InputError) {
    var names = Set<String>()
    for place in places where names.insert(place.key.question).inserted {
      do throws(InputError) {
        _ = try prompt(place.wording.messages, settings)
      } catch {
        throw InputError(
          "\(place.wording.question.id.onOneLine): \(error.problem)", file: error.file,
          field: error.field)
      }
    }
  }

  private func prompt(
    _ messages: [Message], _ settings: AnswerSettings
  ) throws(InputError) -> [Int32] {
    let tokens = try model.conversations.promptTokens(messages, prefill: settings.prefill)
    guard tokens.count + settings.maximumTokens <= model.positions else {
      throw InputError(
        "\(tokens.count) tokens and \(settings.maximumTokens) of an answer do not fit the model's "
          + "\(model.positions) positions", field: "--max-tokens")
    }
    return tokens
  }

  func open<Result: Sendable>(
    on pool: WorkerPool, _ body: (any AnswerSession) async throws -> Result
  ) async throws -> Result {
    try await body(Session(answering: self, pool: pool))
  }

  private struct Session: AnswerSession {
    let answering: LocalAnswering
    let pool: WorkerPool
    let server: EndpointCapabilities? = nil

    func answer(
      _ requests: [AnswerRequest], _ settings: AnswerSettings, stop: StopRequest,
      take: @escaping @Sendable (Int, Swift.Result<ModelReply, EndpointFailure>) -> Bool
    ) async throws -> RequestCounts? {
      try answering.sample(requests, settings, pool, take: take)
      return nil
    }
  }

  /// Answers to one conversation share a prompt.
  private func sample(
    _ requests: [AnswerRequest], _ settings: AnswerSettings, _ pool: WorkerPool,
    take: @escaping @Sendable (Int, Swift.Result<ModelReply, EndpointFailure>) -> Bool
  ) throws {
    var prompts: [Prompt] = []
    var groups: [[Int]] = []
    var known: [[Message]: Int] = [:]
    for (number, request) in requests.enumerated() {
      let index = known[request.messages] ?? prompts.count
      if index == prompts.count {
        known[request.messages] = index
        prompts.append(Prompt(tokens: try prompt(request.messages, settings), streams: []))
        groups.append([])
      }
      prompts[index].streams.append(request.stream)
      groups[index].append(number)
    }
    let weights = try model.weights(on: pool, lying: .packed)
    let sampler = try Sampler(
      model: weights.model, adapter: weights.adapter, precision: model.precision, pool: pool)
    let numbers = groups
    // The sampler calls from one thread at a time, which is what makes the tokenizer safe to share.
    nonisolated(unsafe) let tokenizer = try model.conversations
    sampler.sample(prompts, options: settings.options(ending: tokenizer.endTokens)) { answer in
      take(
        numbers[answer.prompt][answer.sample],
        .success(
          ModelReply(
            text: tokenizer.text(of: answer.tokens), tokenCount: answer.tokens.count,
            finish: answer.finish == .stop ? .stop : .length,
            missing: answer.finish == .notFinite ? MissingAnswer(.notFinite) : nil)))
    }
  }
}

extension AnswerSettings {
  fileprivate func options(ending tokens: [Int32]) -> SamplingOptions {
    var options = SamplingOptions(maximumTokens: maximumTokens, stopTokens: tokens)
    options.temperature = temperature
    options.topP = topP
    options.topK = topK
    options.minP = minP
    return options
  }
}
