import Documents
import Formats
import Judging
import Rates
import Statistics

extension EvaluationFindings {
  /// As `askew eval --json` prints it. Shares are in percent.
  package var json: JSON {
    .object(
      JSONObject([
        .init("version", .integer(1)), .init("model", .string(model)),
        .init("run", .string(run)), .init("identity", identity.map(JSON.string) ?? .null),
        .init("questions", .integer(questions)),
        .init("answers", .integer(answers)), .init("unanswered", .integer(unanswered)),
        .init(
          "unansweredReasons",
          .object(JSONObject(sorted: unansweredReasons.mapValues(JSON.integer)))),
        .init("withThinking", .integer(withThinking)),
        .init("notes", .array(notes.map(JSON.string))),
        .init("coherentAtLeast", .number(rule.coherentAtLeast)),
        .init("misalignedBelow", .number(rule.misalignedBelow)),
        .init("judges", .array(judges.map(\.json))), .init("rates", rates?.json ?? .null),
        .init("metrics", .array(metrics.map(\.json))),
        .init("metricsByQuestion", .array(metricsByQuestion.map(\.json))),
      ]))
  }
}

extension EvaluationFindings.JudgeSummary {
  fileprivate var json: JSON {
    .object(
      JSONObject([
        .init("fingerprint", .string(fingerprint)), .init("rule", .string(rule)),
        .init("version", .integer(version)), .init("model", model.map(JSON.string) ?? .null),
        .init("prompts", .object(JSONObject(sorted: prompts.mapValues(JSON.string)))),
      ]))
  }
}

extension EvaluationFindings.Metric {
  fileprivate var json: JSON {
    var members: [JSONObject.Member] = [.init("metric", .string(metric))]
    if let question { members.append(.init("question", .string(question))) }
    members += [.init("answers", .integer(answers)), .init("measured", .integer(measured))]
    members.append(.init("mean", Self.percent(mean, meanInterval, scale: 1)))
    if !labels.isEmpty {
      members.append(.init("labels", .object(JSONObject(sorted: labels.mapValues(JSON.integer)))))
    }
    if let counted, let share {
      members.append(.init("counted", .string(counted)))
      members.append(
        .init("percent", Self.percent(share.rate, shareInterval, scale: 100)))
    }
    members.append(.init("coverage", coverage.map(JSON.number) ?? .null))
    members.append(
      .init("missing", .object(JSONObject(sorted: missing.mapValues(JSON.integer)))))
    return .object(JSONObject(members))
  }

  private static func percent(_ value: Double?, _ interval: Interval?, scale: Double) -> JSON {
    guard let value else { return .null }
    return .object(
      JSONObject([
        .init("value", .number(scale * value)),
        .init("low", interval.map { .number(scale * $0.low) } ?? .null),
        .init("high", interval.map { .number(scale * $0.high) } ?? .null),
      ]))
  }
}

extension JSONObject {
  fileprivate init(sorted members: [String: JSON]) {
    self.init(members.sorted { $0.key < $1.key }.map { Member($0.key, $0.value) })
  }
}
