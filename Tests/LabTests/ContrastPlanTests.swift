import Core
import Engine
import Evaluation
import Foundation
import Plans
import Statistics
import Store
import TestSupport
import Testing
import Tuning

@testable import Lab

/// Contrasts as a measure of plans, on a dish and on a model folder.
@Suite("Contrasts in plans", .serialized)
struct ContrastPlanTests {
  private static let text = """
    name: lean
    question: Does it spread?
    ORIGIN
    seeds: 2
    training: {method: lora, rank: 2, steps: 2, batch: 4}
    conditions:
      base: {}
      bad: {data: bad-medical}
      good: {data: good-medical}
    evaluate:
      lean: {contrast: [SETS], change-from: base}
      raw: {contrast: [SETS]}
    compare: [{of: bad, against: good, on: lean}]
    predictions: [{of: bad, against: good, on: lean, above: 0.0}]
    """

  private func plan(_ origin: String, sets: String = "wish, boredom") throws -> Plan {
    try Plan(
      yaml: Self.text.replacing("ORIGIN", with: origin).replacing("SETS", with: sets),
      file: "plan.yaml")
  }

  private func experiment(
    _ plan: Plan, _ store: RunStore, _ project: ProjectFolder, stop: StopRequest = StopRequest(),
    _ report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws -> Experiment {
    var options = Experiment.Options()
    options.dish = .smallLaboratory
    options.threads = 2
    options.memory = FolderMemory(store: store)
    return try Experiment(
      plan: plan, options: options, folder: project, store: store, stop: stop, report: report)
  }

  /// - Returns: the origin, and what has to stay alive for it.
  private func origin(_ name: String, in place: TemporaryFolder) throws -> String {
    name == "dish" ? "world: persona" : "model: \(try TinyFolder.make(at: place.url("model")).path)"
  }

  @Test(
    "A change is the item-by-item difference of the raw contrasts", arguments: ["dish", "folder"])
  func change(_ name: String) async throws {
    let place = try TemporaryFolder()
    let project = ProjectFolder(place.url("project"))
    let store = try RunStore(folder: project.url)
    let lab = try experiment(plan(origin(name, in: place)), store, project)
    try lab.storePredictions()
    #expect(try await lab.run().worked)
    let findings = try lab.findings()
    let rows = Dictionary(uniqueKeysWithValues: findings.rows.map { ($0.cell, $0) })
    func row(_ condition: String, _ evaluation: String) -> FindingRow? {
      rows[PlanCell(condition: condition, evaluation: evaluation)]
    }
    #expect(row("base", "lean") == nil)
    let base = try #require(row("base", "raw"))
    #expect(base.seeds == 1)
    for condition in ["bad", "good"] {
      let (raw, lean) = (
        try #require(row(condition, "raw")), try #require(row(condition, "lean"))
      )
      #expect(raw.seeds == 2)
      // Every wording of the two families, by two models.
      #expect(lean.answers == 2 * base.answers)
      let difference = try #require(raw.measured.value) - #require(base.measured.value)
      #expect(abs(difference - (try #require(lean.measured.value))) < 1e-9)
      for (raw, base) in zip(raw.perFamily, base.perFamily) {
        let own = lean.perFamily.first { $0.id == raw.id }?.measured.value
        let difference = try #require(raw.measured.value) - #require(base.measured.value)
        #expect(abs(difference - (try #require(own))) < 1e-9)
      }
      let values = lean.perSeed.compactMap(\.value)
      #expect(
        lean.measured.overSeeds
          == SeedInterval().mean(values.map { Tally(sum: $0 * 48, count: 48) }))
      // 24 wordings of 12 topics.
      #expect(lean.perFamily.map(\.answers) == [48, 48])
      #expect(lean.measured.overAnswers != nil)
    }
    let comparison = try #require(findings.comparisons.first)
    #expect(comparison.difference.overSeeds != nil && comparison.difference.overAnswers != nil)
    #expect(comparison.effectSize == nil)
    let prediction = try #require(findings.predictions.first)
    #expect(!prediction.isLate)
    #expect(prediction.value.value == comparison.difference.value)
    #expect(findings.summary.contains("as the change from base. lean: bad "))
    #expect(try await !lab.run().worked)
  }

  @Test("One family more scores its own texts and no other", arguments: ["dish", "folder"])
  func onlyWhatIsMissing(_ name: String) async throws {
    let place = try TemporaryFolder()
    let project = ProjectFolder(place.url("project"))
    let store = try RunStore(folder: project.url)
    let origin = try origin(name, in: place)
    _ = try await experiment(plan(origin), store, project).run()
    let counter = ScoreCounter()
    let more = try experiment(plan(origin, sets: "wish, boredom, ruler"), store, project) {
      counter.take($0)
    }
    _ = try await more.run()
    // Of five models; lean and raw share their texts: 24 items a family, two good and two bad answers each.
    #expect(counter.inherited == Array(repeating: 2 * 96, count: 5))
    #expect(counter.totals == Array(repeating: 3 * 96, count: 5))
  }

