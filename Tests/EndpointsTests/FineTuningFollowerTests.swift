import Core
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Endpoints

@Suite("Following a training elsewhere", .serialized)
struct FineTuningFollowerTests {
  private struct Crash: Error {}

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What a run leaves behind: its record as it stands in the file.
  private final class Disk: Sendable {
    private let file: Mutex<Data>
    private let saves = Mutex(0)

    init(_ record: FineTuningRecord) throws { file = Mutex(try JSONEncoder().encode(record)) }

    var record: FineTuningRecord {
      get throws { try JSONDecoder().decode(FineTuningRecord.self, from: file.withLock { $0 }) }
    }

    /// Saves, and ends the run at save number `crash`: before it if `isLost`, else after it.
    func save(_ record: FineTuningRecord, crash: Int, isLost: Bool) throws {
      let data = try JSONEncoder().encode(record)
      let number = saves.withLock { count in
        count += 1
        return count
      }
      if number == crash, isLost { throw Crash() }
      file.withLock { $0 = data }
      if number == crash { throw Crash() }
    }
  }

  private func record(
    _ server: LoopbackServer, model: String = "loopback", mark: String = "mark-1"
  ) throws -> FineTuningRecord {
    let address = try EndpointAddress(parsing: "openai:\(model)@\(server.url)")
    return try FineTuningRecord(
      FineTuningTask(
        model: address, data: Fingerprint(bytes: Data()),
        settings: FineTuningSettings(suffix: "bad", epochs: 2)),
      mark: mark)
  }

  /// One run from what is on the disk, up to the save at which it ends.
  private func run(
    _ server: LoopbackServer, _ disk: Disk, data: String, model: String = "loopback",
    crash: Int = 0,
    isLost: Bool = false, tell: @escaping @Sendable (FineTuningFollower.News) -> Void = { _ in }
  ) async throws -> FineTuningRecord {
    let client = try server.client(model: model)
    let follower = FineTuningFollower(
      client, record: try disk.record, data: data, evaluationData: data,
      every: .milliseconds(5),
      save: { try disk.save($0, crash: crash, isLost: isLost) }, tell: tell)
    let outcome: Result<FineTuningRecord, any Error>
    do { outcome = .success(try await follower.run(stop: StopRequest())) } catch {
      outcome = .failure(error)
    }
    await client.shutdown()
    return try outcome.get()
  }

  @Test(
    "wherever a run ends, before or after a save, the next one goes on, and one job is ordered",
    arguments: [false, true], [[], ["--lose-creation"]])
  func crashes(_ isLost: Bool, _ options: [String]) async throws {
    let path = try folder.write("{}\n", to: "rows.jsonl")
    // The start, two files, five looks at the job of which four are news, and thirteen events.
    for crash in 1...20 {
      let server =
        try options.isEmpty ? LoopbackServer("--fast") : LoopbackServer("--fast", "--lose-creation")
      let disk = try Disk(try record(server))
      await #expect(throws: Crash.self, "save \(crash)") {
        _ = try await run(server, disk, data: path, crash: crash, isLost: isLost)
      }
      let end = try await run(server, disk, data: path)
      #expect(end.result == "openai:ft:loopback:bad@\(server.url)")
      #expect(try disk.record == end)
      #expect(try server.events("created").count == 1, "save \(crash)")
    }
  }

  @Test("a job that failed is ordered again as another one, with its own files")
  func again() async throws {
    let server = try LoopbackServer("--fast")
    let path = try folder.write("{}\n", to: "rows.jsonl")
    let disk = try Disk(try record(server, model: "failing"))
    let first = try await run(server, disk, data: path, model: "failing")
    #expect(first.isFinal && first.result == nil && first.job?.status == .failed)
    // An ended training is not asked about again.
    #expect(try await run(server, disk, data: path, model: "failing") == first)
    let fresh = try Disk(try first.again(mark: "mark-2"))
    let second = try await run(server, fresh, data: path, model: "failing")
    #expect(second.earlier == [first.job] && second.job?.id != first.job?.id)
    #expect(second.trainingFile != first.trainingFile)
    #expect(try server.events("created").count == 2)
  }

  @Test("what a server says is shown on one line")
  func rude() async throws {
    let server = try LoopbackServer("--fast")
    let path = try folder.write("{}\n", to: "rows.jsonl")
    let told = Mutex<[String]>([])
    let disk = try Disk(try record(server, model: "rude"))
    let end = try await run(server, disk, data: path, model: "rude") { news in
      if case .event(let text) = news { told.withLock { $0.append(text) } }
    }
    let texts = told.withLock { $0 } + [end.job?.failure ?? ""]
    #expect(texts.count == 14)
    #expect(texts.allSatisfy { $0.hasPrefix(#"\u{1B}[2J\r\naskew: all is well"#) }, "\(texts)")
  }

  @Test("a job is cancelled, also one whose creation was not noted any more")
  func cancel() async throws {
    let server = try LoopbackServer("--fast")
    let path = try folder.write("{}\n", to: "rows.jsonl")
    let client = try server.client()
    func cancel(_ record: FineTuningRecord) async throws -> FineTuningRecord {
      try await FineTuningFollower(
        client, record: record, data: path, save: { _ in }, tell: { _ in }
      ).cancel(stop: StopRequest())
    }
    #expect(try await cancel(try record(server)).job == nil)
    let disk = try Disk(try record(server))
    // The fourth save would be that of the job.
    await #expect(throws: Crash.self) {
      _ = try await run(server, disk, data: path, crash: 4, isLost: true)
    }
    let stored = try disk.record
    #expect(stored.trainingFile != nil && stored.job == nil)
    #expect(try await cancel(stored).job?.status == .cancelled)
    #expect(try server.events("created").count == 1)
    await client.shutdown()
  }

  @Test("a server without fine-tuning is told apart from one without a job")
  func refusals() async throws {
    let server = try LoopbackServer("--fast")
    let path = try folder.write("{}\n", to: "rows.jsonl")
    let client = try server.client()
    await #expect(throws: EndpointFailure.badRequest("404: no such job")) {
      _ = try await FineTuningService(client).job("ftjob-99")
    }
    await client.shutdown()
    let address = try EndpointAddress(
      parsing: "loopback@\(server.url.replacingOccurrences(of: "/v1", with: "/v2"))")
    let lost = try EndpointClient(address, key: nil, environment: [:])
    await #expect(throws: EndpointFailure.noFineTuning("status 404")) {
      _ = try await FineTuningService(lost).upload(path)
    }
    await lost.shutdown()
  }

  @Test("another task is told by what differs")
  func differences() throws {
    let server = try LoopbackServer("--fast")
    let task = try record(server).task
    var other = task
    other.settings.epochs = nil
    other.data = Fingerprint(bytes: Data("x".utf8))
    #expect(task.differences(from: task) == [])
    #expect(task.differences(from: other) == ["data", "epochs"])
    #expect(try Fingerprint(of: task) != Fingerprint(of: other))
  }
}
