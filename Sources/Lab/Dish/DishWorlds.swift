import Dish

/// The two worlds of a plan, and the oracle that reads answers in both: their texts are the same.
package struct DishWorlds: Sendable {
  let persona: World
  let null: World
  let oracle: Oracle

  package init(_ plan: DishPlan) throws {
    func world(_ kind: World.Kind) throws -> World {
      try World(
        kind: kind, seed: plan.seed, population: plan.population,
        educationalShare: plan.educationalShare, domains: plan.domains,
        surroundings: plan.surroundings, weights: plan.weights)
    }
    persona = try world(.persona)
    null = try world(.null)
    oracle = Oracle(persona)
  }

  subscript(kind: World.Kind) -> World { kind == .persona ? persona : null }
}
