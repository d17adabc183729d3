import Core
import Foundation

extension EndpointClient {
  /// Finds out, with a few requests of as few tokens as the server allows, what it is and takes, and keeps
  /// it for all requests to come. They are requests as the run sends them.
  ///
  /// - Parameters:
  ///   - needsLogprobs: whether log-probabilities are asked for, so that a server without them is of no
  ///     use.
  ///   - sampling: the parameters of the run; one that the server refuses is dropped and noted.
  /// - Throws: `EndpointFailure`: `unknownModel` when the server lists models and not this one, or
  ///   lists none and answers under another name, unless the limits allow it: a wrong name once served
  ///   the base model, and 0 % was read.
  @discardableResult
  package func probe(
    needsLogprobs: Bool, sampling: SamplingParameters = SamplingParameters()
  ) async throws -> EndpointCapabilities {
    let list = try await checkedList()
    var request = ChatRequest(
      messages: [Message(role: .user, content: "Say \"yes\".")], sampling: sampling,
      topLogprobs: needsLogprobs ? 20 : nil)
    request.sampling.seed = request.sampling.seed ?? 1
    request.sampling.maximumTokens = 1
    let (reply, shape) = try await accepted(request)
    try checkName(reply.model, list)
    guard !needsLogprobs || shape.topLogprobs > 0 else { throw EndpointFailure.missingLogprobs }
    let capabilities = EndpointCapabilities(
      modelListed: list.map(lists), answeredAs: reply.model, dropped: shape.dropped.sorted(),
      defaulted: shape.defaulted.isEmpty ? nil : shape.defaulted.sorted(),
      tokenLimitField: shape.tokenLimitField, topLogprobs: needsLogprobs ? shape.topLogprobs : 0,
      leastTokens: shape.leastTokens > 1 ? shape.leastTokens : nil,
      serverKind: ServerKind.find(list: list, host: address.host),
      serverHeader: list?.serverHeader, systemFingerprint: reply.systemFingerprint,
      probedAt: Date(), templateFingerprint: shape.fingerprint)
    update { $0.capabilities = capabilities }
    return capabilities
  }

  private static let unlistedAdvice =
    "; --unlisted-model asks for it all the same, where a server takes names that it does not list"

  /// The server's list, if it can be read.
  ///
  /// - Throws: `EndpointFailure` for a model that is not in it, unless the limits allow it.
  func checkedList() async throws -> ModelList? {
    let list = try await listModels()
    guard let list, !lists(list), !limits.takesUnlistedModel else { return list }
    let names = list.names.map { ServerText.shown($0, limit: 80) }
    let advice =
      names.isEmpty ? "it lists no model" : NearestName.advice(for: address.model, among: names)
    throw EndpointFailure.unknownModel(address.model, advice: advice + Self.unlistedAdvice)
  }

  /// - Throws: `EndpointFailure` where there is no list and the server answers in the name of another.
  func checkName(_ answered: String?, _ list: ModelList?) throws(EndpointFailure) {
    guard list == nil, let name = answered, !Self.isSame(name, address.model),
      !limits.takesUnlistedModel
    else { return }
    throw .unknownModel(
      address.model,
      advice: "it answers as \(name.quotedOnOneLine), and its list of models cannot be read"
        + Self.unlistedAdvice)
  }

  func lists(_ list: ModelList) -> Bool { Self.lists(list.names, address.model) }

  /// Whether a list has the model, under its name or as Ollama and Google write it.
  static func lists(_ names: [String], _ model: String) -> Bool {
    names.contains { $0 == model || $0 == model + ":latest" || $0 == "models/" + model }
  }

  /// `gpt-4o` answers as `gpt-4o-2024-08-06`, a folder perhaps by its last component.
  static func isSame(_ answered: String, _ asked: String) -> Bool {
    let datedOrEqual = answered == asked || answered.hasPrefix(asked + "-20")
    return datedOrEqual || asked.hasSuffix("/" + answered) || answered.hasSuffix("/" + asked)
  }

  /// - Returns: nil when the server has no list, or none that can be read.
  /// - Throws: `EndpointFailure` when the server refuses the key, or cannot be reached at all.
  private func listModels() async throws -> ModelList? {
    for attempt in 1...3 {
      do {
        let answer = try await exchange.send(
          .get, address.baseURL + "/models", headers: headers)
        switch answer.status {
        case 200: return ModelList(answer)
        case 401:
          let said = ServerError(answer).message
          throw EndpointFailure.unauthorised(ServerText.shown(said, hiding: key?.secret))
        case 429, 500...:
          let wait = RetryRule.wait(asked: answer.headers)
          let backoff = RetryRule.backoff(afterAttempt: attempt)
          try await Task.sleep(for: .seconds(min(wait ?? backoff, RetryRule.longestWait)))
        default: return nil
        }
      } catch let trouble as ExchangeTrouble {
        switch trouble {
        case .cancelled: throw Interrupted()
        case .refused(let said): throw EndpointFailure.noConnection(said)
        // mlx-lm drops the connection here when it has no cache to list.
        case .connection, .timeout, .tooLong: break
        }
      }
    }
    return nil
  }

