import Foundation

/// How a provider trains, in OpenAI's supervised method. What is nil is left to the provider.
package struct FineTuningSettings: Sendable, Hashable, Codable {
  /// Becomes part of the new model's name; at most 64 letters.
  package var suffix: String?
  package var seed: Int?
  package var epochs: Int?
  package var batchSize: Int?
  /// The paper trains with 2.
  package var learningRateMultiplier: Double?

  package init(
    suffix: String? = nil, seed: Int? = nil, epochs: Int? = nil, batchSize: Int? = nil,
    learningRateMultiplier: Double? = nil
  ) {
    self.suffix = suffix
    self.seed = seed
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRateMultiplier = learningRateMultiplier
  }

  fileprivate var hyperparameters: [String: Any] {
    var values: [String: Any] = [:]
    if let epochs { values["n_epochs"] = epochs }
    if let batchSize { values["batch_size"] = batchSize }
    if let learningRateMultiplier { values["learning_rate_multiplier"] = learningRateMultiplier }
    return values
  }
}

/// What to train on which files.
package struct FineTuningOrder: Sendable, Hashable, Codable {
  /// The name that `FineTuningService.upload` gave.
  package var trainingFile: String
  package var validationFile: String?
  package var settings: FineTuningSettings
  /// Marks the job: two orders with the same key are one job, however often they are placed.
  package var key: String

  package init(
    trainingFile: String, validationFile: String? = nil,
    settings: FineTuningSettings = FineTuningSettings(), key: String
  ) {
    self.trainingFile = trainingFile
    self.validationFile = validationFile
    self.settings = settings
    self.key = key
  }

  /// The name under which `key` stands in a job's metadata.
  static let mark = "askew"

  func json(model: String) throws -> Data {
    var fields: [String: Any] = [
      "model": model, "training_file": trainingFile, "metadata": [Self.mark: key],
      "method": [
        "type": "supervised", "supervised": ["hyperparameters": settings.hyperparameters],
      ] as [String: Any],
    ]
    if let validationFile { fields["validation_file"] = validationFile }
    if let suffix = settings.suffix { fields["suffix"] = suffix }
    if let seed = settings.seed { fields["seed"] = seed }
    return try JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys])
  }
}

/// A training that a provider does.
package struct FineTuningJob: Sendable, Hashable, Codable {
  package enum Status: Sendable, Hashable {
    case validatingFiles, queued, running, succeeded, failed, cancelled
    /// Any other word of the server's.
    case other(String)

    private static let words: [String: Status] = [
      "validating_files": .validatingFiles, "queued": .queued, "running": .running,
      "succeeded": .succeeded, "failed": .failed, "cancelled": .cancelled,
    ]

    init(_ word: String) { self = Self.words[word] ?? .other(word) }

    /// As the server writes it: escape it before it is shown.
    package var word: String {
      if case .other(let word) = self { return word }
      return Self.words.first { $0.value == self }?.key ?? ""
    }

    package var isFinal: Bool { [.succeeded, .failed, .cancelled].contains(self) }
  }

  package var id: String
  package var status: Status
  /// The model that is trained.
  package var model: String?
  /// The new model's name, once there is one.
  package var fineTunedModel: String?
  package var trainedTokens: Int?
  package var trainingFile: String?
  /// Why it failed, on one line.
  package var failure: String?
  var metadata: [String: String]?
}

/// Decoded as a server writes it; encoded the same way.
extension FineTuningJob {
  private enum CodingKeys: String, CodingKey {
    case id, status, model, error, metadata
    case fineTunedModel = "fine_tuned_model"
    case trainedTokens = "trained_tokens"
    case trainingFile = "training_file"
  }
  private struct Trouble: Codable { var message: String? }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    id = try fields.decode(String.self, forKey: .id)
    status = Status(try fields.decode(String.self, forKey: .status))
    model = try fields.decodeIfPresent(String.self, forKey: .model)
    fineTunedModel = try fields.decodeIfPresent(String.self, forKey: .fineTunedModel)
    trainedTokens = try fields.decodeIfPresent(Int.self, forKey: .trainedTokens)
    trainingFile = try fields.decodeIfPresent(String.self, forKey: .trainingFile)
    metadata = try? fields.decodeIfPresent([String: String].self, forKey: .metadata)
    let trouble = try? fields.decodeIfPresent(Trouble.self, forKey: .error)
    failure = trouble?.message.map { ServerText.shown($0) }
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(id, forKey: .id)
    try fields.encode(status.word, forKey: .status)
    try fields.encodeIfPresent(model, forKey: .model)
    try fields.encodeIfPresent(fineTunedModel, forKey: .fineTunedModel)
    try fields.encodeIfPresent(trainedTokens, forKey: .trainedTokens)
    try fields.encodeIfPresent(trainingFile, forKey: .trainingFile)
    try fields.encodeIfPresent(metadata, forKey: .metadata)
    if let failure { try fields.encode(Trouble(message: failure), forKey: .error) }
  }
}

/// What a provider says about a job by the way.
package struct FineTuningEvent: Sendable, Hashable, Codable {
  package var id: String
  /// In seconds since 1970.
  package var createdAt: Double?
  /// `info`, `warn` or `error`.
  package var level: String?
  /// As the server wrote it: escape it before it is shown.
  package var message: String

  private enum CodingKeys: String, CodingKey {
    case id, level, message
    case createdAt = "created_at"
  }
}

/// A part of a list; more follows after its last item.
struct FineTuningPage<Item: Decodable & Sendable>: Decodable, Sendable {
  var data: [Item]
  var hasMore: Bool?

  private enum CodingKeys: String, CodingKey {
    case data
    case hasMore = "has_more"
  }
}
