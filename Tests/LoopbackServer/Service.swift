import Foundation
import NIOCore
import NIOHTTP1

/// What is done with a request once an answer is known.
enum Outcome {
  case answer(Answer, identity: String?, text: String)
  /// Only the first bytes, and then nothing or the end.
  case broken(Answer, thenClose: Bool)
  case reset
}

/// Answers requests. `@unchecked`: used on the server's one event loop only.
final class Service: @unchecked Sendable {
  private let options: LoopbackServer
  private let key: String?
  let journal: Journal?
  private var faults: FaultPlan
  private var accepted: [Date] = []
  private let desk: FineTuningDesk

  init(options: LoopbackServer) throws {
    self.options = options
    key = try options.requireKey.map {
      try String(contentsOfFile: $0, encoding: .utf8).trimmingCharacters(
        in: .whitespacesAndNewlines)
    }
    journal = try options.journal.map(Journal.init(path:))
    faults = FaultPlan(options)
    desk = FineTuningDesk(losesFirstCreation: options.loseCreation, journal: journal)
  }

  var delay: TimeAmount { .nanoseconds(Int64(options.delay * 1e9)) }

  func answer(_ head: HTTPRequestHead, _ body: ByteBuffer) -> Outcome {
    if let key, head.headers.first(name: "authorization") != "Bearer \(key)" {
      // Some servers repeat what they were given.
      let given = head.headers.first(name: "authorization")?.dropFirst("Bearer ".count) ?? "none"
      return .plain(
        Answer(
          401, error: "Incorrect API key provided: \(given)", type: "invalid_request_error",
          code: "invalid_api_key"))
    }
    let path = head.uri.split(separator: "?").first.map(String.init) ?? head.uri
    switch (head.method, path) {
    case (.GET, "/v1/models"): return list
    case (.POST, "/v1/chat/completions"): return chat(body)
    case (.POST, "/v1/completions"): return echo(body)
    case (_, "/v1/files"): return desk.answer(head, path, body)
    case _ where path.hasPrefix("/v1/fine_tuning/"): return desk.answer(head, path, body)
    default: return .plain(Answer(404, json: #"{"detail":"Not Found"}"#))
    }
  }

  private var list: Outcome {
    if options.withoutList { return .reset }
    let names = options.unlisted ? ["base"] : [options.listed ?? options.model, "another"]
    let entries = names.map {
      #"{"id":\#(JSONText.quoted($0)),"object":"model","created":1,"owned_by":"loopback"}"#
    }
    return .plain(
      Answer(200, json: #"{"object":"list","data":[\#(entries.joined(separator: ","))]}"#))
  }

  private func chat(_ body: ByteBuffer) -> Outcome {
    guard let question = ChatQuestion(Data(body.readableBytesView)) else {
      return .plain(Answer(400, error: "not a chat request", type: "invalid_request_error"))
    }
    if let reply = options.reply, question.topLogprobs == nil {
      return respond(to: question, reply, bare: nil)
    }
    let answer = ChatAnswer(question, answersAs: name, hasGlyphs: options.glyphs)
    return respond(
      to: question, answer.json(),
      bare: question.topLogprobs == nil ? nil : answer.json(withLogprobs: false))
  }

  private func echo(_ body: ByteBuffer) -> Outcome {
    guard let question = EchoQuestion(Data(body.readableBytesView)) else {
      return .plain(
        Answer(
          422, error: "prompt: expected a list of tokens, with echo and logprobs",
          type: "invalid_request_error"))
    }
    let answer = EchoAnswer(
      question: question, answersAs: name, tellsText: !options.withoutEcho)
    return respond(to: question.asked, answer.json(), bare: answer.json(withLogprobs: false))
  }

  private var name: String { options.unlisted ? "base" : options.model }

  /// - Parameters:
  ///   - whole: the reply, where nothing is wrong.
  ///   - bare: without the log-probabilities that were asked for; `nil` where none were.
  private func respond(to question: ChatQuestion, _ whole: String, bare: String?) -> Outcome {
    let identity = String(question.identity, radix: 16)
    let text = question.messages.last?.content ?? ""
    journal?.write("received", identity, text)
    if let refusal = refusal(of: question) { return .plain(refusal) }
    let answer = Outcome.answer(Answer(200, json: whole), identity: identity, text: text)
    guard let fault = faults.draw(for: question.identity) else { return answer }
    if let faulty = faults.answer(fault) { return .plain(faulty) }
    switch fault {
    case .truncated: return .plain(Answer(200, json: String(whole.prefix(whole.count / 2))))
    case .noLogprobs: return bare.map { .plain(Answer(200, json: $0)) } ?? answer
    case .stall: return .broken(Answer(200, json: whole), thenClose: false)
    default: return .reset
    }
  }

  private func refusal(of question: ChatQuestion) -> Answer? {
    if question.model != options.model, !options.unlisted {
      return Answer(
        404, error: "The model \(question.model) does not exist", type: "invalid_request_error",
        code: "model_not_found")
    }
    for field in options.refuse where question.fields[field] != nil {
      return Answer(
        400, error: "Unrecognized request argument supplied: \(field)",
        type: "invalid_request_error")
    }
    if let limit = question.tokenLimit, limit < options.leastTokens {
      return Answer(
        400, error: "Invalid 'max_tokens': expected at least \(options.leastTokens), got \(limit).",
        type: "invalid_request_error")
    }
    if options.oneTemperature, (question.fields["temperature"] as? NSNumber)?.doubleValue != 1 {
      return Answer(
        400, error: "'temperature' does not support this value. Only the default (1) is supported.",
        type: "invalid_request_error", code: "unsupported_value")
    }
    if let asked = question.topLogprobs, asked > options.mostLogprobs {
      return Answer(
        400, json: #"{"error":"top_logprobs must be at most \#(options.mostLogprobs)"}"#)
    }
    guard let rate = options.rate else { return nil }
    let now = Date()
    accepted.removeAll { now.timeIntervalSince($0) >= 60 }
    if accepted.count >= rate, let first = accepted.first {
      let wait = Int((60 - now.timeIntervalSince(first)).rounded(.up))
      return Answer(
        429, error: "rate limit of \(rate) a minute", type: "requests",
        headers: [("Retry-After", "\(wait)")])
    }
    accepted.append(now)
    return nil
  }
}

extension Outcome {
  /// An answer that nobody has to remember.
  static func plain(_ answer: Answer) -> Outcome { .answer(answer, identity: nil, text: "") }
}
