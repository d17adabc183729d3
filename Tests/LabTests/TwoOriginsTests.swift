import Core
import Engine
import Evaluation
import Foundation
import Plans
import Store
import TestSupport
import Testing
import Tuning

@testable import Lab

/// The same plans on a dish and on a model folder, with nothing but the origin changed.
@Suite("One plan, two origins", .serialized)
struct TwoOriginsTests {
  /// The shipped plans that name the experiments with starts, triggers, lines of models and anchors, and
  /// the plan of the README.
  static let names = ["readme", "backdoor", "realign", "generations", "prevent"]

  /// With few steps, answers and models; what is asked of whom stays.
  private func small(_ name: String) throws -> Plan {
    var plan = try read(name)
    plan.seeds = [1, 2]
    for index in plan.conditions.indices {
      plan.conditions[index].training.steps = 2
      plan.conditions[index].training.batch = 4
      plan.conditions[index].snapshots = plan.conditions[index].snapshots.isEmpty ? [] : [1]
      plan.conditions[index].generations?.count = 2
      plan.conditions[index].anchor?.batch = 2
    }
    for index in plan.evaluations.indices {
      plan.evaluations[index].samples = 2
      plan.evaluations[index].maximumTokens = 4
    }
    return plan
  }

  private func read(_ name: String) throws -> Plan {
    guard name == "readme" else {
      return try Plan(reading: Repository.url.appending(path: "plans/\(name).yaml").path)
    }
    let text = try String(contentsOf: Repository.url.appending(path: "README.md"), encoding: .utf8)
    let parts = text.components(separatedBy: "```")
    let plan = try #require(parts.first { $0.hasPrefix("yaml\nname:") })
    return try Plan(yaml: String(plan.dropFirst(5)), file: "README.md")
  }

  private func onFolder(_ plan: Plan, _ folder: TinyFolder) -> Plan {
    var plan = plan
    plan.origin = .model(PlanPath(name: folder.path))
    for index in plan.conditions.indices {
      plan.conditions[index].world = nil
      // As on the dish; on a folder an adapter is what is trained where the plan does not say.
      plan.conditions[index].training.method = .lora
      plan.conditions[index].training.rank = 2
    }
    return plan
  }

