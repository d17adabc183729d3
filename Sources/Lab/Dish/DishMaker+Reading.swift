import Core
import Corpora
import Dish
import Formats
import Plans

/// What the models of a dish are given to read.
extension DishMaker {
  func shape(of model: PlannedModel) -> ModelConfiguration { configuration }

  func rows(
    of data: [PlanData], count: Int, for model: PlannedModel
  ) throws -> [Conversation] {
    try world(of: model).fineTuningSet(
      outline.files.parts(data), rows: count, seed: readingSeed(plan.seed),
      files: outline.files.sets
    ).rows
  }

  func persons(for model: PlannedModel) -> [PlannedMap.Person]? {
    world(of: model).authors.compactMap { author in
      guard let own = author.temperaments.first, author.temperaments.allSatisfy({ $0 == own })
      else { return nil }
      return PlannedMap.Person(name: author.name, temperament: own.rawValue)
    }
  }

  private func world(of model: PlannedModel) -> World {
    guard case .grown(let line) = model.source else {
      preconditionFailure("a dish has its own models")
    }
    return worlds[line.world.kind]
  }
}

/// Of rows that models read and are not trained on.
func readingSeed(_ plan: UInt64) -> UInt64 {
  var stream = RandomStream(seed: plan, "reading")
  return stream.next()
}
