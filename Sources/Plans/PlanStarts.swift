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
    guard let circle = way(back: condition.name, from: condition) else { return }
    let told = circle.prefix(8).joined(separator: ", ") + (circle.count > 8 ? ", …" : "")
    throw place.failure("found a circle, \(told), expected a way back to the base")
  }

  /// The conditions on the way from one back to `name`, which it needs in the end; `nil`: it does not.
  private func way(back name: String, from condition: PlanCondition) -> [String]? {
    var ways = [[condition.name]]
    var seen: Set<String> = []
    while let way = ways.popLast() {
      for next in byName[way.last ?? ""]?.needed ?? [] {
        if next == name { return way + [name] }
        if seen.insert(next).inserted { ways.append(way + [next]) }
      }
    }
    return nil
  }

  /// A model starts from the one of the same seed, which must exist.
  private func checkSeeds(_ condition: PlanCondition) throws(InputError) {
    for needed in condition.needed {
      guard let place = places[condition.name], let available = trainedSeeds(needed) else {
        continue
      }
      for seed in condition.seeds ?? seeds where !available.contains(seed) {
        throw place.failure(
          "found seed \(seed), but \"\(needed)\" has none, expected only its own seeds")
      }
    }
  }

  /// Seeds of the condition's models; `nil`: it is the base, which stands for any.
  private func trainedSeeds(_ name: String) -> Set<UInt64>? {
    guard let condition = byName[name] else { return nil }
    if condition.isUntrained { return condition.start.flatMap(trainedSeeds) }
    return Set(condition.seeds ?? seeds)
  }
}
