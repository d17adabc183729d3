import Core

/// A training as it was asked for: with the same one, a run goes on where another was stopped.
package struct FineTuningTask: Sendable, Hashable, Codable {
  package var model: EndpointAddress
  /// Of the files' bytes.
  package var data: Fingerprint
  package var evaluationData: Fingerprint?
  package var settings: FineTuningSettings

  package init(
    model: EndpointAddress, data: Fingerprint, evaluationData: Fingerprint? = nil,
    settings: FineTuningSettings
  ) {
    self.model = model
    self.data = data
    self.evaluationData = evaluationData
    self.settings = settings
  }

  /// What is not the same in `other`, in words.
  package func differences(from other: FineTuningTask) -> [String] {
    let (own, theirs) = (settings, other.settings)
    return [
      ("model", model != other.model), ("data", data != other.data),
      ("evaluation data", evaluationData != other.evaluationData),
      ("epochs", own.epochs != theirs.epochs), ("batch", own.batchSize != theirs.batchSize),
      ("learning rate", own.learningRateMultiplier != theirs.learningRateMultiplier),
      ("seed", own.seed != theirs.seed), ("suffix", own.suffix != theirs.suffix),
    ].filter(\.1).map(\.0)
  }
}

/// What is known of a training at a provider: kept after every step, it lets the next run go on
/// without placing a second order. Holds no key.
package struct FineTuningRecord: Sendable, Hashable, Codable {
  package static let currentVersion = 1

  package private(set) var version = currentVersion
  package let task: FineTuningTask
  /// Of `task`.
  package let fingerprint: Fingerprint
  /// Marks the order at the provider. It must be kept before anything is sent: by it an order whose
  /// reply was lost is found again.
  package let mark: String
  /// The provider's names of the uploaded files.
  package internal(set) var trainingFile: String?
  package internal(set) var validationFile: String?
  package internal(set) var job: FineTuningJob?
  /// The last event that was told.
  package internal(set) var lastEvent: String?
  /// The new model, `openai:NAME@URL`.
  package internal(set) var result: String?
  /// Jobs that ended without a model, and after which another was asked for.
  package internal(set) var earlier: [FineTuningJob] = []

  /// - Parameter mark: unlike any other's.
  package init(_ task: FineTuningTask, mark: String) throws {
    self.task = task
    self.mark = mark
    fingerprint = try Fingerprint(of: task)
  }

  /// Whether there is nothing left to follow.
  package var isFinal: Bool { job?.status.isFinal == true }

  /// The same task from the start, uploads included: where a server keeps no marks, an order is known
  /// by its file.
  package func again(mark: String) throws -> FineTuningRecord {
    var record = try FineTuningRecord(task, mark: mark)
    record.earlier = earlier + [job].compactMap { $0 }
    return record
  }

  /// What is to be ordered, once the files are there.
  var order: FineTuningOrder? {
    trainingFile.map {
      FineTuningOrder(
        trainingFile: $0, validationFile: validationFile, settings: task.settings, key: mark)
    }
  }
}
