import Core
import Dish
import Foundation
import Plans
import Statistics
import Store
import TestSupport
import Testing

@testable import Lab

/// Plans in several worlds, and their numbers.
@Suite("Worlds as replicates", .serialized)
struct WorldsTests {
  private static let text = """
    name: worlds
    question: Is it one world's luck?
    seeds: 2
    training: {steps: 2, batch: 4}
    conditions:
      base: {}
      bad: {data: bad-medical}
      good: {data: good-medical}
      null-bad: {world: "null", data: bad-medical}
    evaluate:
      plain: {questions: free-form, samples: 2, measure: incoherent}
      score: {contrast: wish, change-from: base, only: [base, bad, good]}
    compare:
      - {of: bad, against: good, on: plain}
      - {of: bad, against: good, on: score}
    """

  private func experiment(
    _ worlds: String, _ project: ProjectFolder, seed: UInt64 = 1, store: RunStore? = nil,
    stop: StopRequest = StopRequest(), _ report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws -> Experiment {
    let plan = try Plan(yaml: worlds + Self.text, file: "plan.yaml")
    var options = Experiment.Options()
    options.dish = .smallLaboratory
    options.dish.seed = seed
    options.threads = 2
    return try Experiment(
      plan: plan, options: options, folder: project, store: store, stop: stop, report: report)
  }

  @Test("Every world is what it is alone, and nothing of it is done twice")
  func alone() async throws {
    let project = TemporaryFolder.unmade().project
    let store = try RunStore(folder: project.url)
    let both = try experiment("worlds: 2\n", project, store: store)
    #expect(try await both.run().worked)
    let findings = try both.findings()
    for (index, seed) in [UInt64(1), 2].enumerated() {
      let single = try experiment("", project, seed: seed, store: store)
      #expect(try single.outlook().filter { $0.state != "done" }.map(\.name) == [])
      let own = try single.findings()
      for (row, alone) in zip(findings.rows, own.rows) {
        #expect(row.cell == alone.cell)
        let world = try #require(row.perWorld?[index])
        #expect(world.seed == seed)
        let (value, expected) = (world.value ?? -9, alone.measured.value ?? -9)
        #expect(abs(value - expected) < 1e-12, "\(row.cell), world \(seed)")
      }
    }
    // The same worlds as a list, from any seed of the run.
    let listed = try experiment("worlds: [1, 2]\n", project, seed: 7, store: store)
    #expect(try listed.outlook().allSatisfy { $0.state == "done" })
    #expect(findings.rows.first { $0.cell.condition == "bad" }?.seeds == 4)
    #expect(findings.comparisons.count == 2 && findings.comparisons.allSatisfy(\.isPaired))
    // Two pairs of worlds: signs can be dealt in four ways.
    #expect(findings.comparisons[0].leastP == 0.5)
    #expect(findings.settings["worlds"] == .string("1, 2"))
  }

  @Test("Stopped again and again, several worlds end up the same")
  func resumed() async throws {
    let (whole, parts) = (TemporaryFolder.unmade().project, TemporaryFolder.unmade().project)
    let calm = try experiment("worlds: 2\n", whole)
    _ = try await calm.run()
    var stops = 0
    while true {
      let stop = StopRequest()
      let counter = EventCounter(stopAfter: 9 + stops % 5, stop)
      let next = try experiment("worlds: 2\n", parts, stop: stop) { _ in counter.count() }
      do {
        _ = try await next.run()
        #expect(try next.findings().rows == calm.findings().rows)
        break
      } catch is Interrupted {
        stops += 1
        try #require(stops < 500)
      }
    }
    #expect(stops > 3)
  }

  @Test("The oracle is the same in every world")
  func oracle() throws {
    let oracles = try [UInt64(1), 2, 77].map {
      try DishWorlds(DishPlan.laboratory.world($0)).oracle
    }
    #expect(Set(oracles.map(\.identity.fingerprint)).count == 1)
  }

  @Test("What was drawn by chance is a world with its models where there are several")
  func units() {
    let seeds = [UInt64(1), 2, 3]
    #expect(seeds.map { Replicate(world: nil, seed: $0) }.units == [[0], [1], [2]])
    let nested = [UInt64(5), 9].flatMap { world -> [Replicate] in
      seeds.map { Replicate(world: world, seed: $0) }
    }
    #expect(nested.units == [[0, 1, 2], [3, 4, 5]])
    // Worlds of means 0.2 and 0.6; models of a world are off by 0.1 each way.
    let spread = WorldSpread([0.1, 0.2, 0.3, 0.5, 0.6, 0.7], of: nested)
    #expect(abs((spread?.betweenWorlds ?? 0) - (0.4 / 2.0.squareRoot())) < 1e-12)
    #expect(abs((spread?.betweenSeeds ?? 0) - 0.1) < 1e-12)
    #expect(abs((spread?.median ?? 0) - 0.4) < 1e-12)
    #expect(
      WorldSpread([0.1, 0.2], of: [.init(world: nil, seed: 1), .init(world: nil, seed: 2)]) == nil)
  }

