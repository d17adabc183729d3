import Core
import Documents
import Endpoints
import Foundation
import Loopback
import Synchronization

extension GuardProxy {
  /// Shows an answer as it comes.
  ///
  /// - Parameters:
  ///   - count: pieces between two readings.
  ///   - showsFirst: whether pieces are shown before they were read.
  func streamed(
    _ exchange: ProxiedExchange, every count: Int, showsFirst: Bool
  ) async -> LoopbackResponse {
    let (pieces, sink) = AsyncThrowingStream<Data, any Error>.makeStream()
    let refusal = await withCheckedContinuation { begun in
      let task = Task {
        await self.pump(exchange, count, showsFirst, sink, StreamBeginning(begun))
        sink.finish()
      }
      sink.onTermination = { _ in task.cancel() }
    }
    return refusal
      ?? LoopbackResponse(type: "text/event-stream; charset=utf-8", body: .stream(pieces))
  }

  private func pump(
    _ exchange: ProxiedExchange, _ count: Int, _ showsFirst: Bool,
    _ sink: AsyncThrowingStream<Data, any Error>.Continuation, _ beginning: StreamBeginning
  ) async {
    let (events, feed) = AsyncStream<(status: Int, bytes: Data)>.makeStream()
    let sending = Task { () -> Result<EndpointRelay.Reply, EndpointRelay.Failure> in
      defer { feed.finish() }
      do throws(EndpointRelay.Failure) {
        return .success(
          try await relay.post(
            "/chat/completions", exchange.request.body(streaming: true),
            authorization: exchange.authorization
          ) { feed.yield(($0, $1)) })
      } catch {
        return .failure(error)
      }
    }
    defer { sending.cancel() }
    var answer = GrowingAnswer(exchange: exchange, every: count, showsFirst: showsFirst)
    var lines = EventLines()
    for await event in events {
      guard event.status == 200 else { break }
      beginning.begin(nil)
      for line in lines.take(event.bytes) {
        guard let isOpen = try? await take(line, &answer, sink), isOpen else { return }
      }
    }
    switch await sending.value {
    case .failure(let failure):
      if beginning.begin(failed(exchange, failure)) { return }
      sink.yield(ReplyText.failure("the server behind the guard broke off"))
    case .success(let reply) where reply.status != 200:
      if beginning.begin(refusedAbove(exchange, reply)) { return }
    case .success:
      beginning.begin(nil)
      guard !answer.hasEnded else { return }
      // Without [DONE] an answer is whole only where its last piece says so.
      guard answer.finish != nil else {
        log?.note("broken off", status: 200, answer.noted, since: answer.exchange.start)
        sink.yield(ReplyText.failure("the server behind the guard broke off"))
        return
      }
      await end(&answer, sink)
    }
  }

  /// - Returns: whether the stream goes on.
  private func take(
    _ line: String, _ answer: inout GrowingAnswer,
    _ sink: AsyncThrowingStream<Data, any Error>.Continuation
  ) async throws -> Bool {
    guard line.hasPrefix("data:") else { return true }
    let text = line.dropFirst(5).trimmingCharacters(in: .whitespaces)
    if text == "[DONE]" {
      await end(&answer, sink)
      return false
    }
    guard answer.take(text) else {
      log?.note("unreadable", status: 200, [], since: answer.exchange.start)
      sink.yield(ReplyText.failure("the server's answer cannot be read"))
      return false
    }
    if answer.showsFirst, let piece = answer.unshown { sink.yield(piece) }
    guard answer.isDue else { return true }
    guard await passes(&answer, sink) else { return false }
    if let piece = answer.unshown { sink.yield(piece) }
    return true
  }

  private func end(
    _ answer: inout GrowingAnswer, _ sink: AsyncThrowingStream<Data, any Error>.Continuation
  ) async {
    answer.hasEnded = true
    guard await passes(&answer, sink) else { return }
    if let piece = answer.unshown { sink.yield(piece) }
    sink.yield(
      answer.exchange.text.piece(0, .object(JSONObject()), finish: answer.finish ?? "stop"))
    if answer.exchange.request.wantsUsage { sink.yield(answer.exchange.text.usage(answer.usage)) }
    sink.yield(ReplyText.end)
    log?.note(
      answer.wasFlagged ? "flagged" : "passed", status: 200, answer.noted,
      since: answer.exchange.start)
  }

