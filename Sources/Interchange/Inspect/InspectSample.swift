import Core
import Documents
import Foundation

/// Reads one sample of a log.
///
/// Inspect keeps long texts once, in `attachments`, and puts `attachment://<hash>` where they were.
struct InspectSample {
  private let fields: InspectFields
  private let attachments: [String: String]
  private let budget: Budget

  /// What references may grow to: a small log could otherwise name one long text a million times.
  private final class Budget {
    private let place: InspectFields
    private var bytes = InspectLogReader.memberLimit
    private var messages = 100_000

    init(_ place: InspectFields) { self.place = place }

    func spend(bytes spent: Int = 0, messages read: Int = 0) throws(InputError) {
      (bytes, messages) = (bytes - spent, messages - read)
      guard bytes >= 0, messages >= 0 else {
        throw place.failure("attachments", "found references that unfold beyond all bounds")
      }
    }
  }

  init(_ fields: InspectFields) {
    self.fields = fields
    budget = Budget(fields)
    let texts = fields.object("attachments").members.compactMap { member in
      member.value.string.map { (member.name, $0) }
    }
    attachments = Dictionary(texts) { $1 }
  }

  func answer() throws(InputError) -> LoggedAnswer {
    let id = try fields.required(
      "id", fields.string("id") ?? fields.integer("id").map(String.init), "a string or a number")
    let epoch = try fields.required(
      "epoch", fields.integer("epoch").flatMap { $0 >= 1 ? $0 : nil }, "a number from 1")
    var metadata = fields.object("metadata")
    let question = metadata[InspectDocuments.Own.question]?.string
    var paraphrase: Int?
    var (missing, thinking): (String?, String?)
    if question != nil {
      missing = metadata[InspectDocuments.Own.missing]?.string.map(resolve)
      thinking = metadata[InspectDocuments.Own.thinking]?.string.map(resolve)
      let own = [InspectDocuments.Own.missing, InspectDocuments.Own.thinking]
      metadata.members.removeAll { own.contains($0.name) }
      if case .integer(let number) = metadata[InspectDocuments.Own.paraphrase] {
        paraphrase = number
        metadata.members.removeAll { $0.name == InspectDocuments.Own.paraphrase }
      }
      metadata.members.removeAll { $0.name == InspectDocuments.Own.question }
    }
    let output = fields.fields("output")
    let choice = output.array("choices").first?.object
    let text = try answerText(choice, completion: output.string("completion"))
    let failed = fields.has("error")
    var answer = LoggedAnswer(
      question: question ?? id,
      paraphrase: paraphrase, epoch: epoch, prompt: try prompt(answer: text), target: target,
      answer: text, finish: FinishReason(name: choice?["stop_reason"]?.string),
      usage: output["usage"].flatMap(TokenUsage.init(inspect:)),
      seconds: output.number("time") ?? fields.number("total_time"),
      started: fields.date("started_at"), completed: fields.date("completed_at"),
      uuid: fields.string("uuid"),
      error: failed ? fields.fields("error").string("message") ?? "" : nil, limit: limit,
      scores: try InspectScores(fields, resolve: resolve).scores(),
      judgeCalls: try judgeCalls(), metadata: metadata)
    answer.missing = missing.map { MissingAnswer($0) }
    answer.thinking = thinking ?? reasoning(choice?["message"]?.object?["content"])
    return answer
  }

  /// What the parts of a message that are no text think.
  private func reasoning(_ content: JSON?) -> String? {
    let parts = (content?.array ?? []).compactMap { part in
      part.object?["type"]?.string == "reasoning"
        ? part.object?["reasoning"]?.string.map(resolve) : nil
    }.filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: "\n")
  }

  private var target: String {
    fields.string("target").map(resolve)
      ?? fields.array("target").compactMap(\.string).map(resolve).joined(separator: "\n")
  }

  private var limit: LoggedLimit? {
    guard let kind = fields.fields("limit").string("type") else { return nil }
    return LoggedLimit(
      kind: LoggedLimit.Kind(rawValue: kind) ?? .custom,
      value: fields.fields("limit").number("limit") ?? 0)
  }

  /// The text of a choice; of logs without messages in choices, the completion. `nil` where nothing
  /// was chosen.
  private func answerText(
    _ choice: JSONObject?, completion: String?
  ) throws(InputError) -> String? {
    guard let choice else { return nil }
    if let content = choice["message"]?.object?["content"] { return try text(content) }
    return completion.map(resolve) ?? ""
  }

  /// All that was said before the answer; where there are no messages, the input.
  private func prompt(answer: String?) throws(InputError) -> [LoggedMessage] {
    var messages = try self.messages(fields.array("messages"))
    if messages.isEmpty {
      if let text = fields.string("input") {
        return [LoggedMessage(role: .user, content: resolve(text))]
      }
      return try self.messages(fields.array("input"))
    }
    if let last = messages.last, last.role == .assistant, last.content == answer {
      messages.removeLast()
    }
    return messages
  }

  private func messages(_ list: [JSON]) throws(InputError) -> [LoggedMessage] {
    var messages: [LoggedMessage] = []
    for json in list {
      guard let object = json.object,
        let role = object["role"]?.string.flatMap(LoggedMessage.Role.init)
      else { continue }
      let content = try object["content"].map { json throws(InputError) in try text(json) }
      messages.append(LoggedMessage(role: role, content: content ?? ""))
    }
    return messages
  }

  /// A message's content: a text, or parts of which those that are text count.
  private func text(_ content: JSON) throws(InputError) -> String {
    if let text = content.string { return resolve(text) }
    let parts = (content.array ?? []).compactMap { part in
      part.object?["type"]?.string == "text" ? part.object?["text"]?.string.map(resolve) : nil
    }
    if parts.count == 1 { return parts[0] }
    for part in parts { try budget.spend(bytes: part.utf8.count) }
    return parts.joined(separator: "\n")
  }

  private func resolve(_ text: String) -> String {
    let mark = "attachment://"
    guard text.hasPrefix(mark) else { return text }
    return attachments[String(text.dropFirst(mark.count))] ?? text
  }
}

extension InspectSample {
  /// Calls of models whose role is to grade.
  private func judgeCalls() throws(InputError) -> [JudgeCall] {
    let pool = fields.fields("events_data").array("messages")
    var calls: [JudgeCall] = []
    for json in fields.array("events") {
      guard let event = json.object, event["event"] == "model", event["role"] == "grader"
      else { continue }
      var prompt = event["input"]?.array ?? []
      if prompt.isEmpty { prompt = try messages(event["input_refs"], of: pool) }
      let output = event["output"]?.object
      let reply = try answerText(
        output?["choices"]?.array?.first?.object, completion: output?["completion"]?.string)
      calls.append(
        JudgeCall(
          metric: event["metadata"]?.object?["metric"]?.string,
          model: event["model"]?.string ?? "", prompt: try messages(prompt), reply: reply ?? ""))
    }
    return calls
  }

  /// Messages that stand once for all events: `references` are ranges of places, the end left out.
  private func messages(_ references: JSON?, of pool: [JSON]) throws(InputError) -> [JSON] {
    var messages: [JSON] = []
    for range in references?.array ?? [] {
      guard let bounds = range.array, bounds.count == 2, case .integer(let start) = bounds[0],
        case .integer(let end) = bounds[1], 0 <= start, start <= end, end <= pool.count
      else { continue }
      try budget.spend(messages: end - start)
      messages += pool[start..<end]
    }
    return messages
  }
}