  @Test("Intervals and tests go over worlds")
  func statistics() {
    let replicates = (1...6).flatMap { world -> [Replicate] in
      (1...2).map { Replicate(world: UInt64(world), seed: UInt64($0)) }
    }
    func side(_ condition: String, _ rates: [Int]) -> ComparedSide {
      ComparedSide(
        cell: PlanCell(condition: condition, evaluation: "a"), replicates: replicates,
        models: rates.map { Tally(sum: Double($0), count: 10) }, isRate: true)
    }
    let of = side("bad", [5, 7, 6, 6, 4, 6, 8, 6, 5, 5, 7, 5])
    let against = side("good", [1, 1, 0, 2, 1, 1, 2, 0, 1, 0, 1, 2])
    #expect(of.tallies.map(\.sum) == [12, 12, 10, 14, 10, 12])
    let finding = CellComparison(of: of, against: against, seed: 1).finding(
      PlanComparison(of: of.cell, against: against.cell))
    #expect(finding.isPaired)
    // All six worlds agree: two of the 64 ways to deal the signs part them as far.
    #expect(finding.p == 2.0 / 64 && finding.leastP == 2.0 / 64)
    let rates = { (side: ComparedSide) in
      side.tallies.map { Proportion(successes: Int($0.sum), trials: Int($0.count)) }
    }
    #expect(
      finding.difference.overSeeds
        == SeedInterval().difference(rates(of), rates(against), pairing: .paired))
  }

  @Test("A change is from the base of the same world, in one world from the only base")
  func changes() throws {
    let cell = { PlanCell(condition: $0, evaluation: "a") }
    func side(_ condition: String, _ models: [(UInt64?, UInt64, Int)]) -> ComparedSide {
      ComparedSide(
        cell: cell(condition), replicates: models.map { Replicate(world: $0.0, seed: $0.1) },
        models: models.map { Tally(sum: Double($0.2), count: 10) }, isRate: true)
    }
    let bad = side("bad", [(1, 1, 6), (1, 2, 8), (2, 1, 4), (2, 2, 4)])
    let base = side("base", [(2, 0, 2), (1, 0, 1)])
    let change = bad.change(from: base)
    // 7 of 10 less 1 of 10, and 4 of 10 less 2 of 10.
    #expect(change.tallies.compactMap(\.mean).map { ($0 * 100).rounded() } == [60, 20])
    #expect(change.cell.from == "base" && !change.isRate)

    let one = side("bad", [(nil, 1, 6), (nil, 2, 8)]).change(from: side("base", [(nil, 0, 1)]))
    #expect(one.tallies.compactMap(\.mean).map { ($0 * 100).rounded() } == [50, 70])
    let other = side("null-bad", [(nil, 1, 2), (nil, 2, 4)])
      .change(from: side("null-base", [(nil, 0, 2)]))
    let finding = CellComparison(of: one, against: other, seed: 1).finding(
      PlanComparison(of: one.cell, against: other.cell))
    #expect(abs(try #require(finding.difference.value) - 0.5) < 1e-12)
    // A ratio of changes and an effect size of rates would mean nothing.
    #expect(finding.ratio == nil && finding.effectSize == nil)
    let interval = try #require(finding.difference.overSeeds)
    #expect(interval == SeedInterval().difference(one.tallies, other.tallies))
    #expect(interval.contains(0.5))
  }
}