  /// Reads all that has come so far; where that is stopped, says so to the client.
  private func passes(
    _ answer: inout GrowingAnswer, _ sink: AsyncThrowingStream<Data, any Error>.Continuation
  ) async -> Bool {
    answer.isDue = false
    guard !answer.text.isEmpty else { return true }
    let decision = try? await desk.decisions(
      on: [answer.exchange.conversation(answeredBy: answer.text)]
    ).first
    answer.decision = decision
    if mode == .shadow {
      if decision?.isStopped == true { answer.wasFlagged = true }
      return true
    }
    // What the guard could not read is not shown either.
    guard let decision else {
      log?.note("unread", status: 200, answer.noted, since: answer.exchange.start)
      sink.yield(ReplyText.failure("the guard could not read the answer"))
      return false
    }
    guard decision.isStopped else { return true }
    log?.note("stopped", status: 200, answer.noted, since: answer.exchange.start)
    sink.yield(answer.exchange.text.piece(0, .object(JSONObject()), finish: "content_filter"))
    sink.yield(ReplyText.end)
    return false
  }
}

/// An answer of which pieces come.
private struct GrowingAnswer {
  let exchange: ProxiedExchange
  let every: Int
  let showsFirst: Bool
  var text = ""
  var finish: String?
  var usage: [String: Int] = [:]
  /// Whether it has to be read again.
  var isDue = false
  var hasEnded = false
  var wasFlagged = false
  var decision: GuardDesk.Decision?
  private var pending = 0
  private var hidden = ""
  private var hasBegun = false

  init(exchange: ProxiedExchange, every: Int, showsFirst: Bool) {
    (self.exchange, self.every, self.showsFirst) = (exchange, every, showsFirst)
  }

  var noted: [ProxyLog.Text] {
    [ProxyLog.Text(kind: "output", text: text, decision: decision)]
  }

  /// What was read or may be shown unread, once.
  var unshown: Data? {
    mutating get {
      guard !hidden.isEmpty else { return nil }
      defer { (hidden, hasBegun) = ("", true) }
      return exchange.text.piece(content: hidden, isFirst: !hasBegun)
    }
  }

  /// - Returns: whether it could be read. Of its fields only the text of the one answer is kept.
  mutating func take(_ event: String) -> Bool {
    guard case .object(let fields)? = try? JSON(text: event) else { return false }
    if case .object(let counts)? = fields["usage"] {
      for name in ["prompt_tokens", "completion_tokens", "total_tokens"] {
        if case .integer(let count)? = counts[name] { usage[name] = count }
      }
    }
    guard case .array(let choices)? = fields["choices"] else { return false }
    for choice in choices {
      guard case .object(let own) = choice, own["index"] ?? .integer(0) == .integer(0) else {
        return false
      }
      if case .string(let reason)? = own["finish_reason"] {
        finish = ["stop", "length", "content_filter"].contains(reason) ? reason : "stop"
      }
      guard case .object(let delta)? = own["delta"] else { continue }
      switch delta["content"] {
      case nil, .null?: break
      case .string(let piece)?:
        guard !piece.isEmpty else { break }
        text += piece
        hidden += piece
        pending += 1
      default: return false
      }
    }
    if pending >= every { (pending, isDue) = (0, true) }
    return true
  }
}

/// Lines of a stream, each once it is whole.
private struct EventLines {
  private var rest = Data()

  mutating func take(_ bytes: Data) -> [String] {
    rest += bytes
    var lines: [String] = []
    while let end = rest.firstIndex(of: 0x0a) {
      lines.append(
        String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
          .trimmingCharacters(in: ["\r"]))
      rest = Data(rest[(end + 1)...])
    }
    return lines
  }
}

/// Says once whether there is a stream, or what is answered in its place.
private final class StreamBeginning: Sendable {
  private let waiting: Mutex<CheckedContinuation<LoopbackResponse?, Never>?>

  init(_ waiting: CheckedContinuation<LoopbackResponse?, Never>) { self.waiting = Mutex(waiting) }

  /// - Returns: whether this was the first time.
  @discardableResult
  func begin(_ refusal: LoopbackResponse?) -> Bool {
    let own = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    own?.resume(returning: refusal)
    return own != nil
  }
}
