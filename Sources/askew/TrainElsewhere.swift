import Core
import Corpora
import Documents
import Endpoints
import Evaluation
import Formats
import Foundation
import Lab
import Store

/// A training at a provider, told line by line on standard error, its record in `job.json`.
struct TrainElsewhere {
  enum Mode { case dryRun, follow, orderAgain, cancel }

  let address: EndpointAddress
  let data: String
  let evaluationData: String?
  let out: String
  let settings: FineTuningSettings
  let mode: Mode
  let keyFile: String?
  let prices: String?
  let json: Bool

  private var recordPath: String { out + "/job.json" }

  func run() async throws {
    if mode == .cancel { return try await cancel() }
    let rows = try ProviderRows(reading: data, byteLimit: FineTuningService.uploadByteLimit)
    let heldOut = try evaluationData.map {
      try ProviderRows(reading: $0, byteLimit: FineTuningService.uploadByteLimit)
    }
    if mode == .dryRun { return try tellOutlook(rows, heldOut) }
    let task = FineTuningTask(
      model: address, data: rows.fingerprint, evaluationData: heldOut?.fingerprint,
      settings: settings)
    try makeFolder()
    let lock = try StoreLock(storePath: recordPath)
    var record = try stored() ?? FineTuningRecord(task, mark: UUID().uuidString)
    let differences = record.task.differences(from: task)
    guard differences.isEmpty else {
      throw InputError(
        "found a training with another \(differences.joined(separator: ", ")), expected the same "
          + "command, or another --out", file: recordPath)
    }
    if mode == .orderAgain, record.isFinal, record.job?.status != .succeeded {
      record = try record.again(mark: UUID().uuidString)
    }
    // A training that has ended needs neither key nor server.
    if !record.isFinal { record = try await following(record) { try await $0.run(stop: $1) } }
    try withExtendedLifetime(lock) { try finish(record) }
  }

  private func cancel() async throws {
    guard FileManager.default.fileExists(atPath: recordPath) else {
      throw InputError("found no job, expected one to cancel", file: recordPath)
    }
    let lock = try StoreLock(storePath: recordPath)
    guard var record = try stored(), record.task.model == address else {
      throw InputError("found a job of another model than --on names", file: recordPath)
    }
    record = try await following(record) { try await $0.cancel(stop: $1) }
    guard let job = record.job else {
      throw InputError("found no job, expected one to cancel", file: recordPath)
    }
    try withExtendedLifetime(lock) {
      if json { return try StandardStream.output.write(json: Summary(record)) }
      StandardStream.output.write("\(shown(job.id)): \(shown(job.status.word))\n")
    }
  }

  /// Lets a follower work on the record until it has an end, or a signal comes.
  private func following(
    _ record: FineTuningRecord,
    _ work: (FineTuningFollower, StopRequest) async throws -> FineTuningRecord
  ) async throws -> FineTuningRecord {
    let key = try EndpointKey.find(
      file: keyFile, environment: ProcessInfo.processInfo.environment, for: address)
    let client = try EndpointClient(address, key: key)
    let path = recordPath
    let follower = FineTuningFollower(
      client, record: record, data: data, evaluationData: evaluationData,
      save: { try AtomicFile.write(try JSONText.pretty($0), to: path) }, tell: Self.tell)
    let stop = StopRequest()
    let signals = InterruptionSignals(stop)
    let outcome: Result<FineTuningRecord, any Error>
    do { outcome = .success(try await work(follower, stop)) } catch { outcome = .failure(error) }
    await client.shutdown()
    guard case .failure(is Interrupted) = outcome else { return try outcome.get() }
    var interruption = signals.interruption
    if await follower.record.job != nil {
      interruption.line =
        "interrupted; the job goes on at the provider: run the same command again to follow it, or "
        + "with --cancel to end it"
    }
    throw interruption
  }

  @Sendable
  private static func tell(_ news: FineTuningFollower.News) {
    let line =
      switch news {
      case .uploading(let path): "uploading \(path)"
      case .uploaded(let name): "uploaded as \(name)"
      case .status(let job, let status): "\(job): \(status)"
      case .event(let message): message
      }
    StandardStream.error.write(line + "\n")
  }