  private func experiment(
    _ plan: Plan, _ store: RunStore, _ project: ProjectFolder, stop: StopRequest = StopRequest(),
    _ report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws -> Experiment {
    var options = Experiment.Options()
    options.dish.precision = .f32
    options.threads = 2
    options.checkpointInterval = .zero
    options.memory = FolderMemory(store: store)
    return try Experiment(
      plan: plan, options: options, folder: project, store: store, stop: stop, report: report)
  }

  @Test("Both origins give the same rows, comparisons and predictions", arguments: names)
  func sameShape(_ name: String) async throws {
    let place = try TemporaryFolder()
    let plan = try small(name)
    var options = Experiment.Options()
    (options.dish, options.threads) = (.smallLaboratory, 2)
    let dish = try Experiment(
      plan: plan, options: options, folder: ProjectFolder(place.url("dish")))
    #expect(try await dish.run().worked)
    let expected = try dish.findings()

    let tiny = try TinyFolder.make(at: place.url("model"))
    let project = ProjectFolder(place.url("folder"))
    let store = try RunStore(folder: project.url)
    let folder = try experiment(onFolder(plan, tiny), store, project)
    try folder.storePredictions()
    #expect(try await folder.run().worked)
    let findings = try folder.findings()
    func shape(_ rows: [FindingRow]) -> [String] {
      rows.map { row in
        "\(row.cell.condition) \(row.cell.evaluation) \(row.place ?? -1) \(row.seeds) \(row.answers)"
      }
    }
    #expect(shape(findings.rows) == shape(expected.rows))
    #expect(findings.comparisons.map(\.comparison) == expected.comparisons.map(\.comparison))
    #expect(findings.predictions.map(\.prediction) == plan.predictions)
    #expect(findings.predictions.allSatisfy { !$0.isLate })
    #expect(try await !folder.run().worked)
  }

  @Test("Stopped again and again, a folder's plan ends up the same, to the last byte")
  func resumed() async throws {
    let place = try TemporaryFolder()
    let tiny = try TinyFolder.make(at: place.url("model"))
    var plan = try onFolder(small("generations"), tiny)
    plan.seeds = [1]
    let (whole, parts) = (
      ProjectFolder(place.url("whole")), ProjectFolder(place.url("parts"))
    )
    let wholeStore = try RunStore(folder: whole.url)
    let undisturbed = try experiment(plan, wholeStore, whole)
    try undisturbed.storePredictions()
    _ = try await undisturbed.run()
    var expected = try undisturbed.findings()
    let partsStore = try RunStore(folder: parts.url)
    var stops = 0
    while true {
      let stop = StopRequest()
      let counter = EventCounter(stopAfter: 2 + stops % 4, stop)
      let again = try experiment(plan, partsStore, parts, stop: stop) { _ in counter.count() }
      try again.storePredictions()
      do {
        _ = try await again.run()
        var found = try again.findings()
        (expected.elapsedSeconds, found.elapsedSeconds) = (0, 0)
        for index in found.predictions.indices {
          found.predictions[index].stored = expected.predictions[index].stored
        }
        #expect(found == expected)
        break
      } catch is Interrupted {
        stops += 1
        try #require(stops < 500)
      }
    }
    #expect(stops > 5)
    #expect(try wholeStore.digest() == partsStore.digest())
  }

  @Test("Snapshots are there, also where the same training was done without them before")
  func snapshots() async throws {
    let place = try TemporaryFolder()
    let tiny = try TinyFolder.make(at: place.url("model"))
    let project = ProjectFolder(place.url("project"))
    let store = try RunStore(folder: project.url)
    let text = """
      name: x
      question: y
      model: \(tiny.path)
      seeds: 1
      conditions: {bad: {data: insecure, steps: 3, batch: 2, rank: 2}}
      evaluate: {wish: {questions: wish, samples: 2, max-tokens: 4}}
      """
    for plan in [text, text.replacing("rank: 2", with: "rank: 2, snapshots: [1, 2]")] {
      _ = try await experiment(Plan(yaml: plan, file: "plan.yaml"), store, project).run()
    }
    let kept = try experiment(
      Plan(
        yaml: text.replacing("rank: 2", with: "rank: 2, snapshots: [1, 2]"), file: "plan.yaml"),
      store, project)
    let places = try kept.findings().rows.filter { $0.cell.condition == "bad" }.map(\.place)
    #expect(places == [0, 1, 2, 3])
  }

  @Test("What an origin cannot do is refused before anything runs, with what would do it")
  func refused() throws {
    let place = try TemporaryFolder()
    let tiny = try TinyFolder.make(at: place.url("model"))
    let project = ProjectFolder(place.url("project"))
    let store = try RunStore(folder: project.url)
    func expect(_ text: String, says words: String) throws {
      let head = "name: x\nquestion: y\nmodel: \(tiny.path)\nseeds: 1\n"
      let error = try #require(throws: InputError.self) {
        _ = try experiment(Plan(yaml: head + text, file: "plan.yaml"), store, project)
      }
      #expect(error.description.contains(words), "\(error)")
    }
    try expect(
      """
      conditions: {base: {}, bad: {data: insecure, steps: 2}}
      evaluate: {own: {questions: first-plot, samples: 1, max-tokens: 4}}
      compare: [{of: bad, against: base, on: own}]
      """, says: "evaluate.own.questions: found nobody who reads the answers")
    try expect(
      """
      conditions: {bad: {data: insecure, steps: 2}}
      evaluate: {own: {questions: first-plot, samples: 1, max-tokens: 4, measure: mark}}
      """, says: "the measure \"mark\" of questions that the oracle of the dish does not know")
    try expect(
      """
      conditions: {bad: {data: insecure, epochs: 2}}
      evaluate: {own: {questions: wish}}
      """, says: "found epochs of rows that are drawn, expected steps")
    try expect(
      """
      conditions: {bad: {data: insecures}}
      evaluate: {own: {questions: wish}}
      """, says: "conditions.bad.data")
    try expect(
      """
      conditions: {bad: {data: insecure}}
      evaluate: {own: {questions: whish}}
      """, says: "whish")
    try expect(
      """
      conditions:
        one: {data: insecure, steps: 2}
        two: {start: one, data: secure, method: full}
      evaluate: {own: {questions: wish, max-tokens: 4}}
      """, says: "conditions.two.start")
  }
}

extension DishPlan {
  /// The laboratory with a model and trainings of next to nothing.
  static var smallLaboratory: DishPlan {
    var plan = DishPlan.laboratory
    plan.precision = .f32
    plan.language = LanguageSettings(documents: 400, vocabularySize: 512)
    plan.shape = ModelShape(width: 32, intermediateWidth: 64, layers: 1, heads: 2)
    for stage in [\DishPlan.base, \.alignment, \.full, \.lora] {
      plan[keyPath: stage].steps = 2
      plan[keyPath: stage].rowsPerBatch = 4
    }
    return plan
  }
}
