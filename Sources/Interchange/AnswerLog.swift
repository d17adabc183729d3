import Core
import Documents
import Foundation

/// Answers of one model to one set of questions with what judges said of them: what a log of
/// another tool holds, in no tool's own format.
public struct AnswerLog: Sendable, Hashable {
  public var header: LogHeader
  public var samples: [LoggedAnswer]
  public var end: LogEnd

  public init(header: LogHeader, samples: [LoggedAnswer], end: LogEnd) {
    self.header = header
    self.samples = samples
    self.end = end
  }
}

/// What is known of a log before its first answer.
public struct LogHeader: Sendable, Hashable {
  /// The name of the set of questions.
  public var task: String
  public var taskVersion: String
  /// Names this run among others of the task; `nil` in a new log: the writer makes one from
  /// task, model, dataset and `created`.
  public var taskID: String?
  public var created: Date
  public var started: Date?
  /// The model's name as it is written here, such as `openai:gpt@https://…` or `dir:…`.
  public var model: String
  /// The model's name as Inspect writes it, `provider/name`; see `inspectName(of:provider:)`.
  public var inspectModel: String
  /// Where the model was asked. Credentials and query are left out when it is written.
  public var baseURL: String?
  /// Sampling, under Inspect's names: `temperature`, `top_p`, `top_k`, `max_tokens`, `seed`, …
  public var settings: JSONObject
  public var dataset: LoggedDataset
  public var judges: [LoggedJudge]
  /// How often each wording was asked.
  public var epochs: Int
  public var tags: [String]
  public var metadata: JSONObject

  public init(
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
  public static func inspectName(of name: String, provider: String = "askew") -> String {
    "openai-api/\(provider)/\(name)"
  }
}

/// The questions that were asked.
public struct LoggedDataset: Sendable, Hashable {
  public var name: String?
  /// Path or address.
  public var location: String?
  /// SHA-256 of the file, in hexadecimal.
  public var fingerprint: String?

  public init(name: String? = nil, location: String? = nil, fingerprint: String? = nil) {
    self.name = name
    self.location = location
    self.fingerprint = fingerprint
  }
}

/// Who gave scores, and by which rule.
public struct LoggedJudge: Sendable, Hashable {
  /// Unique in the log, such as the start of the judge's fingerprint.
  public var name: String
  public var rule: String?
  public var model: String?
  /// SHA-256 of the prompts, in hexadecimal.
  public var promptHash: String?
  public var version: String?
  /// What it measures, such as `aligned`.
  public var metrics: [String]

  public init(
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
public struct LogEnd: Sendable, Hashable {
  public enum Status: String, Sendable, Hashable, CaseIterable {
    /// Unfinished.
    case started
    case success, cancelled, error
  }

  public var status: Status
  public var completed: Date?
  /// Tokens by the names of models.
  public var usage: [String: TokenUsage]
  /// What ended it, if `status` is `error`.
  public var error: String?

  public init(
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
public struct TokenUsage: Sendable, Hashable {
  public var inputTokens: Int
  public var outputTokens: Int

  public init(inputTokens: Int, outputTokens: Int) {
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }
}
