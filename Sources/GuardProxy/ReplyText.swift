import Core
import Documents
import Foundation

/// Replies as OpenAI's clients read them, made anew: nothing is in them but what the guard has read.
struct ReplyText: Sendable {
  let id: String
  let model: String
  let time: Int

  init(model: String) {
    self.model = model
    id = "chatcmpl-" + UUID().uuidString.lowercased()
    time = Int(Date().timeIntervalSince1970)
  }

  private func head(_ object: String) -> [JSONObject.Member] {
    [
      .init("id", .string(id)), .init("object", .string(object)), .init("created", .integer(time)),
      .init("model", .string(model)),
    ]
  }

  func whole(_ choices: [ProxiedReply.Choice], usage: [String: Int]) -> Data {
    let own = choices.enumerated().map { index, choice in
      JSON.object(
        JSONObject([
          .init("index", .integer(index)), .init("message", message(choice, numbered: false)),
          .init("logprobs", logprobs(choice)), .init("finish_reason", .string(choice.finish)),
        ]))
    }
    return data(
      head("chat.completion") + [.init("choices", .array(own)), .init("usage", counts(usage))])
  }

  /// A whole answer in the pieces of a stream.
  func pieces(
    _ choices: [ProxiedReply.Choice], usage: [String: Int], wantsUsage: Bool
  ) -> Data {
    var text = Data()
    for (index, choice) in choices.enumerated() {
      text += piece(index, message(choice, numbered: true), logprobs: logprobs(choice))
      text += piece(index, .object(JSONObject()), finish: choice.finish)
    }
    if wantsUsage { text += self.usage(usage) }
    return text + Self.end
  }

  static let end = Data("data: [DONE]\n\n".utf8)

  func piece(
    _ index: Int, _ delta: JSON, logprobs: JSON = .null, finish: String? = nil
  ) -> Data {
    event(
      head("chat.completion.chunk") + [
        .init(
          "choices",
          .array([
            .object(
              JSONObject([
                .init("index", .integer(index)), .init("delta", delta),
                .init("logprobs", logprobs),
                .init("finish_reason", finish.map(JSON.string) ?? .null),
              ]))
          ]))
      ])
  }

  /// Text of a growing answer.
  func piece(content: String, isFirst: Bool) -> Data {
    var members: [JSONObject.Member] = [.init("content", .string(content))]
    if isFirst { members.insert(.init("role", "assistant"), at: 0) }
    return piece(0, .object(JSONObject(members)))
  }

  func usage(_ usage: [String: Int]) -> Data {
    event(
      head("chat.completion.chunk") + [
        .init("choices", .array([])), .init("usage", counts(usage)),
      ])
  }

  static func error(_ message: String, type: String, code: String) -> Data {
    Data(
      JSON.object(
        JSONObject([
          .init(
            "error",
            .object(
              JSONObject([
                .init("message", .string(message)), .init("type", .string(type)),
                .init("param", .null), .init("code", .string(code)),
              ])))
        ])
      ).text(pretty: false).utf8)
  }

  static func failure(_ message: String) -> Data {
    Data("data: ".utf8) + error(message, type: "upstream_error", code: "upstream_error")
      + Data("\n\n".utf8)
  }

  // MARK: - Parts

  private func message(_ choice: ProxiedReply.Choice, numbered: Bool) -> JSON {
    var members: [JSONObject.Member] = [
      .init("role", "assistant"), .init("content", choice.content.map(JSON.string) ?? .null),
    ]
    if let reasoning = choice.reasoning {
      members.append(.init("reasoning_content", .string(reasoning)))
    }
    if let refusal = choice.refusal { members.append(.init("refusal", .string(refusal))) }
    if !choice.toolCalls.isEmpty {
      let calls = choice.toolCalls.enumerated().map { index, call in
        JSON.object(
          JSONObject(
            (numbered ? [.init("index", .integer(index))] : []) + [
              .init("id", .string("call_\(id.suffix(12))_\(index)")), .init("type", "function"),
              .init(
                "function",
                .object(
                  JSONObject([
                    .init("name", .string(call.name)), .init("arguments", .string(call.arguments)),
                  ]))),
            ]))
      }
      members.append(.init("tool_calls", .array(calls)))
    }
    return .object(JSONObject(members))
  }

  private func logprobs(_ choice: ProxiedReply.Choice) -> JSON {
    guard !choice.logprobs.isEmpty else { return .null }
    func pair(_ token: String, _ logprob: Double) -> [JSONObject.Member] {
      [
        .init("token", .string(token)), .init("logprob", .number(logprob)),
        .init("bytes", .array(token.utf8.map { .integer(Int($0)) })),
      ]
    }
    return .object(
      JSONObject([
        .init(
          "content",
          .array(
            choice.logprobs.map { token in
              .object(
                JSONObject(
                  pair(token.token, token.logprob) + [
                    .init(
                      "top_logprobs",
                      .array(
                        token.others.map { .object(JSONObject(pair($0.token, $0.logprob))) }))
                  ]))
            }))
      ]))
  }

  private func counts(_ usage: [String: Int]) -> JSON {
    .object(
      JSONObject(
        ["prompt_tokens", "completion_tokens", "total_tokens"].map {
          .init($0, .integer(usage[$0] ?? 0))
        }))
  }

  private func data(_ members: [JSONObject.Member]) -> Data {
    Data(JSON.object(JSONObject(members)).text(pretty: false).utf8)
  }

  private func event(_ members: [JSONObject.Member]) -> Data {
    Data("data: ".utf8) + data(members) + Data("\n\n".utf8)
  }
}
