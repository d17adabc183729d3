import Core
import Foundation

extension EndpointClient {
  /// Finds out whether the server says how likely a given text is, and in which form it takes the text.
  ///
  /// - Parameters:
  ///   - forms: the same text in forms that servers know, the best first.
  ///   - misfit: why the reply to a form cannot be used; `nil` where it can.
  /// - Returns: the index of the first form that can be used, and the reply to it.
  /// - Throws: `EndpointFailure`: `misfittingEcho` where none can be, `noEcho` where there is no reply to any,
  ///   `unknownModel` as of a chat.
  package func probe(
    echo forms: [EchoRequest], misfit: (Int, EchoReply) -> String?
  ) async throws -> (index: Int, reply: EchoReply) {
    let list = try await checkedList()
    var (misfits, refusals): ([String], [String]) = ([], [])
    var isSilent = false
    for (index, form) in forms.enumerated() {
      switch try await settled(form, as: RequestShape()) {
      case .success(let reply):
        try checkName(reply.model, list)
        guard let misfit = misfit(index, reply) else {
          update { $0.capabilities = capabilities(list, reply, form) }
          return (index, reply)
        }
        misfits.append(misfit)
      case .failure(.badRequest(let said)): refusals.append(said)
      case .failure(.wrongAddress(let said)): throw EndpointFailure.noEcho("/completions: \(said)")
      case .failure(.missingLogprobs): isSilent = true
      case .failure(let failure): throw failure
      }
    }
    if let first = misfits.first { throw EndpointFailure.misfittingEcho(first) }
    throw EndpointFailure.noEcho(
      isSilent ? "its replies have no log-probabilities of it" : refusals.last ?? "nothing to ask")
  }

  private func capabilities(
    _ list: ModelList?, _ reply: EchoReply, _ form: EchoRequest
  ) -> EndpointCapabilities {
    EndpointCapabilities(
      modelListed: list.map(lists), answeredAs: reply.model, dropped: [],
      tokenLimitField: "max_tokens", topLogprobs: 1,
      serverKind: ServerKind.find(list: list, host: address.host),
      serverHeader: list?.serverHeader, systemFingerprint: reply.systemFingerprint,
      probedAt: Date(),
      templateFingerprint: Fingerprint(bytes: form.emptied.body(as: RequestShape(), model: "")))
  }

  /// How likely texts are to the model, in whatever order the server answers.
  ///
  /// - Throws: as the run of chats does.
  @discardableResult
  package func score<ID: Sendable>(
    _ requests: some Sequence<(ID, EchoRequest)> & Sendable, stop: StopRequest,
    onReply: @Sendable (ID, Result<EchoReply, EndpointFailure>) async throws -> Void
  ) async throws -> RequestCounts {
    try await ask(requests, stop: stop, onReply: onReply)
  }
}

extension EchoRequest {
  /// The form without the text.
  fileprivate var emptied: EchoRequest {
    switch prompt {
    case .tokens: EchoRequest(.tokens([]))
    case .text: EchoRequest(.text(""))
    }
  }
}
