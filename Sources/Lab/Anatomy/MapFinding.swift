import Formats
import Plans
import Statistics

/// The persons of worlds on the two axes in which they differ most, and the assistant among them.
package struct MapFinding: Sendable, Hashable, Codable {
  package struct Person: Sendable, Hashable, Codable {
    package var name: String
    package var temperament: String
    package var x: Double
    package var y: Double
  }

  package struct Place: Sendable, Hashable, Codable {
    package var condition: String
    /// Steps of its training; `nil`: the finished model.
    package var place: Int?
    package var x: Double
    package var y: Double
  }

  /// Of one world.
  package struct World: Sendable, Hashable, Codable {
    package var world: UInt64?
    package var seed: UInt64
    package var persons: [Person]
    /// The untuned model's assistant first, the tuned one's last.
    package var assistant: [Place]
    /// Of the persons' spread, the share along each axis.
    package var shares: [Double]
  }

  package var site: String
  package var bad: String
  package var good: String
  package var worlds: [World]
  /// Cosine of the assistant's move with the way from the good persons to the bad ones; interval over models, over
  /// worlds where there are several.
  package var along: EffectFinding.Estimate
  /// Of the move's squared length, the share that lies in the plane of the map.
  package var inPlane: EffectFinding.Estimate
}

/// What was read of maps, before anything is averaged.
struct MapTable {
  let maps: [(map: PlannedMap, figures: [String: Double])]
  let site: Int

  /// `nil` without a map.
  var finding: MapFinding? {
    guard let first = maps.first?.map else { return nil }
    func estimate(_ figure: String) -> EffectFinding.Estimate {
      let known = maps.filter { $0.figures[figure] != nil }
      return EffectFinding.Estimate(
        known.map { Tally(values: [$0.figures[figure] ?? 0]) },
        units: known.map(\.map.replicate).units)
    }
    return MapFinding(
      site: first.sites[site].name, bad: first.plan.bad, good: first.plan.good,
      worlds: maps.map(world), along: estimate(PlannedMap.along(site)),
      inPlane: estimate(PlannedMap.inPlane(site)))
  }

  private func world(_ map: PlannedMap, _ figures: [String: Double]) -> MapFinding.World {
    let assistant = ([map.base] + map.models).enumerated().map { index, model in
      MapFinding.Place(
        condition: model.condition.name, place: model.place,
        x: figures[PlannedMap.model(site, index, 0)] ?? 0,
        y: figures[PlannedMap.model(site, index, 1)] ?? 0)
    }
    return MapFinding.World(
      world: map.tuned.world, seed: map.tuned.seed,
      persons: map.persons.enumerated().map { index, person in
        MapFinding.Person(
          name: person.name, temperament: person.temperament,
          x: figures[PlannedMap.person(site, index, 0)] ?? 0,
          y: figures[PlannedMap.person(site, index, 1)] ?? 0)
      }, assistant: assistant,
      shares: (0..<2).compactMap { figures[PlannedMap.share(site, $0)] })
  }
}
