/// What may be asked of a server, under the same rules of pace, retries and keys.
protocol ServerRequest: Sendable {
  associatedtype Reply: ServerReply

  /// Behind the base URL.
  static var path: String { get }
  /// Four bytes a token, which is cautious for text, and the longest reply.
  var tokenEstimate: Int { get }
  func body(as shape: RequestShape, model: String) -> [UInt8]
  /// Why it is not sent at all; `nil` where it is.
  func refusal(by server: EndpointCapabilities?) -> String?
  /// What an answer that is a success comes to.
  func read(_ answer: HTTPAnswer, hiding secret: String?) -> Attempt<Reply>
}

/// What was used, and is paid for.
protocol ServerReply: Sendable {
  var promptTokens: Int? { get }
  var completionTokens: Int? { get }
  /// The name under which the server answered.
  var model: String? { get }
  var systemFingerprint: String? { get }
}

extension ReplyMisfit {
  /// What a reply comes to that cannot be read.
  func attempt<Reply>(_ answer: HTTPAnswer, hiding secret: String?) -> Attempt<Reply> {
    if answer.isPage { return .again(.page, wait: nil, detail: "an HTML page instead of a reply") }
    return .again(
      .invalidReply, wait: nil, detail: "a reply that \(ServerText.hiding(secret, in: said))")
  }
}
