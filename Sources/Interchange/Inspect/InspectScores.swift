import Core
import Documents

/// Reads the scores of a sample.
struct InspectScores {
  private let fields: InspectFields
  private let resolve: (String) -> String

  init(_ sample: InspectFields, resolve: @escaping (String) -> String) {
    fields = sample
    self.resolve = resolve
  }

  /// Without scores that follow from others: who needs them has those.
  func scores() throws(InputError) -> [LoggedScore] {
    var scores: [LoggedScore] = []
    for member in fields.object("scores").members {
      let score = try InspectFields(
        member.value, file: fields.file, place: "\(fields.place): scores.\(member.name.onOneLine)")
      if score.object("metadata")["derived"] == true { continue }
      scores += try self.scores(member.name, score)
    }
    return scores
  }

  private func scores(_ name: String, _ score: InspectFields) throws(InputError) -> [LoggedScore] {
    var result = LoggedScore(
      metric: name, value: nil, reason: score.string("reason"),
      text: score.string("answer").map(resolve),
      explanation: score.string("explanation").map(resolve))
    result.metadata = score.object("metadata")
    if let judge = result.metadata["judge"]?.string,
      let metric = result.metadata["metric"]?.string
    {
      (result.judge, result.metric) = (judge, metric)
      result.metadata.members.removeAll { ["judge", "metric"].contains($0.name) }
    }
    if let coverage = result.metadata["coverage"]?.number {
      result.coverage = coverage
      result.metadata.members.removeAll { $0.name == "coverage" }
    }
    switch score["value"] {
    case .array(let elements):
      return try elements.enumerated().map { index, element throws(InputError) in
        try part(result, "\(index)", element, of: score)
      }
    case .object(let object):
      return try object.members.map { member throws(InputError) in
        try part(result, member.name, member.value, of: score)
      }
    default:
      result.value = try value(score["value"], of: score)
      return [result]
    }
  }

  private func part(
    _ whole: LoggedScore, _ key: String, _ json: JSON, of score: InspectFields
  ) throws(InputError) -> LoggedScore {
    var part = whole
    part.metric += "/\(key)"
    part.value = try value(json, of: score)
    return part
  }

  /// `nil` for NaN and null; true is 1.
  private func value(
    _ json: JSON?, of score: InspectFields
  ) throws(InputError) -> LoggedScore.Value? {
    switch json {
    case nil, .null: return nil
    case .integer(let value): return .number(Double(value))
    case .number(let value): return value.isNaN ? nil : .number(value)
    case .boolean(let value): return .number(value ? 1 : 0)
    case .string(let label): return .label(label)
    case .array?, .object?:
      throw score.failure(
        "value", "found \(json?.summary ?? "nothing"), expected a number or a label")
    }
  }
}
