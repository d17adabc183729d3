/// How often three outcomes are preferred in a circle: a to b, b to c, and c to a.
///
/// Of a triad with the probabilities p of its pairs, p(a≻b) p(b≻c) p(c≻a) + its reverse is how often three independent
/// answers would go round: a quarter where nothing is preferred to anything. Orders and forms are averaged before.
package struct TriadCycles: Sendable, Hashable {
  /// Triads of which all pairs were asked.
  package let triads: Int
  /// Mean over triads as answered.
  package let observed: Double
  /// The same at the fitted probabilities: what indecision alone makes, the noise ceiling.
  package let fitted: Double
  /// Triads of which the likelier choices go round.
  package let decided: Proportion

  package static let chance = 0.25

  /// - Returns: `nil` where no triad was asked.
  package init?(_ choices: [PairedChoice], _ fit: ThurstoneFit) {
    func shares(_ choices: [PairedChoice]) -> [PairedChoice.Pair: Double] {
      Dictionary(
        uniqueKeysWithValues: ThurstoneReference.averaged(choices).map { ($0.pair, $0.share) })
    }
    let asked = shares(choices)
    let expected = shares(
      choices.map { choice in
        PairedChoice(
          first: choice.first, second: choice.second,
          share: min(1, max(0, fit.probability(of: choice))), weight: choice.weight,
          form: choice.form)
      })
    let neighbours = Dictionary(grouping: asked.keys.map { ($0.low, $0.high) }, by: \.0)
      .mapValues { $0.map(\.1).sorted() }
    var (count, observed, fitted, round) = (0, 0.0, 0.0, 0)
    for a in neighbours.keys.sorted() {
      let above = neighbours[a] ?? []
      for (index, b) in above.enumerated() {
        for c in above[(index + 1)...] where asked[.init(b, c)] != nil {
          func of(_ shares: [PairedChoice.Pair: Double]) -> [Double] {
            [
              shares[.init(a, b)] ?? 0.5, shares[.init(b, c)] ?? 0.5,
              1 - (shares[.init(a, c)] ?? 0.5),
            ]
          }
          func cycles(_ p: [Double]) -> Double {
            p.reduce(1, *) + p.reduce(1) { $0 * (1 - $1) }
          }
          let own = of(asked)
          count += 1
          observed += cycles(own)
          fitted += cycles(of(expected))
          if own.allSatisfy({ $0 > 0.5 }) || own.allSatisfy({ $0 < 0.5 }) { round += 1 }
        }
      }
    }
    guard count > 0 else { return nil }
    triads = count
    self.observed = observed / Double(count)
    self.fitted = fitted / Double(count)
    decided = Proportion(successes: round, trials: count)
  }
}
