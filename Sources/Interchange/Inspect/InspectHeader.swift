import Core
import Documents
import Foundation

/// Reads what a log says of itself.
enum InspectHeader {
  static func header(_ log: InspectFields) throws(InputError) -> LogHeader {
    let evaluation = try InspectFields(
      log["eval"] ?? .null, file: log.file, place: "\(log.place): eval")
    var metadata = evaluation.object("metadata")
    let own = evaluation.fields("metadata").fields(InspectDocuments.ownField)
    metadata.members.removeAll { $0.name == InspectDocuments.ownField }
    let model = try evaluation.required("model", evaluation.string("model"), "a string")
    let dataset = evaluation.fields("dataset")
    let version = evaluation.integer("task_version").map(String.init)
    return LogHeader(
      task: try evaluation.required("task", evaluation.string("task"), "a string"),
      taskVersion: version ?? evaluation.string("task_version") ?? "0",
      taskID: evaluation.string("task_id"),
      created: try evaluation.required(
        "created", evaluation.date("created"), "a date such as 2026-11-21T10:00:00+00:00"),
      started: log.fields("stats").date("started_at"), model: own.string("model") ?? model,
      inspectModel: model, baseURL: evaluation.string("model_base_url"),
      settings: settings(evaluation, plan: log.fields("plan")),
      dataset: LoggedDataset(
        name: dataset.string("name"), location: dataset.string("location"),
        fingerprint: own.string("dataset_hash")),
      judges: judges(own),
      epochs: evaluation.fields("config").integer("epochs") ?? 1,
      tags: evaluation.array("tags").compactMap(\.string), metadata: metadata)
  }

  static func end(_ log: InspectFields) -> LogEnd {
    let stats = log.fields("stats")
    var usage: [String: TokenUsage] = [:]
    for member in stats.object("model_usage").members {
      usage[member.name] = TokenUsage(inspect: member.value)
    }
    let status = log.string("status").flatMap(LogEnd.Status.init) ?? .started
    return LogEnd(
      status: status, completed: stats.date("completed_at"), usage: usage,
      error: log.has("error") ? log.fields("error").string("message") ?? "" : nil)
  }

  /// What was set for the model, and over it what was set for the task.
  private static func settings(_ evaluation: InspectFields, plan: InspectFields) -> JSONObject {
    let forTask = plan.object("config").withoutNulls
    var settings = evaluation.object("model_generate_config").withoutNulls
    settings.members.removeAll { forTask[$0.name] != nil }
    settings.members += forTask.members
    return settings
  }

  /// The judges that we wrote. A log from elsewhere has scorers, which are no judges of ours: rule
  /// and prompt are not known.
  private static func judges(_ own: InspectFields) -> [LoggedJudge] {
    own.array("judges").compactMap { json in
      guard let fields = try? InspectFields(json, file: own.file, place: own.place),
        let name = fields.string("name")
      else { return nil }
      return LoggedJudge(
        name: name, rule: fields.string("rule"), model: fields.string("model"),
        promptHash: fields.string("prompt_hash"), version: fields.string("version"),
        metrics: fields.array("metrics").compactMap(\.string))
    }
  }
}

extension TokenUsage {
  /// `nil` unless both counts are there.
  init?(inspect json: JSON) {
    guard let object = json.object, case .integer(let input) = object["input_tokens"],
      case .integer(let output) = object["output_tokens"]
    else { return nil }
    self.init(inputTokens: input, outputTokens: output)
  }
}

extension JSONObject {
  /// Without members that say nothing.
  var withoutNulls: JSONObject { JSONObject(members.filter { $0.value != .null }) }
}
