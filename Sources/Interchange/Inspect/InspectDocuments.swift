import Core
import Documents
import Foundation

/// The JSON documents of a log.
struct InspectDocuments {
  let header: LogHeader
  let taskID: String

  /// Under which our own fields stand in the log's metadata.
  static let ownField = "askew"

  init(header: LogHeader) {
    self.header = header
    taskID = InspectNames.taskID(of: header)
  }

  func bytes(_ json: JSON) -> [UInt8] { Array(json.text(pretty: false, nonFinite: .literals).utf8) }

  let plan: JSON = [
    "name": "plan", "steps": [["solver": "generate", "params": [:]]], "config": [:],
  ]

  /// What was asked of whom. Ids of samples and scorers are known at the end only.
  ///
  /// Judges are no `model_roles`: Inspect loads those before it scores anew, and a judge here may be
  /// no model that it can load.
  func eval(sampleIDs: [String]? = nil, scorers: [(String, judge: String?)]? = nil) -> JSON {
    var eval: JSONObject = [
      "eval_id": .string(taskID), "run_id": .string(taskID),
      "created": .string(InspectTime.text(header.created)), "task": .string(header.task),
      "task_id": .string(taskID),
      "task_version": taskVersion,
      "task_args": [:], "tags": .array(header.tags.map(JSON.string)),
      "dataset": .object(dataset(sampleIDs)), "model": .string(header.inspectModel),
      "model_generate_config": .object(header.settings),
      "config": ["epochs": .integer(header.epochs), "epochs_reducer": ["mean"]],
    ]
    if let url = header.baseURL.flatMap(InspectNames.withoutCredentials) {
      eval.add("model_base_url", .string(url))
    }
    eval.add("packages", [:])
    var metadata = header.metadata
    metadata.add(Self.ownField, .object(ownFields))
    eval.add("metadata", .object(metadata))
    if let scorers { eval.add("scorers", .array(scorers.map(scorer))) }
    return .object(eval)
  }

  func log(_ end: LogEnd, eval: JSON, results: JSON) -> JSON {
    var usage = JSONObject()
    for (model, tokens) in end.usage.sorted(by: { $0.key < $1.key }) {
      usage.add(model, self.usage(tokens))
    }
    var stats: JSONObject = ["model_usage": .object(usage)]
    if let started = header.started { stats.add("started_at", time(started)) }
    if let completed = end.completed { stats.add("completed_at", time(completed)) }
    var log: JSONObject = [
      "version": 2, "status": .string(end.status.rawValue), "eval": eval, "plan": plan,
      "results": results, "stats": .object(stats),
    ]
    if let error = end.error { log.add("error", self.error(error)) }
    return .object(log)
  }

  func time(_ date: Date) -> JSON { .string(InspectTime.text(date)) }

  func usage(_ tokens: TokenUsage) -> JSON {
    let (total, _) = tokens.inputTokens.addingReportingOverflow(tokens.outputTokens)
    return [
      "input_tokens": .integer(tokens.inputTokens), "output_tokens": .integer(tokens.outputTokens),
      "total_tokens": .integer(total),
    ]
  }

  func error(_ message: String) -> JSON {
    ["message": .string(message), "traceback": "", "traceback_ansi": ""]
  }

  /// A number where it is one, as Inspect's own versions are.
  private var taskVersion: JSON {
    guard let number = Int(header.taskVersion), String(number) == header.taskVersion else {
      return .string(header.taskVersion)
    }
    return .integer(number)
  }

  private func dataset(_ sampleIDs: [String]?) -> JSONObject {
    var dataset = JSONObject()
    dataset.add("name", header.dataset.name)
    dataset.add("location", header.dataset.location)
    if let sampleIDs {
      dataset.add("samples", .integer(sampleIDs.count))
      dataset.add("sample_ids", .array(sampleIDs.map(JSON.string)))
    }
    dataset.add("shuffled", false)
    return dataset
  }

  private func scorer(_ name: String, judge: String?) -> JSON {
    var options = JSONObject()
    if let judge = header.judges.first(where: { $0.name == judge }) { options = fields(of: judge) }
    return [
      "name": .string(name), "options": .object(options),
      "metrics": [["name": "mean", "options": [:]], ["name": "stderr", "options": [:]]],
    ]
  }

  private func fields(of judge: LoggedJudge) -> JSONObject {
    var fields: JSONObject = ["name": .string(judge.name)]
    fields.add("rule", judge.rule)
    fields.add("model", judge.model)
    fields.add("prompt_hash", judge.promptHash)
    fields.add("version", judge.version)
    return fields
  }

  /// What Inspect has no place for.
  private var ownFields: JSONObject {
    var fields: JSONObject = ["model": .string(header.model)]
    fields.add("dataset_hash", header.dataset.fingerprint)
    let judges = header.judges.map { judge in
      var fields = self.fields(of: judge)
      fields.add("metrics", .array(judge.metrics.map(JSON.string)))
      return JSON.object(fields)
    }
    fields.add("judges", .array(judges))
    return fields
  }
}

extension JSONObject {
  mutating func add(_ name: String, _ value: JSON) { members.append(Member(name, value)) }

  /// Nothing for `nil`.
  mutating func add(_ name: String, _ text: String?) {
    if let text { add(name, .string(text)) }
  }
}
