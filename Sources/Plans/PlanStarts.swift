import Core
import Documents

/// Which condition starts from which.
struct PlanStarts {
  private let conditions: [PlanCondition]
  private let byName: [String: PlanCondition]
  private let seeds: [UInt64]
  private let places: [String: PlanValue]

  /// - Parameters:
  ///   - conditions: all, with starts that exist.
  ///   - seeds: the plan's own.
  ///   - places: where the starts are written, by condition.
  init(conditions: [PlanCondition], seeds: [UInt64], places: [String: PlanValue]) {
    self.conditions = conditions
    self.seeds = seeds
    self.places = places
    byName = Dictionary(conditions.map { ($0.name, $0) }) { first, _ in first }
  }

  func check() throws(InputError) {
    for condition in conditions { try checkCycle(condition) }
    for condition in conditions { try checkSeeds(condition) }
  }

  private func checkCycle(_ condition: PlanCondition) throws(InputError) {
    guard let place = places[condition.name] else { return }
    var path = [condition.name]
    var next = condition.start
    while let name = next, path.count <= conditions.count {
      path.append(name)
      if name == condition.name {
        let circle = path.prefix(8).joined(separator: ", ") + (path.count > 8 ? ", …" : "")
        throw place.failure("found a circle, \(circle), expected a way back to the base")
      }
      next = byName[name]?.start
    }
  }

  /// A model starts from the one of the same seed, which must exist.
  private func checkSeeds(_ condition: PlanCondition) throws(InputError) {
    guard let start = condition.start, let place = places[condition.name],
      let available = trainedSeeds(start)
    else { return }
    for seed in condition.seeds ?? seeds where !available.contains(seed) {
      throw place.failure(
        "found seed \(seed), but \"\(start)\" has none, expected only its own seeds")
    }
  }

  /// Seeds of the condition's models; `nil`: it is the base, which stands for any.
  private func trainedSeeds(_ name: String) -> Set<UInt64>? {
    guard let condition = byName[name] else { return nil }
    if condition.isUntrained { return condition.start.flatMap(trainedSeeds) }
    return Set(condition.seeds ?? seeds)
  }
}
