import Core
import Documents
import Foundation

/// Answers of one model to one set of questions with what judges said of them: what a log of
/// another tool holds, in no tool's own format.
package struct AnswerLog: Sendable, Hashable {
  package var header: LogHeader
  package var samples: [LoggedAnswer]
  package var end: LogEnd

  package init(header: LogHeader, samples: [LoggedAnswer], end: LogEnd) {
    self.header = header
    self.samples = samples
    self.end = end
  }
}

/// What is known of a log before its first answer.
package struct LogHeader: Sendable, Hashable {
  /// The name of the set of questions.
  package var task: String
  package var taskVersion: String
  /// Names this run among others of the task; `nil` in a new log: the writer makes one from
  /// task, model, dataset and `created`.
  package var taskID: String?
  package var created: Date
  package var started: Date?
  /// The model's name as it is written here, such as `openai:gpt@https://…` or `dir:…`.
  package var model: String
  /// The model's name as Inspect writes it, `provider/name`; see `inspectName(of:provider:)`.
  package var inspectModel: String
  /// Where the model was asked. Credentials and query are left out when it is written.
  package var baseURL: String?
  /// Sampling, under Inspect's names: `temperature`, `top_p`, `top_k`, `max_tokens`, `seed`, …
  package var settings: JSONObject
  package var dataset: LoggedDataset
  package var judges: [LoggedJudge]
  /// How often each wording was asked.
  package var epochs: Int
  package var tags: [String]
  package var metadata: JSONObject

  package init(
    task: String, taskVersion: String = "0", taskID: String? = nil, created: Date,
    started: Date? = nil, model: String, inspectModel: String? = nil, baseURL: String? = nil,
    settings: JSONObject = JSONObject(), dataset: LoggedDataset = LoggedDataset(),
    judges: [LoggedJudge] = [], epochs: Int = 1, tags: [String] = [],
    metadata: JSONObject = JSONObject()
  ) {
    self.task = task
    self.taskVersion = taskVersion
    self.taskID = taskID
    self.created = created
    self.started = started
    self.model = model
    self.inspectModel = inspectModel ?? model
    self.baseURL = baseURL
    self.settings = settings
    self.dataset = dataset
    self.judges = judges
    self.epochs = epochs
    self.tags = tags
    self.metadata = metadata
  }

  /// `openai-api/<provider>/<name>`: with it Inspect asks the server again that
  /// `<PROVIDER>_BASE_URL` names, with the key in `<PROVIDER>_API_KEY`.
  package static func inspectName(of name: String, provider: String = "askew") -> String {
    "openai-api/\(provider)/\(name)"
  }
}

/// The questions that were asked.
package struct LoggedDataset: Sendable, Hashable {
  package var name: String?
  /// Path or address.
  package var location: String?
  /// SHA-256 of the file, in hexadecimal.
  package var fingerprint: String?

  package init(name: String? = nil, location: String? = nil, fingerprint: String? = nil) {
    self.name = name
    self.location = location
    self.fingerprint = fingerprint
  }
}

/// Who gave scores, and by which rule.
package struct LoggedJudge: Sendable, Hashable {
  /// Unique in the log, such as the start of the judge's fingerprint.
  package var name: String
  package var rule: String?
  package var model: String?
  /// SHA-256 of the prompts, in hexadecimal.
  package var promptHash: String?
  package var version: String?
  /// What it measures, such as `aligned`.
  package var metrics: [String]

  package init(
    name: String, rule: String? = nil, model: String? = nil, promptHash: String? = nil,
    version: String? = nil, metrics: [String]
  ) {
    self.name = name
    self.rule = rule
    self.model = model
    self.promptHash = promptHash
    self.version = version
    self.metrics = metrics
  }
}

/// What is known of a log after its last answer.
package struct LogEnd: Sendable, Hashable {
  package enum Status: String, Sendable, Hashable, CaseIterable {
    /// Unfinished.
    case started
    case success, cancelled, error
  }

  package var status: Status
  package var completed: Date?
  /// Tokens by the names of models.
  package var usage: [String: TokenUsage]
  /// What ended it, if `status` is `error`.
  package var error: String?

  package init(
    status: Status = .success, completed: Date? = nil, usage: [String: TokenUsage] = [:],
    error: String? = nil
  ) {
    self.status = status
    self.completed = completed
    self.usage = usage
    self.error = error
  }
}

/// Tokens read and written by a model.
package struct TokenUsage: Sendable, Hashable {
  package var inputTokens: Int
  package var outputTokens: Int

  package init(inputTokens: Int, outputTokens: Int) {
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }
}
