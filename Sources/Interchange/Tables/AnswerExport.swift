import Core
import Documents
import Documents

/// Answers as CSV: `question_id,paraphrase,sample,model,system,question,answer,finish,missing,thinking` and
/// a column for each metric. `sample` counts from 1; `missing` says why there is no answer. A field without
/// a value is empty, never 0.
package struct AnswerCSV: Sendable {
  /// The columns before those of metrics.
  package static let columns = [
    "question_id", "paraphrase", "sample", "model", "system", "question", "answer", "finish",
    "missing", "thinking",
  ]

  package let metrics: [String]
  /// Whose scores; `nil` for the first that is there.
  package let judge: String?

  package init(metrics: [String], judge: String? = nil) {
    self.metrics = metrics
    self.judge = judge
  }

  /// The first line, with its line feed.
  package var header: String { CSVText.line(Self.columns + metrics) }

  /// An answer's line, with its line feed. `question` is what the user said last.
  package func line(_ answer: LoggedAnswer, model: String) -> String {
    let fields = [
      answer.question, answer.paraphrase.map(String.init) ?? "", String(answer.epoch), model,
      answer.prompt.first { $0.role == .system }?.content ?? "",
      answer.prompt.last { $0.role == .user }?.content ?? "", answer.answer ?? "",
      answer.finish.rawValue, answer.missingReason?.description ?? "", answer.thinking ?? "",
    ]
    return CSVText.line(fields + metrics.map { text(answer.score($0, by: judge)?.value) })
  }

  private func text(_ value: LoggedScore.Value?) -> String {
    switch value {
    case nil: ""
    case .number(let number): JSON.number(number).text(pretty: false, nonFinite: .literals)
    case .label(let label): label
    }
  }
}

/// Chat JSONL, `{"messages":[{"role","content"}]}`, the answer as the assistant's last turn.
package enum ChatExport {
  /// The answer's line, with its line feed; `nil` if there is no answer.
  package static func line(_ answer: LoggedAnswer) -> String? {
    guard let text = answer.answer, answer.missingReason == nil else { return nil }
    let messages = answer.prompt + [LoggedMessage(role: .assistant, content: text)]
    let json: JSON = [
      "messages": .array(
        messages.map {
          ["role": .string($0.role.rawValue), "content": .string($0.content)]
        })
    ]
    return json.text(pretty: false) + "\n"
  }
}

/// JSONL that Inspect's `precomputed_scores` scorer takes scores from: `{"id","value","epoch",…}`
/// for one metric, with the ids that `InspectLogWriter` gives to the same answers in their order.
///
/// An answer without a score has the value NaN, which Inspect leaves out, and the reason as its
/// explanation; one that was never judged has no line. The file's name must end in `.jsonl`.
///
/// Format: inspect_ai 0.3.285, `inspect_ai/scorer/_precomputed.py`.
package struct PrecomputedScores {
  package let metric: String
  /// Whose scores; `nil` for the first that is there.
  package let judge: String?
  private var ids = InspectSampleIDs()

  package init(metric: String, judge: String? = nil) {
    self.metric = metric
    self.judge = judge
  }

  /// The answer's line, with its line feed; `nil` if nobody judged it.
  package mutating func line(_ answer: LoggedAnswer) -> String? {
    let id = ids.id(question: answer.question, paraphrase: answer.paraphrase)
    guard let score = answer.score(metric, by: judge) else { return nil }
    let value: JSON =
      switch score.value {
      case .number(let number): .number(number)
      case .label(let label): .string(label)
      case nil: .number(.nan)
      }
    var record: JSONObject = [
      "id": .string(id), "value": value, "epoch": .integer(answer.epoch),
    ]
    record.add("answer", score.text)
    record.add("explanation", score.value == nil ? score.reason : score.explanation)
    var metadata = score.metadata
    metadata.add("judge", score.judge)
    if let coverage = score.coverage { metadata.add("coverage", .number(coverage)) }
    if !metadata.members.isEmpty { record.add("metadata", .object(metadata)) }
    return JSON.object(record).text(pretty: false, nonFinite: .literals) + "\n"
  }
}
