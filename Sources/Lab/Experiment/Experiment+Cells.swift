import Core
import Plans
import Store
import Tuning

extension Experiment {
  /// Writes down which answers the plan's cells have, so that whoever reads the store (`askew view`) knows what they
  /// belong to.
  package func enterCells() throws {
    let cells = maker.cells.map { cell in
      StoredCell(
        plan: plan.name, stage: cell.stage.fingerprint,
        condition: (cell.model.condition.name, cell.model.condition.title),
        evaluation: (cell.evaluation.name, cell.evaluation.title), world: cell.model.world,
        seed: cell.model.seed, place: cell.model.place,
        questions: Set(cell.places.map(\.key.question)).sorted())
    }
    try store.enter(cells: cells, ofPlan: plan.name)
  }
}
