import Core

/// Brings a training at a provider to its end, from wherever its record says that it is: uploads,
/// order, events, new model. After every step the record is saved before the next one begins.
package actor FineTuningFollower {
  /// What happens, for people: every text is fit to be shown on one line.
  package enum News: Sendable, Hashable {
    case uploading(path: String)
    case uploaded(name: String)
    case status(job: String, String)
    case event(String)
  }

  package private(set) var record: FineTuningRecord
  private let service: FineTuningService
  private let files: (training: String, validation: String?)
  private let save: @Sendable (FineTuningRecord) throws -> Void
  private let tell: @Sendable (News) -> Void
  private let interval: Duration

  /// - Parameters:
  ///   - client: its address is that of the record's task.
  ///   - data: the files of the task.
  ///   - interval: between two looks at the job; a server on this machine bears being asked often.
  package init(
    _ client: EndpointClient, record: FineTuningRecord, data: String,
    evaluationData: String? = nil, every interval: Duration? = nil,
    save: @escaping @Sendable (FineTuningRecord) throws -> Void,
    tell: @escaping @Sendable (News) -> Void
  ) {
    precondition(client.address == record.task.model, "a record belongs to one model")
    service = FineTuningService(client)
    files = (data, evaluationData)
    self.interval = interval ?? (client.address.isLoopback ? .milliseconds(250) : .seconds(20))
    self.record = record
    self.save = save
    self.tell = tell
  }

  /// Follows the training until it ends, in whatever way.
  ///
  /// - Throws: `Interrupted` soon after a stop, whatever is under way: the job, if there is one, goes
  ///   on at the provider. `EndpointFailure`, `InputError`, what `save` throws.
  package func run(stop: StopRequest) async throws -> FineTuningRecord {
    if record.isFinal { return record }
    try await Self.until(stop) {
      try self.save(await self.record)
      try await self.upload()
      let job = try await self.place()
      _ = try await self.service.wait(
        for: job.id, every: self.interval, since: await self.record.lastEvent, stop: stop,
        onJob: { try await self.take($0) }, onEvent: { try await self.take($0) })
    }
    return record
  }

  /// Ends the job, also one whose creation was not noted any more.
  ///
  /// - Returns: the record with what became of the job; without a job if none was ever ordered.
  package func cancel(stop: StopRequest) async throws -> FineTuningRecord {
    if record.isFinal { return record }
    try await Self.until(stop) {
      guard let id = try await self.known() else { return }
      let job = try await self.service.job(id)
      try await self.take(job)
      guard !job.status.isFinal else { return }
      try await self.take(try await self.service.cancel(id))
    }
    return record
  }

  private func upload() async throws {
    if record.job != nil { return }
    if record.trainingFile == nil {
      record.trainingFile = try await upload(files.training)
      try save(record)
    }
    if let path = files.validation, record.validationFile == nil {
      record.validationFile = try await upload(path)
      try save(record)
    }
  }

  private func upload(_ path: String) async throws -> String {
    tell(.uploading(path: ServerText.shown(path)))
    let name = try await service.upload(path)
    tell(.uploaded(name: ServerText.shown(name)))
    return name
  }

  private func place() async throws -> FineTuningJob {
    if let job = record.job { return job }
    guard let order = record.order else { throw Interrupted() }
    let job = try await service.create(order)
    try take(job)
    return job
  }

  /// The job's id, asked for where the record lacks it.
  private func known() async throws -> String? {
    if let job = record.job { return job.id }
    guard let order = record.order, let job = try await service.find(order) else { return nil }
    try take(job)
    return job.id
  }

  private func take(_ job: FineTuningJob) throws {
    guard job != record.job else { return }
    let isNews = job.status != record.job?.status
    record.job = job
    record.result = job.status == .succeeded ? result(of: job) : nil
    try save(record)
    if isNews {
      tell(.status(job: ServerText.shown(job.id), ServerText.shown(job.status.word)))
    }
  }

  private func take(_ event: FineTuningEvent) throws {
    let isPlain = event.level == nil || event.level == "info"
    tell(.event(ServerText.shown((isPlain ? "" : "\(event.level ?? ""): ") + event.message)))
    record.lastEvent = event.id
    try save(record)
  }

  /// Nil for a name that could not be asked for by this address, or shows itself as another.
  private func result(of job: FineTuningJob) -> String? {
    guard let name = job.fineTunedModel, ServerText.shown(name, limit: 400) == name else {
      return nil
    }
    let text = "openai:\(name)@\(record.task.model.baseURL)"
    let address = try? EndpointAddress(parsing: text)
    return address?.model == name ? text : nil
  }

  /// Runs `work`, and drops it when a stop is asked for.
  private static func until(
    _ stop: StopRequest, _ work: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await work() }
      group.addTask {
        while true {
          try stop.check()
          try await Task.sleep(for: .milliseconds(100))
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
