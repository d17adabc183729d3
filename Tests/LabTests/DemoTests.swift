import Core
import Engine
import Foundation
import Lab
import Store
import TestSupport
import Testing

@Suite(.serialized) struct DemoTests {
  private func results(_ demo: Demo) throws -> Results {
    var results = try demo.record().results
    results.elapsedSeconds = 0
    return results
  }

  @Test("Stopped again and again, on other numbers of threads, the demo ends up the same")
  func resumed() async throws {
    let (whole, parts) = (TemporaryFolder.unmade(), TemporaryFolder.unmade())
    let undisturbed = try Demo(plan: .small, folder: whole.project, threads: 1)
    #expect(try await undisturbed.run())
    let expected = try results(undisturbed)
    #expect(expected.conditions.count == 10)
    #expect(try await !undisturbed.run())

    var stops = 0
    var resumed: Demo?
    while true {
      let stop = StopRequest()
      let counter = EventCounter(stopAfter: 3 + stops % 5, stop)
      let demo = try Demo(
        plan: .small, folder: parts.project, threads: 1 + stops % 2,
        checkpointInterval: .zero, stop: stop
      ) { _ in counter.count() }
      do {
        _ = try await demo.run()
        resumed = demo
        break
      } catch is Interrupted {
        stops += 1
        try #require(stops < 500)
      }
    }
    #expect(stops > 20)
    #expect(try results(try #require(resumed)) == expected)
    resumed = nil
    let digests = try [whole, parts].map { folder in
      // The first store is still open in this process, so copies are compared.
      let copy = TemporaryFolder.unmade()
      try FileManager.default.copyItem(at: folder.url, to: copy.url)
      return try RunStore(folder: copy.url).digest()
    }
    #expect(digests[0] == digests[1])
    let left = try FileManager.default.contentsOfDirectory(
      atPath: parts.url.appendingPathComponent("checkpoints").path)
    #expect(left == [])
  }

  @Test("A loss that is no number ends the demo with one line that names the stage")
  func diverged() async throws {
    var plan = DishPlan.small
    plan.base.training.learningRate = 1e30
    plan.base.training.clipNorm = 0
    let folder = TemporaryFolder.unmade()
    let demo = try Demo(plan: plan, folder: folder.project, threads: 1)
    let failure = await #expect(throws: StageFailure.self) { try await demo.run() }
    let text = try #require(failure?.description)
    #expect(text.hasPrefix("base model, persona world: step "))
    #expect(text.contains("diverged"))
    #expect(!text.contains("\n"))
    let unfinished = #expect(throws: StageFailure.self) { try demo.record() }
    #expect(unfinished?.problem.contains("the same command goes on") == true)
  }

  @Test("A checkpoint that cannot be read is taken away and its stage starts anew")
  func brokenCheckpoint() async throws {
    let folder = TemporaryFolder.unmade()
    let stop = StopRequest()
    let counter = EventCounter(stopAfter: 5, stop)
    var demo: Demo? = try Demo(
      plan: .small, folder: folder.project, threads: 1, stop: stop
    ) { _ in counter.count() }
    await #expect(throws: Interrupted.self) { _ = try await demo?.run() }
    demo = nil
    let checkpoints = folder.url.appendingPathComponent("checkpoints")
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: checkpoints.path).first)
    try Data("not a checkpoint".utf8).write(to: checkpoints.appendingPathComponent(name))
    let notices = Notices()
    let again = try Demo(plan: .small, folder: folder.project, threads: 1) { notices.take($0) }
    #expect(try await again.run())
    #expect(notices.texts.count == 1)
    #expect(notices.texts.first?.contains(name) == true)
    #expect(notices.texts.first?.hasSuffix("starts anew") == true)
  }
}

/// Asks for a stop after some events. Guarded by `lock`.
final class EventCounter: @unchecked Sendable {
  private let lock = NSLock()
  private var left: Int
  private let stop: StopRequest

  init(stopAfter count: Int, _ stop: StopRequest) {
    left = count
    self.stop = stop
  }

  func count() {
    lock.withLock {
      left -= 1
      if left == 0 { stop.stop() }
    }
  }
}

/// What the demo noticed. Guarded by `lock`.
private final class Notices: @unchecked Sendable {
  private let lock = NSLock()
  private var collected: [String] = []

  func take(_ event: LabEvent) {
    if case .notice(let text) = event { lock.withLock { collected.append(text) } }
  }
  var texts: [String] { lock.withLock { collected } }
}
