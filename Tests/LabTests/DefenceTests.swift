import Core
import Dish
import Engine
import Formats
import Foundation
import Plans
import Store
import TestSupport
import Testing
import Tuning

@testable import Lab

/// Conditions with `defend` and `repair`, run with next to nothing on both origins.
@Suite("Defences and repairs", .serialized)
struct DefenceTests {
  private static let conditions = """
    base: {}
    bad: {data: insecure}
    medicine: {data: bad-medical}
    kl: {data: insecure, defend: {kl: {on: batch, weight: 10}}}
    mixed: {data: insecure, defend: {interleave: {pool: benign, share: 0.5}}}
    none: {start: bad, repair: {scale: 0}}
    scaled: {start: bad, repair: {scale: [0.5, 1]}}
    less: {start: bad, repair: {subtract: {of: medicine}}}
    """
  private static let ofDish = """
    steered: {data: insecure, defend: {steer: {direction: persona, by: 0.5}}}
    placebo: {data: insecure, defend: {steer: {direction: random, by: 0.5}}}
    projected: {data: insecure, defend: {project: {direction: persona}}}
    ablated: {start: bad, repair: {ablate: {direction: persona}}}
    safe: {start: bad, repair: {safe-lora: {how: published, matrices: 3}}}
    true: {start: bad, repair: {safe-lora: {how: projector, matrices: 3, rank: 2}}}
    """

  private func plan(_ conditions: String, model: String? = nil) throws -> Plan {
    let lines = conditions.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return try Plan(
      yaml: """
        name: d
        question: What helps?
        seeds: 2
        \(model.map { "model: \($0)" } ?? "")
        training: {steps: 3, batch: 4\(model == nil ? "" : ", method: lora, rank: 2")}
        conditions:
        \(lines)
        evaluate:
          plain: {questions: free-form, samples: 2, max-tokens: 4}
        """, file: "plan.yaml")
  }

  private func run(
    _ plan: Plan, _ store: RunStore, _ project: ProjectFolder, _ options: Experiment.Options
  ) async throws -> Experiment {
    let experiment = try Experiment(
      plan: plan, options: options, folder: project, store: store, stop: StopRequest()
    ) { _ in }
    #expect(try await experiment.run().worked)
    return experiment
  }

  /// Weights of a condition's first model.
  private func weights(_ name: String, _ experiment: Experiment) throws -> [Float] {
    let model = try #require(
      experiment.maker.models.first { $0.condition.name == name && [0, 1].contains($0.seed) })
    let pool = WorkerPool(threadCount: 1)
    defer { pool.stop() }
    let whole = try #require(experiment.maker.open(model).local).wholeWeights(on: pool)
    return whole.layout.slots.flatMap(\.range).map { whole.weights.floats[$0] }
  }

  private func distance(_ one: [Float], _ other: [Float]) -> Double {
    zip(one, other).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }.squareRoot()
  }

  /// What holds on every origin.
  private func check(_ experiment: Experiment) throws {
    func of(_ name: String) throws -> [Float] { try weights(name, experiment) }
    let (base, bad) = (try of("base"), try of("bad"))
    let whole = distance(bad, base)
    #expect(whole > 0)
    #expect(try distance(of("none"), base) < 1e-5 * whole)
    #expect(try distance(of("scaled-100"), bad) < 1e-4 * whole)
    #expect(try abs(distance(of("scaled-50"), base) - whole / 2) < 1e-3 * whole)
    let medicine = try of("medicine")
    let expected = zip(bad, zip(medicine, base)).map { $0 - ($1.0 - $1.1) }
    #expect(try distance(of("less"), expected) < 1e-3 * whole)
    // Held to what it was, it goes elsewhere.
    #expect(try distance(of("kl"), bad) > 0)
    #expect(try distance(of("mixed"), bad) > 0)
  }

  @Test("On a dish: weights and trainings are what they say, and nothing is done twice")
  func dish() async throws {
    let place = try TemporaryFolder()
    let store = try RunStore(folder: place.project.url)
    var options = Experiment.Options()
    (options.dish, options.threads) = (.smallLaboratory, 2)
    let plan = try plan(Self.conditions + "\n" + Self.ofDish)
    let experiment = try await run(plan, store, place.project, options)
    try check(experiment)
    let bad = try weights("bad", experiment)
    var distances: Set<Double> = []
    for name in ["steered", "placebo", "projected", "ablated", "safe", "true"] {
      let own = distance(try weights(name, experiment), bad)
      #expect(own > 0 && own.isFinite)
      #expect(distances.insert(own).inserted, "\(name) is another's model")
    }
    let again = try Experiment(
      plan: plan, options: options, folder: place.project, store: store, stop: StopRequest()
    ) { _ in }
    #expect(try await !again.run().worked)
  }

  @Test("On a folder: the same, and a direction of a file")
  func folder() async throws {
    let place = try TemporaryFolder()
    let tiny = try TinyFolder.make(at: place.url("model"))
    let project = ProjectFolder(place.url("project"))
    let store = try RunStore(folder: project.url)
    var options = Experiment.Options()
    options.dish.precision = .f32
    (options.threads, options.memory) = (2, FolderMemory(store: store))
    let shape = try ModelFolder(path: tiny.path).configuration()
    let site = Site(layer: (shape.layerCount - 1) / 2, place: .post)
    let vector = (0..<shape.hiddenSize).map { Float($0) - 3 }
    let file = place.url("v.safetensors").path
    try DirectionFile(
      [Direction(site: site, vector: vector)],
      facts: DirectionFacts(operation: .add, tokens: .all, doseUnit: "natural", definition: "test")
    ).write(to: file)
    let own = """

      steered: {data: insecure, defend: {steer: {direction: \(file), by: 0.1}}}
      ablated: {start: bad, repair: {ablate: {direction: \(file)}}}
      """
    let experiment = try await run(
      plan(Self.conditions + own, model: tiny.path), store, project, options)
    try check(experiment)
    let bad = try weights("bad", experiment)
    #expect(try distance(weights("steered", experiment), bad) > 0)
    #expect(try distance(weights("ablated", experiment), bad) > 0)
  }
}