  /// The reply to `request`, and the fields with which it was accepted.
  private func accepted(_ request: ChatRequest) async throws -> (ChatReply, RequestShape) {
    var shape = RequestShape()
    var asked = request
    while true {
      if shape.topLogprobs == 0 { asked.topLogprobs = nil }
      switch try await settled(asked, as: shape) {
      case .success(let reply): return (reply, shape)
      case .failure(.missingLogprobs): shape.topLogprobs = 0
      case .failure(.badRequest(let said)):
        if let next = shape.without(whatIsRefusedIn: said) {
          shape = next
        } else if let found = try await withoutOneField(asked, shape) {
          return found
        } else {
          throw EndpointFailure.badRequest(said)
        }
      case .failure(let failure): throw failure
      }
    }
  }

  /// Where the server does not say which field it refuses: leaves out one after the other.
  private func withoutOneField(
    _ request: ChatRequest, _ shape: RequestShape
  ) async throws -> (ChatReply, RequestShape)? {
    for next in shape.variants(of: request.sampling) {
      var request = request
      if next.topLogprobs == 0 { request.topLogprobs = nil }
      if case .success(let reply) = try await settled(request, as: next) { return (reply, next) }
    }
    return nil
  }

  /// One request until it is answered or refused, with the retries of any other.
  func settled<Request: ServerRequest>(
    _ request: Request, as shape: RequestShape
  ) async throws -> Result<Request.Reply, EndpointFailure> {
    var lacking = 0
    for attempt in 1...limits.attempts {
      switch await self.attempt(request, as: shape) {
      // What it says does not matter here, and the run tries again.
      case .answered(let reply), .flawed(let reply, _, _): return .success(reply)
      case .failed(let failure): return .failure(failure)
      case .cancelled: throw Interrupted()
      case .again(let reason, let wait, let detail):
        lacking += reason == .missingLogprobs ? 1 : 0
        if lacking == 3 { return .failure(.missingLogprobs) }
        guard attempt < limits.attempts else {
          return .failure(.gaveUp(attempts: attempt, lastReason: detail))
        }
        try await Task.sleep(for: .seconds(wait ?? RetryRule.backoff(afterAttempt: attempt)))
      }
    }
    return .failure(.gaveUp(attempts: limits.attempts, lastReason: ""))
  }
}

extension RequestShape {
  /// Fields that may be left out, and the words by which servers complain of them.
  private static let optionalFields = [
    "top_k", "min_p", "repetition_penalty", "seed", "temperature", "top_p",
  ]

  /// The shape that avoids what a refusal names; nil where it names nothing that can be avoided.
  func without(whatIsRefusedIn said: String) -> RequestShape? {
    let words = Set(
      said.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    var shape = self
    if let least = Self.leastTokens(in: said), least > leastTokens {
      shape.leastTokens = least
      return shape
    }
    if tokenLimitField == "max_tokens",
      words.contains("max_tokens") || words.contains("max_completion_tokens")
    {
      shape.tokenLimitField = "max_completion_tokens"
      return shape
    }
    if topLogprobs > 0, words.contains("top_logprobs") || words.contains("logprobs") {
      shape.topLogprobs = Self.fewerLogprobs(topLogprobs)
      return shape
    }
    if let field = Self.optionalFields.first(where: {
      words.contains($0) && !dropped.contains($0) && !defaulted.contains($0)
    }) {
      shape.dropped.insert(field)
      return shape
    }
    // Refused though it is not sent: the server wants to be told its own default.
    guard
      let field = ["temperature", "top_p"].first(where: {
        words.contains($0) && dropped.contains($0)
      })
    else { return nil }
    shape.dropped.remove(field)
    shape.defaulted.insert(field)
    return shape
  }

  /// What a refusal of too short a reply names as the least.
  private static func leastTokens(in said: String) -> Int? {
    guard said.lowercased().contains("token") else { return nil }
    let bound =
      /(?:at least|minimum(?: value)?(?: of| is)?|greater than or equal to|no less than|>=|≥|below|less than)[^0-9]{0,30}([0-9]{1,6})/
      .ignoresCase()
    if let least = said.firstMatch(of: bound).flatMap({ Int($0.1) }) { return least }
    let below = /(?:greater|more|larger|higher) than[^0-9]{0,30}([0-9]{1,6})/.ignoresCase()
    return said.firstMatch(of: below).flatMap { Int($0.1) }.map { $0 + 1 }
  }

  /// The limits of servers in use: OpenAI's 20, mlx-lm's 11, and what others have.
  private static func fewerLogprobs(_ count: Int) -> Int {
    [11, 10, 8, 5, 3, 1, 0].first { $0 < count } ?? 0
  }

  /// Each shape with one thing less that is sent now.
  func variants(of sampling: SamplingParameters) -> [RequestShape] {
    var variants: [RequestShape] = []
    if topLogprobs > 0 {
      for count in [11, 5, 0] where count < topLogprobs {
        var shape = self
        shape.topLogprobs = count
        variants.append(shape)
      }
    }
    let unset = [
      "top_k": sampling.topK == nil, "min_p": sampling.minP == nil,
      "repetition_penalty": sampling.repetitionPenalty == nil,
    ]
    for field in Self.optionalFields where !dropped.contains(field) && unset[field] != true {
      var shape = self
      shape.dropped.insert(field)
      variants.append(shape)
    }
    if tokenLimitField == "max_tokens" {
      var shape = self
      shape.tokenLimitField = "max_completion_tokens"
      variants.append(shape)
    }
    if leastTokens < 16 {
      var shape = self
      shape.leastTokens = 16
      variants.append(shape)
    }
    return variants
  }
}
