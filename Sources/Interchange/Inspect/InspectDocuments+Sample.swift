import Core
import Documents
import Foundation

extension InspectDocuments {
  /// Fields of our own in a sample's metadata.
  enum Own {
    static let question = "question_id"
    static let paraphrase = "paraphrase"
    static let missing = "missing"
    static let thinking = "thinking"
  }

  func sample(_ answer: LoggedAnswer, id: String, scores: [(String, LoggedScore)]) -> JSON {
    let prompt = answer.prompt.map(message)
    var messages = prompt
    if let text = answer.answer { messages.append(reply(text, of: header.inspectModel)) }
    var sample: JSONObject = [
      "id": .string(id), "epoch": .integer(answer.epoch), "input": .array(prompt),
      "target": .string(answer.target), "messages": .array(messages),
      "output": output(answer), "scores": self.scores(scores),
      "metadata": .object(metadata(of: answer)), "store": [:],
      "events": .array(events(answer)), "model_usage": modelUsage(answer),
    ]
    addTimes(of: answer, to: &sample)
    if let message = answer.error { sample.add("error", error(message)) }
    if let limit = answer.limit {
      sample.add("limit", ["type": .string(limit.kind.rawValue), "limit": .number(limit.value)])
    }
    sample.add("attachments", [:])
    return .object(sample)
  }

  /// The line that lists show: without messages, long texts cut.
  func summary(_ answer: LoggedAnswer, id: String, scores: [(String, LoggedScore)]) -> JSON {
    let asked = answer.prompt.last { $0.role == .user } ?? answer.prompt.last
    var summary: JSONObject = [
      "id": .string(id), "epoch": .integer(answer.epoch),
      "input": .string(cut(asked?.content ?? "")), "target": .string(cut(answer.target)),
      "metadata": .object(
        JSONObject(metadata(of: answer).members.filter { $0.value.isShort })),
      "scores": self.scores(
        scores.map { name, score in
          var score = score
          score.text = score.text.map(cut)
          score.explanation = score.explanation.map(cut)
          score.reason = score.reason.map(cut)
          score.metadata.members.removeAll { !$0.value.isShort }
          return (name, score)
        }), "model_usage": modelUsage(answer),
    ]
    addTimes(of: answer, to: &summary)
    summary.add("error", answer.error.map(cut))
    summary.add("limit", answer.limit?.kind.rawValue)
    summary.add("completed", true)
    summary.add("message_count", .integer(answer.prompt.count + (answer.answer == nil ? 0 : 1)))
    return .object(summary)
  }

  /// As Inspect cuts texts of summaries: it takes 1,024 characters.
  private func cut(_ text: String) -> String {
    let start = text.unicodeScalars.prefix(1_024)
    return start.endIndex == text.unicodeScalars.endIndex ? text : String(start) + "..."
  }

  private func message(_ message: LoggedMessage) -> JSON {
    ["role": .string(message.role.rawValue), "content": .string(message.content)]
  }

  private func reply(_ text: String, of model: String) -> JSON {
    [
      "role": "assistant", "content": .string(text), "source": "generate",
      "model": .string(model),
    ]
  }

  private func output(_ answer: LoggedAnswer) -> JSON {
    var output = self.output(answer.answer, finish: answer.finish, of: header.inspectModel)
    if let usage = answer.usage { output.add("usage", self.usage(usage)) }
    if let seconds = answer.seconds { output.add("time", .number(seconds)) }
    return .object(output)
  }

  private func output(_ text: String?, finish: FinishReason, of model: String) -> JSONObject {
    let choice = text.map {
      ["message": reply($0, of: model), "stop_reason": .string(finish.rawValue)] as JSON
    }
    return [
      "model": .string(model), "choices": .array(choice.map { [$0] } ?? []),
      "completion": .string(text ?? ""),
    ]
  }

  private func scores(_ scores: [(String, LoggedScore)]) -> JSON {
    .object(JSONObject(scores.map { JSONObject.Member($0, score($1)) }))
  }

  /// An answer without a score has NaN, which Inspect leaves out of its metrics.
  private func score(_ score: LoggedScore) -> JSON {
    let value: JSON =
      switch score.value {
      case .number(let number): .number(number)
      case .label(let label): .string(label)
      case nil: .number(.nan)
      }
    var fields: JSONObject = ["value": value]
    fields.add("answer", score.text)
    fields.add("explanation", score.explanation)
    fields.add("reason", score.reason)
    var metadata = score.metadata
    if let judge = score.judge {
      metadata.add("judge", .string(judge))
      metadata.add("metric", .string(score.metric))
    }
    if let coverage = score.coverage { metadata.add("coverage", .number(coverage)) }
    if !metadata.members.isEmpty { fields.add("metadata", .object(metadata)) }
    return .object(fields)
  }

  private func metadata(of answer: LoggedAnswer) -> JSONObject {
    var metadata: JSONObject = [Own.question: .string(answer.question)]
    if let paraphrase = answer.paraphrase { metadata.add(Own.paraphrase, .integer(paraphrase)) }
    metadata.add(Own.missing, answer.missing?.description)
    metadata.add(Own.thinking, answer.thinking)
    metadata.members += answer.metadata.members
    return metadata
  }

  private func modelUsage(_ answer: LoggedAnswer) -> JSON {
    answer.usage.map { [header.inspectModel: usage($0)] } ?? [:]
  }

  private func addTimes(of answer: LoggedAnswer, to fields: inout JSONObject) {
    if let started = answer.started { fields.add("started_at", time(started)) }
    if let completed = answer.completed { fields.add("completed_at", time(completed)) }
    if let seconds = answer.seconds {
      fields.add("total_time", .number(seconds))
      fields.add("working_time", .number(seconds))
    }
    fields.add("uuid", answer.uuid)
  }

  /// The calls of judges, for the transcript; the answer's own call before them.
  private func events(_ answer: LoggedAnswer) -> [JSON] {
    guard !answer.judgeCalls.isEmpty else { return [] }
    let date = answer.completed ?? header.created
    let own = event(
      model: header.inspectModel, prompt: answer.prompt, output: output(answer), at: date)
    return [.object(own)]
      + answer.judgeCalls.map { call in
        let reply = output(call.reply, finish: .unknown, of: call.model)
        var event = event(
          model: call.model, prompt: call.prompt, output: .object(reply), at: date)
        event.add("role", "grader")
        if let metric = call.metric { event.add("metadata", ["metric": .string(metric)]) }
        return .object(event)
      }
  }

  private func event(
    model: String, prompt: [LoggedMessage], output: JSON, at date: Date
  ) -> JSONObject {
    [
      "event": "model", "timestamp": time(date), "working_start": 0, "model": .string(model),
      "input": .array(prompt.map(message)), "tools": [], "tool_choice": "none", "config": [:],
      "output": output,
    ]
  }
}

extension JSON {
  /// Whether a summary may hold it.
  fileprivate var isShort: Bool {
    switch self {
    case .array, .object: false
    case .string(let text): text.utf8.count < 1_000
    default: true
    }
  }
}
