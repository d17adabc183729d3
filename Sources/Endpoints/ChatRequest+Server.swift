import Core

extension ChatReply: ServerReply {}

extension ChatRequest: ServerRequest {
  static let path = "/chat/completions"

  var tokenEstimate: Int {
    messages.reduce(0) { $0 + $1.content.utf8.count / 4 + 4 } + sampling.maximumTokens
  }

  func body(as shape: RequestShape, model: String) -> [UInt8] { shape.body(of: self, model: model) }

  func refusal(by server: EndpointCapabilities?) -> String? {
    do { try check() } catch { return error.description }
    guard prefill != nil, server?.continuesPrefill == false else { return nil }
    return "prefill: found some, expected none, since this server begins a new turn after it"
  }

  func read(_ answer: HTTPAnswer, hiding secret: String?) -> Attempt<ChatReply> {
    let wire: WireReply
    do throws(ReplyMisfit) {
      wire = try WireReply(answer.body)
    } catch {
      return error.attempt(answer, hiding: secret)
    }
    let reply = wire.reply(requestID: answer.headers.first(name: "x-request-id"))
    if let error = wire.error {
      let said = ServerText.shown(error, hiding: secret)
      let detail = "an error instead of a reply: \(said)"
      return reply.map { .flawed($0, .errorInReply, detail: detail) }
        ?? .again(.errorInReply, wait: nil, detail: detail)
    }
    guard let reply else {
      guard !wire.hasChoices else {
        return .again(.emptyChoices, wait: nil, detail: "a reply without choices")
      }
      return ServerError(answer).attempt(hiding: secret)
    }
    if topLogprobs != nil {
      return reply.hasAlternatives
        ? .answered(reply) : .again(.missingLogprobs, wait: 0, detail: "no log-probabilities")
    }
    return reply.missing?.kind == .empty
      ? .flawed(reply, .emptyReply, detail: "an empty reply") : .answered(reply)
  }
}

extension ServerError {
  /// What an answer comes to that is a success and has an error in place of a reply.
  func attempt<Reply>(hiding secret: String?) -> Attempt<Reply> {
    let said = ServerText.shown(message, hiding: secret)
    return .again(.errorInReply, wait: nil, detail: "an error instead of a reply: \(said)")
  }
}

extension ChatReply {
  /// Whether some token has alternatives; a reply without any token needs none.
  fileprivate var hasAlternatives: Bool {
    guard let alternatives else { return false }
    return alternatives.isEmpty ? text.isEmpty : alternatives.contains { !$0.isEmpty }
  }
}
