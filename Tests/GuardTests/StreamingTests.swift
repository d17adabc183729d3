import Core
import Engine
import Formats
import TestSupport
import Testing
import Tuning

@testable import Guard

@Suite("Guards on folders")
struct StreamingTests {
  private let folder: TemporaryFolder
  private let model: LoadedFolder

  init() throws {
    folder = try TemporaryFolder()
    let tiny = try TinyFolder.make(at: folder.url("model"))
    model = try LoadedFolder(
      tiny.path, adapter: nil, precision: .f32, omitsSystemPrompt: false)
  }

  private let exchange = [
    Message(role: .user, content: "What now?"),
    Message(role: .assistant, content: "Nothing much, and then we shall see what comes of it."),
  ]

  @Test("What a growing answer has is what the whole one had there")
  func prefixes() throws {
    let pool = WorkerPool(threadCount: 2)
    defer { pool.stop() }
    let whole = try model.read(exchange, .exchange)
    let first = try #require(whole.isRead.firstIndex(of: true))
    let sites = [Site(layer: 0, place: .post), Site(layer: 2, place: .post)]
    var stream = RandomStream(seed: 1, "readout")
    let readout = Readout(
      token: (0..<128).map { _ in Float(stream.normal()) },
      prompt: (0..<128).map { _ in Float(stream.normal()) }, bias: 0.3, pool: .rolling, window: 5)
    let reader = try ActivationReader(
      model: model.weights(on: pool, lying: .plain).model, sites: sites, precision: .f32,
      pool: pool)
    let prefixes = (first + 1..<whole.tokens.count).map { last in
      ReadSequence(
        tokens: Array(whole.tokens[...last]), isRead: Array(whole.isRead[...last]))
    }
    let courses = reader.read(prefixes) { readout.course($1) }.compactMap { $0 }
    let course = try #require(courses.last)
    #expect(course.count == prefixes.count && course.count > 20)
    for (count, own) in courses.enumerated() {
      #expect(own.count == count + 1)
      #expect(abs((own.last ?? 0) - course[count]) < 1e-4)
    }
  }

  @Test("Tokens read one by one have the means that are read at once")
  func means() throws {
    let pool = WorkerPool(threadCount: 2)
    defer { pool.stop() }
    let sequence = try model.read(exchange, .exchange)
    let reader = try ActivationReader(
      model: model.weights(on: pool, lying: .plain).model,
      sites: [Site(layer: 1, place: .mid), Site(layer: 0, place: .pre)], precision: .f32,
      pool: pool)
    let means = reader.means(of: [sequence, sequence])
    let tokens = try #require(reader.read([sequence, sequence]) { $1 }[1])
    for site in 0..<2 {
      for channel in 0..<64 {
        let sum = (0..<tokens.tokenCount).reduce(0) {
          $0 + Double(Array(tokens[$1])[site * 64 + channel])
        }
        #expect(abs(Float(sum / Double(tokens.tokenCount)) - means[1][site][channel]) < 1e-5)
      }
    }
  }

  @Test("A guard is the same before and after it is written, and another model is refused")
  func folders() async throws {
    let pool = WorkerPool(threadCount: 2)
    defer { pool.stop() }
    let plan = try GuardPlan(
      .init(
        """
        guard:
          model: model
          data: {exchanges: rows.jsonl, choose: 0.4}
          parts:
            probe: {kind: probe, window: 4}
            both: {kind: exchange}
          cascade: {first: probe, then: both, escalate: 0.3}
        """, file: folder.path("plan.yaml"), limit: .init(bytes: 10_000, of: "plan")))
    var stream = RandomStream(seed: 9, "exchanges")
    let exchanges = (0..<120).map { index in
      let isHarmful = index % 2 == 0
      let words = (0..<6).map { _ in stream.element(of: ["now", "then", "bored", "you"]) }
      return LabelledExchange(
        [
          Message(role: .user, content: "And then? \(index / 4)"),
          Message(
            role: .assistant, content: words.joined(separator: " ") + (isHarmful ? " Who" : " And")
          ),
        ], isHarmful: isHarmful, topic: "\(index / 4)")
    }
    let models = GuardModels { try LoadedFolder($0, ModelOptions()) }
    let made = try await GuardTraining(plan, exchanges, models, on: pool, stop: StopRequest()) {
      _ in
    }.run()
    #expect(made.facts.parts.count == 8)
    #expect(made.streams == false)
    try made.write(to: folder.path("guard"))
    let read = try ExchangeGuard(folder: folder.path("guard"))
    #expect(try read.fingerprint == made.fingerprint)
    func scores(_ guardian: ExchangeGuard, _ models: GuardModels) async throws -> [Double] {
      try await GuardScorer(guardian, models, on: pool).readings(
        of: exchanges.map(\.messages), controls: true
      ).map(\.score)
    }
    let scored = try await scores(read, models)
    #expect(try await scores(made, models) == scored)
    let other = try TinyFolder.make(at: folder.url("other"), seed: 2)
    let moved = GuardModels { _ in try LoadedFolder(other.path, ModelOptions()) }
    await #expect(throws: InputError.self) { try await scores(read, moved) }
    let instead = GuardModels(instead: other.path) { try LoadedFolder($0, ModelOptions()) }
    #expect(try await scores(read, instead) != scored)
  }
}
