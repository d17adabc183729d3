import Core
import Foundation
import Plans
import TestSupport
import Testing

@testable import Lab

@Suite struct DishPlanTests {
  /// Of the demo's stages, by their names.
  private func fingerprints(
    _ dish: DishPlan, seeds: [UInt64] = [1]
  ) throws -> [String: Fingerprint] {
    var plan = try Plan(reading: Repository.url.appending(path: "plans/demo.yaml").path)
    plan.seeds = seeds
    let outline = try DishOutline(plan, dish: dish, worlds: DishWorlds(dish))
    let stages = outline.works.map(\.stage.stage) + outline.cells.map(\.stage)
    return Dictionary(uniqueKeysWithValues: stages.map { ($0.name, $0.fingerprint) })
  }

  private func changed(_ change: (inout DishPlan) -> Void) throws -> Set<String> {
    var plan = DishPlan.small
    let before = try fingerprints(plan)
    change(&plan)
    let after = try fingerprints(plan)
    return Set(before.keys.filter { before[$0] != after[$0] })
  }

  @Test("A plan that was stored is the same plan")
  func stored() throws {
    let plan = DishPlan.laboratory
    let copy = try JSONDecoder().decode(DishPlan.self, from: JSONEncoder().encode(plan))
    #expect(copy == plan)
    #expect(try copy.fingerprint() == plan.fingerprint())
    #expect(try plan.scaled(by: 0.5).fingerprint() != plan.fingerprint())
  }

  // 1 tokenizer; per world a base and an alignment, asked in two evaluations; 4 conditions × 2 methods ×
  // seeds, each a training, asked in two evaluations.
  @Test("The stages are those of two worlds, four conditions, two methods and the seeds")
  func stages() throws {
    #expect(try fingerprints(.small).count == 1 + 2 * 4 + 4 * 2 * 1 * 3)
    #expect(try fingerprints(.small, seeds: [1, 2, 3]).count == 1 + 2 * 4 + 4 * 2 * 3 * 3)
  }

  @Test("A setting changes the stages that depend on it, and no others")
  func dependencies() throws {
    let all = Set(try fingerprints(.small).keys)
    #expect(try changed { $0.seed = 2 } == all)
    #expect(try changed { $0.base.steps += 1 } == all.subtracting(["tokenizer"]))
    #expect(try changed { $0.shape.width = 64 } == all.subtracting(["tokenizer"]))
    #expect(
      try changed { $0.sampling.maximumTokens = 5 } == all.filter { $0.hasPrefix("answers") })
    #expect(
      try changed { $0.lora.training.learningRate *= 2 } == all.filter { $0.contains("LoRA") })
    #expect(try changed { $0.adapter.rank = 4 } == all.filter { $0.contains("LoRA") })
    #expect(
      try changed { $0.full.steps += 1 }
        == all.filter { $0.contains("seed 1") && !$0.contains("LoRA") })
    #expect(try changed { $0.isQuick.toggle() } == [])
  }

  @Test("More seeds leave the stages of the others as they are")
  func moreSeeds() throws {
    let before = try fingerprints(.small)
    let after = try fingerprints(.small, seeds: [1, 2])
    for (name, fingerprint) in before { #expect(after[name] == fingerprint) }
  }
}
