import Statistics

/// Which one of a condition's models: by its seed, and by the world where there are several.
struct Replicate: Sendable, Hashable {
  /// The world's seed.
  let world: UInt64?
  let seed: UInt64

  /// Tells it from the others.
  var name: String { world.map { "\($0)/\(seed)" } ?? String(seed) }
}

extension Sequence<Replicate> {
  /// What was drawn by chance, each time once: a world with all of its models where there are several worlds, else
  /// a model. Places in the sequence.
  var units: [[Int]] {
    var units: [[Int]] = []
    var known: [UInt64: Int] = [:]
    for (index, replicate) in enumerated() {
      guard let world = replicate.world else {
        units.append([index])
        continue
      }
      if let unit = known[world] {
        units[unit].append(index)
      } else {
        known[world] = units.count
        units.append([index])
      }
    }
    return units
  }
}

extension [SeedFinding] {
  /// World by world; `nil` where there is one.
  ///
  /// - Parameter tally: of all of these models.
  func perWorld(_ tally: ([Int]) -> Tally) -> [WorldFinding]? {
    let units = map { Replicate(world: $0.world, seed: $0.seed) }.units
    let worlds = units.compactMap { unit in
      self[unit[0]].world.map { world in
        WorldFinding(
          seed: world, value: tally(unit).mean, models: unit.count,
          answers: unit.reduce(0) { $0 + self[$1].answers },
          coherent: unit.reduce(0) { $0 + self[$1].coherent })
      }
    }
    return worlds.isEmpty ? nil : worlds
  }
}

extension WorldSpread {
  /// Of models' numbers, by world.
  ///
  /// - Returns: `nil` in one world.
  init?(_ values: [Double?], of replicates: [Replicate]) {
    let units = replicates.units
    guard replicates.contains(where: { $0.world != nil }), units.count > 1 else { return nil }
    let known = units.map { $0.compactMap { values[$0] } }.filter { !$0.isEmpty }
    let means = known.map { $0.reduce(0, +) / Double($0.count) }
    func squares(_ values: [Double], _ mean: Double) -> Double {
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    let whole = means.isEmpty ? 0 : means.reduce(0, +) / Double(means.count)
    betweenWorlds =
      means.count > 1 ? (squares(means, whole) / Double(means.count - 1)).squareRoot() : nil
    let freedom = known.reduce(0) { $0 + $1.count - 1 }
    let within = zip(known, means).reduce(0) { $0 + squares($1.0, $1.1) }
    betweenSeeds = freedom > 0 ? (within / Double(freedom)).squareRoot() : nil
    median = Self.median(means)
    least = means.min()
    most = means.max()
  }

  private static func median(_ values: [Double]) -> Double? {
    quantile(0.5, ofSorted: values.sorted())
  }
}
