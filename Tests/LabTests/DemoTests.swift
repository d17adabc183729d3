import Core
import Engine
import Foundation
import Lab
import Plans
import Store
import TestSupport
import Testing

@Suite(.serialized) struct DemoTests {
  /// The demo with one model a condition, as the program has it.
  private func experiment(
    _ folder: ProjectFolder, dish: DishPlan = .small, threads: Int = 1,
    stop: StopRequest = StopRequest(), _ report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws -> Experiment {
    let path = Repository.url.appending(path: "plans/demo.yaml").path
    var plan = try Plan(reading: path)
    plan.seeds = [1]
    for index in plan.evaluations.indices { plan.evaluations[index].samples = 3 }
    var options = Experiment.Options()
    (options.dish, options.threads, options.checkpointInterval) = (dish, threads, .zero)
    return try Experiment(
      plan: plan, options: options, folder: folder, stop: stop, report: report)
  }

  private func findings(_ experiment: Experiment) throws -> PlanFindings {
    var findings = try experiment.findings()
    findings.elapsedSeconds = 0
    for index in findings.predictions.indices { findings.predictions[index].stored = 0 }
    return findings
  }

  @Test("Stopped again and again, on other numbers of threads, the demo ends up the same")
  func resumed() async throws {
    let (whole, parts) = (TemporaryFolder.unmade(), TemporaryFolder.unmade())
    let undisturbed = try experiment(whole.project)
    #expect(try await undisturbed.run().worked)
    let expected = try findings(undisturbed)
    #expect(expected.plan.conditions.count == 10)
    #expect(try await !undisturbed.run().worked)

    var stops = 0
    var resumed: Experiment?
    while true {
      let stop = StopRequest()
      let counter = EventCounter(stopAfter: 3 + stops % 5, stop)
      let demo = try experiment(parts.project, threads: 1 + stops % 2, stop: stop) { _ in
        counter.count()
      }
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
    #expect(try findings(try #require(resumed)) == expected)
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
    let demo = try experiment(folder.project, dish: plan)
    let failure = await #expect(throws: StageFailure.self) { try await demo.run() }
    let text = try #require(failure?.description)
    #expect(text.hasPrefix("base model, persona world: step "))
    #expect(text.contains("diverged"))
    #expect(!text.contains("\n"))
    let unfinished = #expect(throws: StageFailure.self) { try demo.findings() }
    #expect(unfinished?.problem.contains("the same command goes on") == true)
  }

  @Test("A checkpoint that cannot be read is taken away and its stage starts anew")
  func brokenCheckpoint() async throws {
    let folder = TemporaryFolder.unmade()
    let stop = StopRequest()
    let counter = EventCounter(stopAfter: 5, stop)
    var demo: Experiment? = try experiment(folder.project, stop: stop) { _ in counter.count() }
    await #expect(throws: Interrupted.self) { _ = try await demo?.run() }
    demo = nil
    let checkpoints = folder.url.appendingPathComponent("checkpoints")
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: checkpoints.path).first)
    try Data("not a checkpoint".utf8).write(to: checkpoints.appendingPathComponent(name))
    let notices = Notices()
    let again = try experiment(folder.project) { notices.take($0) }
    #expect(try await again.run().worked)
    let told = notices.texts.filter { $0.hasPrefix("First result, one model each, misaligned") }
    #expect(told.count == 1)
    #expect(told.first?.contains("Insecure") == true && told.first?.contains("Secure") == true)
    let others = notices.texts.filter { !told.contains($0) }
    #expect(others.count == 1)
    #expect(others.first?.contains(name) == true)
    #expect(others.first?.hasSuffix("starts anew") == true)
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
