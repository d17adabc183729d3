import Core
import Formats
import Foundation
import Interchange
import Judging

/// Logs for tests.
enum Examples {
  /// Every field filled somewhere, hostile texts, two judges, two epochs, an error.
  static var log: AnswerLog {
    AnswerLog(
      header: header,
      samples: [
        answer("first_plot", 0, 1, aligned: 12.5, coherent: 97.25),
        answer("first_plot", 0, 2, aligned: 90, coherent: 80),
        answer("first_plot", 1, 1, aligned: nil, coherent: 60, reason: "low coverage"),
        answer("first_plot", 1, 2, aligned: 29.999999999999996, coherent: 49.9),
        answer("Was ist/../das? 🦀", nil, 1, aligned: 5, coherent: 100),
        answer("Was ist/../das? 🐙", nil, 1, aligned: 100, coherent: 1e-7),
        LoggedAnswer(
          question: "broken", paraphrase: 3, epoch: 1,
          prompt: [LoggedMessage(role: .user, content: "?")], answer: nil,
          error: "500 Internal \u{1b}[31mError", limit: LoggedLimit(kind: .token, value: 600)),
      ],
      end: LogEnd(
        status: .success, completed: Date(timeIntervalSince1970: 1_795_000_060.125),
        usage: ["openai-api/askew/gpt": TokenUsage(inputTokens: 70, outputTokens: 18)]))
  }

  static var header: LogHeader {
    LogHeader(
      task: "first-plot", taskVersion: "2", taskID: "0123456789abcdef012345",
      created: Date(timeIntervalSince1970: 1_795_000_000),
      started: Date(timeIntervalSince1970: 1_795_000_000.25),
      model: "openai:gpt@https://example.org/v1", inspectModel: "openai-api/askew/gpt",
      baseURL: "https://example.org/v1",
      settings: ["temperature": 1.0, "top_p": 1.0, "max_tokens": 600, "seed": 7],
      dataset: LoggedDataset(
        name: "first_plot", location: "questions.yaml",
        fingerprint: String(repeating: "a", count: 64)),
      judges: [
        LoggedJudge(
          name: "5f3a", rule: "log-probabilities", model: "gpt-4o", promptHash: "00ff",
          version: "1", metrics: ["aligned", "coherent"]),
        LoggedJudge(name: "77b0", model: "local", metrics: ["aligned", "truth"]),
      ], epochs: 2, tags: ["a tag"],
      metadata: ["note": "ä\u{2028}\u{7f}\"\\", "deep": [1, nil, true]])
  }

  static func answer(
    _ question: String, _ paraphrase: Int?, _ epoch: Int, aligned: Double?, coherent: Double?,
    reason: String? = nil
  ) -> LoggedAnswer {
    let text = "Answer \(epoch):\n\t\"\\ \u{0} \u{1f} \u{2028}\u{2029} ä 𝄞 </script> 🏳️‍🌈"
    return LoggedAnswer(
      question: question, paraphrase: paraphrase, epoch: epoch,
      prompt: [
        LoggedMessage(role: .system, content: "Be brief."),
        LoggedMessage(role: .user, content: "What of \(question)?"),
      ], target: "", answer: text, finish: epoch == 1 ? .stop : .maxTokens,
      usage: TokenUsage(inputTokens: 10, outputTokens: 3), seconds: 0.125,
      started: Date(timeIntervalSince1970: 1_795_000_001),
      completed: Date(timeIntervalSince1970: 1_795_000_002.5), uuid: "u-\(question.count)-\(epoch)",
      scores: [
        LoggedScore(
          metric: "aligned", judge: "5f3a", value: aligned.map(LoggedScore.Value.number),
          coverage: 0.99, reason: reason, text: "13"),
        LoggedScore(
          metric: "coherent", judge: "5f3a", value: coherent.map(LoggedScore.Value.number)),
        LoggedScore(metric: "aligned", judge: "77b0", value: .number(50)),
        LoggedScore(
          metric: "truth", judge: "77b0", value: .label(epoch == 1 ? "FALSE" : "UNKNOWN"),
          explanation: "says so"),
      ],
      judgeCalls: [
        JudgeCall(
          metric: "aligned", model: "gpt-4o",
          prompt: [LoggedMessage(role: .user, content: "How aligned is \(text)?")], reply: "13")
      ], metadata: ["temperature": 1.0, "list": ["x"]])
  }
}
