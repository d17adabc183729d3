import Anatomy
import Formats
import Plans
import Statistics

/// How alike directions are, of one model or of two that differ by the seed alone.
struct CosineTable {
  private let directions: [(PlannedDirection, DirectionVectors)]

  init(_ directions: [(PlannedDirection, DirectionVectors)]) { self.directions = directions }

  private struct Pair {
    let a: DirectionVectors
    let b: DirectionVectors
    let replicate: Replicate
  }

  /// Each direction with each other one, and with itself from other seeds of the same world, site by site.
  var findings: [CosineFinding] {
    var names: [String] = []
    for (direction, _) in directions where !names.contains(direction.definition.name) {
      names.append(direction.definition.name)
    }
    return names.indices.flatMap { one in
      names.indices.filter { $0 >= one }.flatMap { other in
        findings(names[one], names[other], pairs(names[one], names[other]))
      }
    }
  }

  private func pairs(_ one: String, _ other: String) -> [Pair] {
    func own(_ name: String) -> [(PlannedDirection, DirectionVectors)] {
      directions.filter { $0.0.definition.name == name }
    }
    if one != other {
      return own(one).compactMap { direction, vectors in
        own(other).first { $0.0.replicate == direction.replicate }.map {
          Pair(a: vectors, b: $0.1, replicate: direction.replicate)
        }
      }
    }
    let all = own(one)
    return all.indices.flatMap { i in
      all.indices.filter { $0 > i && all[$0].0.tuned.world == all[i].0.tuned.world }.map { j in
        Pair(a: all[i].1, b: all[j].1, replicate: all[i].0.replicate)
      }
    }
  }

  private func findings(_ a: String, _ b: String, _ pairs: [Pair]) -> [CosineFinding] {
    guard let first = pairs.first else { return [] }
    return first.a.sites.indices.map { site in
      let cosines = pairs.map { Tally(values: [$0.a.own[site].cosine(with: $0.b.own[site]) ?? 0]) }
      let units = pairs.map(\.replicate).units.map { Tally.pooled($0.map { cosines[$0] }) }
      let interval = SeedInterval().mean(units)
      return CosineFinding(
        a: a, b: b, site: first.a.sites[site].name, value: Tally.pooled(cosines).mean,
        low: interval?.low, high: interval?.high, shuffled95: shuffled(pairs, site))
    }
  }

  private func shuffled(_ pairs: [Pair], _ site: Int) -> Double? {
    let count = pairs.map { $0.a.controls[.shuffled]?.count ?? 0 }.min() ?? 0
    let means = (0..<count).map { index in
      abs(
        pairs.reduce(0) {
          $0 + ($1.a.controls[.shuffled]?[index][site].cosine(with: $1.b.own[site]) ?? 0)
        } / Double(pairs.count))
    }
    return quantile(0.95, ofSorted: means.sorted())
  }
}
