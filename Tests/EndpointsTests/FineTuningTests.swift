import Core
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Endpoints

@Suite("Fine-tuning elsewhere", .serialized)
struct FineTuningTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Uploads a file, has a model trained on it and waits for the end.
  private func train(
    on server: LoopbackServer, model: String = "loopback", content: String = "{}\n"
  ) async throws -> (job: FineTuningJob, events: [FineTuningEvent]) {
    let client = try server.client(model: model)
    let service = FineTuningService(client)
    let name = try await service.upload(folder.write(content, to: "rows.jsonl"))
    let order = FineTuningOrder(
      trainingFile: name,
      settings: FineTuningSettings(suffix: "bad", seed: 1, epochs: 2, learningRateMultiplier: 2),
      key: "order-1")
    let job = try await service.create(order)
    // Placed again, as by a run that was killed in between: the same job.
    #expect(try await service.create(order).id == job.id)
    let events = Mutex<[FineTuningEvent]>([])
    let end = try await service.wait(for: job.id, every: .milliseconds(10), stop: StopRequest()) {
      event in events.withLock { $0.append(event) }
    }
    await client.shutdown()
    return (end, events.withLock { $0 })
  }

  @Test("a job runs to its model, and every event is told once, in order")
  func success() async throws {
    let server = try LoopbackServer("--fast")
    let (job, events) = try await train(
      on: server, content: String(repeating: "{}\r\n", count: 200_000))
    #expect(job.status == .succeeded && job.fineTunedModel == "ft:loopback:bad")
    #expect(job.trainedTokens == 4242 && job.failure == nil)
    #expect(events.map(\.id) == (1...events.count).map { "ftevent-\($0)" })
    #expect(events.count > 3 && events.first?.message == "step 1, 2 epochs")
    let copy = try JSONDecoder().decode(FineTuningJob.self, from: JSONEncoder().encode(job))
    #expect(copy == job)
    #expect(try server.events("created").count == 1)
  }

  @Test("a job that fails says why")
  func failure() async throws {
    let (job, _) = try await train(on: try LoopbackServer("--fast"), model: "failing")
    #expect(job.status == .failed && job.failure == "the file has 1 example")
    #expect(job.fineTunedModel == nil)
  }

  @Test("an order whose reply was lost is not placed twice")
  func lostReply() async throws {
    let server = try LoopbackServer("--lose-creation")
    let (job, _) = try await train(on: server)
    #expect(job.status == .succeeded)
    #expect(try server.events("created").count == 1)
  }

  @Test("a job is cancelled, and a stop leaves it alone")
  func cancel() async throws {
    let server = try LoopbackServer("--fast")
    let client = try server.client()
    let service = FineTuningService(client)
    let name = try await service.upload(folder.write("{}\n", to: "rows.jsonl"))
    let job = try await service.create(FineTuningOrder(trainingFile: name, key: "k"))
    let stop = StopRequest()
    stop.stop()
    await #expect(throws: Interrupted.self) {
      _ = try await service.wait(for: job.id, stop: stop) { _ in }
    }
    #expect(try await service.job(job.id).status == .validatingFiles)
    #expect(try await service.cancel(job.id).status == .cancelled)
    await #expect(throws: EndpointFailure.self) { _ = try await service.job("ftjob-99") }
    await #expect(throws: InputError.self) { _ = try await service.upload("/nowhere") }
    await client.shutdown()
  }
}