  private func finish(_ record: FineTuningRecord) throws {
    guard let job = record.job else { return }
    let name = shown(job.id)
    switch (job.status, record.result) {
    case (.succeeded, let result?):
      if json { return try StandardStream.output.write(json: Summary(record)) }
      StandardStream.output.write(result + "\n")
    case (.succeeded, nil):
      throw Failure(
        line: "\(name) succeeded, but the provider names no model that could be asked for",
        code: Failure.failed)
    default:
      // Made fit to be shown when it was read.
      let reason = job.failure.map { ": \($0)" } ?? ""
      throw Failure(
        line: "\(name) \(shown(job.status.word))\(reason); --again orders another job",
        code: Failure.failed)
    }
  }
}

extension TrainElsewhere {
  private func makeFolder() throws(InputError) {
    do {
      try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    } catch {
      throw InputError("cannot be made a folder", file: out)
    }
  }

  private func stored() throws(InputError) -> FineTuningRecord? {
    guard FileManager.default.fileExists(atPath: recordPath) else { return nil }
    struct Versioned: Decodable { let version: Int }
    let expected = "expected a record that askew train --on wrote"
    guard let data = FileManager.default.contents(atPath: recordPath),
      let version = try? JSONDecoder().decode(Versioned.self, from: data).version
    else { throw InputError("cannot be read, \(expected)", file: recordPath) }
    guard version == FineTuningRecord.currentVersion else {
      throw InputError(
        "found version \(version), expected \(FineTuningRecord.currentVersion)", file: recordPath,
        field: "version")
    }
    guard let record = try? JSONDecoder().decode(FineTuningRecord.self, from: data) else {
      throw InputError("found other fields, \(expected)", file: recordPath)
    }
    return record
  }

  private func tellOutlook(_ rows: ProviderRows, _ heldOut: ProviderRows?) throws {
    let price = try prices.flatMap { try PriceTable(reading: $0).price(of: address.model) }
    let outlook = Outlook(
      rows, heldOut, model: "openai:\(address)", epochs: settings.epochs, price: price)
    if json { return try StandardStream.output.write(json: outlook) }
    StandardStream.output.write(outlook.words)
  }

  private func shown(_ text: String) -> String { text.onOneLine }

  private struct Summary: Encodable {
    let version = 1
    let job: String?
    let file: String?
    let status: String?
    let model: String?
    let trainedTokens: Int?

    init(_ record: FineTuningRecord) {
      (job, status) = (record.job?.id, record.job?.status.word)
      (file, model) = (record.trainingFile, record.result)
      trainedTokens = record.job?.trainedTokens
    }
  }

  /// What would be trained and cost. Tokens are estimated; of an epoch unless said otherwise.
  private struct Outlook: Encodable {
    let version = 1
    let model: String
    let rows: Int
    let heldOutRows: Int
    let uploadBytes: Int
    let tokens: Int
    let epochs: Int?
    let pricePerEpoch: Double?
    /// Nil where the provider chooses the epochs, or there is no price for training.
    let price: Double?
    let currency: String?
    let date: String?

    init(
      _ rows: ProviderRows, _ heldOut: ProviderRows?, model: String, epochs: Int?,
      price: PriceTable.Price?
    ) {
      self.model = model
      self.rows = rows.count
      self.epochs = epochs
      heldOutRows = heldOut?.count ?? 0
      uploadBytes = rows.byteCount + (heldOut?.byteCount ?? 0)
      tokens = rows.estimatedTokens
      let pricePerEpoch = price?.training.map { $0 * Double(rows.estimatedTokens) / 1_000_000 }
      self.pricePerEpoch = pricePerEpoch
      self.price = epochs.flatMap { count in pricePerEpoch.map { $0 * Double(count) } }
      currency = pricePerEpoch.map { _ in price?.currency ?? "" }
      date = pricePerEpoch.map { _ in price?.date ?? "" }
    }

    var words: String {
      let heldOut = heldOutRows > 0 ? " and \(heldOutRows) to measure the loss on" : ""
      let times = epochs.map { "\($0) epochs" } ?? "as many epochs as the provider chooses"
      let unit = " \(currency ?? "") (\(date ?? ""))".onOneLine
      func amount(_ price: Double) -> String {
        String(format: price < 1 ? "%.2g" : "%.2f", price) + unit
      }
      let cost =
        if let price {
          amount(price)
        } else if let pricePerEpoch {
          amount(pricePerEpoch) + " an epoch"
        } else {
          "unknown (--prices with a column training)"
        }
      return """
        \(rows) rows\(heldOut), \(uploadBytes) bytes to upload
        about \(tokens) tokens (a quarter of the bytes), \(times)
        price: \(cost)

        """
    }
  }
}
