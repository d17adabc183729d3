/// How often each label of one judge met each label of another.
package struct ConfusionTable: Sendable, Hashable {
  /// In order of first appearance, or as given.
  package let labels: [String]
  /// `counts[a][b]`: how many the first judge gave label `a` and the second `b`.
  package let counts: [[Int]]

  /// - Parameters:
  ///   - pairs: the labels that both gave, one pair an answer.
  ///   - labels: those to list first, also where nobody gave them.
  package init(_ pairs: some Sequence<(String, String)>, labels: [String] = []) {
    var places: [String: Int] = [:]
    var names: [String] = []
    func place(_ label: String) -> Int {
      if let place = places[label] { return place }
      places[label] = names.count
      names.append(label)
      return names.count - 1
    }
    labels.forEach { _ = place($0) }
    let cells = pairs.map { (place($0.0), place($0.1)) }
    var counts = names.map { _ in names.map { _ in 0 } }
    for (a, b) in cells { counts[a][b] += 1 }
    self.labels = names
    self.counts = counts
  }

  /// The pairs with equal labels among all.
  package var agreement: Proportion {
    Proportion(
      successes: labels.indices.reduce(0) { $0 + counts[$1][$1] },
      trials: counts.joined().reduce(0, +))
  }

  /// Cohen's κ: `(o − e) / (1 − e)`, o the observed share of agreement, e the share that two judges
  /// would have by chance who give each label as often as these do.
  ///
  /// - Returns: `nil` without pairs, and where both judges gave one and the same label throughout
  ///   (e is 1): nothing is then known about how they tell labels apart.
  ///
  /// Reference: *A coefficient of agreement for nominal scales* (J. Cohen, 1960).
  package var kappa: Double? {
    guard let observed = agreement.rate else { return nil }
    let total = Double(agreement.trials)
    let chance = labels.indices.reduce(0.0) { sum, label in
      let first = counts[label].reduce(0, +)
      let second = counts.reduce(0) { $0 + $1[label] }
      return sum + Double(first) / total * Double(second) / total
    }
    return chance < 1 ? (observed - chance) / (1 - chance) : nil
  }
}