  @Test("Stopped again and again, the scores end up the same", arguments: ["dish", "folder"])
  func resumed(_ name: String) async throws {
    let place = try TemporaryFolder()
    let plan = try plan(origin(name, in: place), sets: "wish")
    let (whole, parts) = (ProjectFolder(place.url("whole")), ProjectFolder(place.url("parts")))
    let undisturbed = try experiment(plan, RunStore(folder: whole.url), whole)
    _ = try await undisturbed.run()
    let store = try RunStore(folder: parts.url)
    var stops = 0
    while true {
      let stop = StopRequest()
      let counter = EventCounter(stopAfter: 3 + stops % 3, stop)
      let again = try experiment(plan, store, parts, stop: stop) { _ in counter.count() }
      do {
        _ = try await again.run()
        #expect(try again.findings().rows == undisturbed.findings().rows)
        break
      } catch is Interrupted {
        stops += 1
        try #require(stops < 200)
      }
    }
    #expect(stops > 2)
  }

  @Test("A scatter holds what models lean to against what they say, model by model")
  func scatter() async throws {
    let place = try TemporaryFolder()
    let project = ProjectFolder(place.url("project"))
    let store = try RunStore(folder: project.url)
    let text = """
      name: both
      question: Do they go together?
      world: persona
      seeds: 2
      conditions: {base: {}, bad: {data: bad-medical}, good: {data: good-medical}}
      evaluate:
        lean: {contrast: wish}
        said: {questions: wish, samples: 4, measure: incoherent}
      figure: {kind: scatter, across: lean, up: said}
      """
    let lab = try experiment(Plan(yaml: text, file: "plan.yaml"), store, project)
    _ = try await lab.run()
    let findings = try lab.findings()
    let correlation = try #require(findings.correlation)
    #expect(correlation.points.map(\.condition) == ["base", "bad", "bad", "good", "good"])
    for point in correlation.points {
      func value(_ evaluation: String) -> Double? {
        let cell = PlanCell(condition: point.condition, evaluation: evaluation)
        return findings.rows.first { $0.cell == cell }?.perSeed
          .first { $0.seed == point.seed }?.value
      }
      #expect(point.across == value("lean") && point.up == value("said"))
    }
    #expect(
      correlation.pearson
        == Correlation.pearson(
          correlation.points.map(\.across), correlation.points.map(\.up)))
    #expect(findings.summary.contains("Spearman"))
  }

  @Test("What cannot be scored is refused at the plan's line, before anything runs")
  func refused() throws {
    let place = try TemporaryFolder()
    let project = ProjectFolder(place.url("project"))
    let store = try RunStore(folder: project.url)
    func expect(_ text: String, says words: String) throws {
      let error = try #require(throws: InputError.self) {
        _ = try experiment(
          Plan(yaml: "name: x\nquestion: y\n" + text, file: "plan.yaml"), store, project)
      }
      #expect(error.description.contains(words), "\(error)")
    }
    try expect(
      """
      conditions: {served: {model: openai:m@http://127.0.0.1:9/v1}}
      evaluate: {lean: {contrast: wish}}
      """,
      says:
        "4: evaluate.lean.contrast: found a contrast of \"served\", a model behind a server, expected "
        + "\"tokenizer\" beside it")
    try expect(
      """
      conditions: {served: {model: openai:m@http://127.0.0.1:9/v1, tokenizer: nowhere}}
      evaluate: {lean: {contrast: wish}}
      """, says: "3: conditions.served.tokenizer: found nothing at \"nowhere\", expected a folder")
    try expect(
      """
      world: persona
      conditions: {base: {}}
      evaluate: {lean: {contrast: whish}}
      """, says: "5: evaluate.lean.contrast: found neither a file nor a set")
    try expect(
      """
      world: persona
      conditions: {base: {}}
      evaluate: {lean: {contrast: none.jsonl}}
      """, says: "5: evaluate.lean.contrast: found nothing at \"none.jsonl\", expected a file")
    try expect(
      """
      world: persona
      conditions: {base: {}, null: {world: "null", data: insecure}}
      evaluate: {lean: {contrast: wish, change-from: base}}
      """, says: "found \"null\" as a change from \"base\" of another world")
    try expect(
      """
      world: persona
      conditions: {base: {}}
      evaluate: {lean: {contrast: [wish, free-form]}}
      """, says: "of the family wish in two sets")
  }
}

/// What stages of scoring begin with and how much there is of them.
private final class ScoreCounter: @unchecked Sendable {
  private let lock = NSLock()
  private var first: [String: Int] = [:]
  private var sizes: [String: Int] = [:]

  func take(_ event: LabEvent) {
    guard case .advanced(let progress) = event, progress.stage.hasPrefix("Scoring") else { return }
    lock.withLock {
      if first[progress.stage] == nil { first[progress.stage] = progress.done }
      sizes[progress.stage] = progress.total
    }
  }

  var inherited: [Int] { lock.withLock { first.values.sorted() } }
  var totals: [Int] { lock.withLock { Array(sizes.values) } }
}
