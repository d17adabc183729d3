import Core
import Documents
import Endpoints
import Foundation
import Guard
import Loopback

/// Stands in front of a model behind an API, and lets nothing pass that it has not read.
///
/// Fails closed: a request, an answer or a field that cannot be read is refused, and so is everything while the guard
/// cannot work. Of what the server says only what the guard has read is handed on, in a reply made anew.
package struct GuardProxy: Sendable {
  package enum Mode: String, Sendable, CaseIterable {
    case block
    /// Everything passes, and what would have been stopped is told.
    case shadow
  }

  package enum Streaming: Sendable, Hashable {
    /// Nothing is shown before the whole answer was read.
    case hold
    /// Shown as it comes, so many pieces behind what was read.
    case window(Int)
    /// Shown as it comes, and stopped once it is seen.
    case pass
  }

  let relay: EndpointRelay
  let desk: GuardDesk
  let inputs: GuardDesk?
  let log: ProxyLog?
  let mode: Mode
  let streaming: Streaming

  /// - Parameters:
  ///   - relay: to the server, whose model's name alone is answered to.
  ///   - desk: reads answers.
  ///   - inputs: reads what users say; `nil`: nobody does.
  package init(
    to relay: EndpointRelay, _ desk: GuardDesk, inputs: GuardDesk?, log: ProxyLog?, mode: Mode,
    streaming: Streaming
  ) {
    (self.relay, self.desk, self.inputs, self.log) = (relay, desk, inputs, log)
    (self.mode, self.streaming) = (mode, streaming)
  }

  var model: String { relay.address.model }

  package func answer(_ request: LoopbackRequest) async -> LoopbackResponse {
    let path = request.path.hasPrefix("/v1/") ? String(request.path.dropFirst(3)) : request.path
    switch (request.method, path) {
    case ("POST", "/chat/completions"): return await chat(request)
    case ("GET", "/models"):
      return .json(Data("{\"object\":\"list\",\"data\":[\(modelEntry)]}".utf8))
    case ("GET", "/models/" + model): return .json(Data(modelEntry.utf8))
    default:
      return Self.error(
        404, "this route is not guarded, and so it is not handed on", code: "unknown_url")
    }
  }

  private var modelEntry: String {
    JSON.object(
      JSONObject([
        .init("id", .string(model)), .init("object", "model"), .init("created", .integer(0)),
        .init("owned_by", "guarded"),
      ])
    ).text(pretty: false)
  }

  // MARK: - Chats

  private func chat(_ request: LoopbackRequest) async -> LoopbackResponse {
    let start = ContinuousClock.now
    let asked: ProxiedRequest
    do throws(ProxiedRequest.Refusal) {
      asked = try ProxiedRequest(Array(request.body), model: model)
    } catch {
      log?.note("refused", status: error.status, [], since: start)
      return Self.error(error.status, error.message, code: error.code)
    }
    let key = request.header("Authorization")
    guard key == nil || relay.takesKeys else {
      return Self.error(
        400, "the key would go unencrypted to another machine", code: "key_unencrypted")
    }
    let exchange = ProxiedExchange(
      request: asked, authorization: key, start: start, text: ReplyText(model: model))
    if let refused = await refusal(of: exchange) { return refused }
    switch streaming {
    case .window(let count) where asked.isStreamed && asked.isPlain:
      return await streamed(exchange, every: count, showsFirst: false)
    case .pass where asked.isStreamed && asked.isPlain:
      return await streamed(exchange, every: 16, showsFirst: true)
    default: return await held(exchange)
    }
  }

  /// What is answered where the input alone is enough; the server then never hears of it.
  private func refusal(of exchange: ProxiedExchange) async -> LoopbackResponse? {
    guard let inputs else { return nil }
    let texts = exchange.request.messages.map(\.content).filter { !$0.isEmpty }
    do {
      let decisions = try await inputs.decisions(on: texts.map(ExchangeGuard.input))
      let noted = zip(texts, decisions).map { ProxyLog.Text(kind: "input", text: $0, decision: $1) }
      guard decisions.contains(where: \.isStopped) else { return nil }
      log?.note(
        mode == .block ? "input stopped" : "input flagged", status: 200, noted,
        since: exchange.start)
      guard mode == .block else { return nil }
      return reply(to: exchange, [.stopped], usage: [:])
    } catch {
      return unreadable(exchange, "the guard could not read the request")
    }
  }

  /// Asks for the whole answer, reads it, and only then hands it on.
  private func held(_ exchange: ProxiedExchange) async -> LoopbackResponse {
    let answer: EndpointRelay.Reply
    do throws(EndpointRelay.Failure) {
      answer = try await relay.post(
        "/chat/completions", exchange.request.body(streaming: false),
        authorization: exchange.authorization)
    } catch {
      return failed(exchange, error)
    }
    guard answer.status == 200 else { return refusedAbove(exchange, answer) }
    guard var reply = ProxiedReply(answer.body) else {
      log?.note("unreadable", status: 502, [], since: exchange.start)
      return Self.error(502, "the server's answer cannot be read", code: "upstream_error")
    }
    let texts = reply.choices.map(\.texts)
    let decisions: [GuardDesk.Decision]
    do {
      decisions = try await desk.decisions(
        on: texts.joined().map { exchange.conversation(answeredBy: $0) })
    } catch {
      if mode == .block { return unreadable(exchange, "the guard could not read the answer") }
      log?.note("unread", status: 200, [], since: exchange.start)
      return self.reply(to: exchange, reply.choices, usage: reply.usage)
    }
    var next = 0
    var noted: [ProxyLog.Text] = []
    for (index, own) in texts.enumerated() {
      let decided = decisions[next..<next + own.count]
      next += own.count
      noted += zip(own, decided).map { ProxyLog.Text(kind: "output", text: $0, decision: $1) }
      if mode == .block, decided.contains(where: \.isStopped) { reply.choices[index] = .stopped }
    }
    let isFlagged = decisions.contains(where: \.isStopped)
    log?.note(
      isFlagged ? mode == .block ? "stopped" : "flagged" : "passed", status: 200, noted,
      since: exchange.start)
    return self.reply(to: exchange, reply.choices, usage: reply.usage)
  }

  // MARK: - Replies

  private func reply(
    to exchange: ProxiedExchange, _ choices: [ProxiedReply.Choice], usage: [String: Int]
  ) -> LoopbackResponse {
    let isStopped = choices.contains(where: \.isStopped)
    let headers = isStopped ? ["X-Askew-Guard": "stopped"] : [:]
    guard exchange.request.isStreamed else {
      return LoopbackResponse(
        type: "application/json", body: .data(exchange.text.whole(choices, usage: usage)),
        headers: headers)
    }
    return LoopbackResponse(
      type: "text/event-stream; charset=utf-8",
      body: .data(
        exchange.text.pieces(choices, usage: usage, wantsUsage: exchange.request.wantsUsage)),
      headers: headers)
  }

  func failed(_ exchange: ProxiedExchange, _ failure: EndpointRelay.Failure) -> LoopbackResponse {
    let status = failure.isTimeout ? 504 : 502
    log?.note("no answer", status: status, [], since: exchange.start)
    return Self.error(
      status, "the server behind the guard gave no answer: \(failure.reason.onOneLine)",
      code: "upstream_error")
  }

  /// The server's own words are not handed on: nobody has read them.
  func refusedAbove(_ exchange: ProxiedExchange, _ answer: EndpointRelay.Reply) -> LoopbackResponse
  {
    let status = (400...599).contains(answer.status) ? answer.status : 502
    log?.note("refused by the server", status: status, [], since: exchange.start)
    var response = Self.error(
      status, "the server behind the guard answered \(answer.status)", code: "upstream_error")
    if let seconds = answer.retryAfter.flatMap({ Int($0) }), (0...86_400).contains(seconds) {
      response.headers["Retry-After"] = "\(seconds)"
    }
    return response
  }

  func unreadable(_ exchange: ProxiedExchange, _ message: String) -> LoopbackResponse {
    log?.note("unread", status: 500, [], since: exchange.start)
    return Self.error(
      500, message + ", and lets nothing pass that it has not read", code: "guard_error")
  }

  static func error(_ status: Int, _ message: String, code: String) -> LoopbackResponse {
    LoopbackResponse(
      status: status, type: "application/json",
      body: .data(
        ReplyText.error(
          message, type: status < 500 ? "invalid_request_error" : "server_error", code: code)))
  }
}

/// A request on its way.
struct ProxiedExchange: Sendable {
  let request: ProxiedRequest
  let authorization: String?
  let start: ContinuousClock.Instant
  let text: ReplyText

  /// The conversation with an answer at its end; where it ends with the beginning of one, behind that.
  func conversation(answeredBy text: String) -> [Message] {
    var messages = request.conversation
    if let last = messages.last, last.role == .assistant {
      messages[messages.count - 1].content = last.content + text
    } else {
      messages.append(Message(role: .assistant, content: text))
    }
    return messages
  }
}
