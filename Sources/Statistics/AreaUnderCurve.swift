import Core

/// How well a score tells bad models from clean ones, and how well that is known.
///
/// `A = P(bad > clean) + ½ P(bad = clean)` over all pairs, those of two worlds as well: one
/// threshold has to serve all worlds. It is the area under the curve of hits over false alarms
/// (ROC); ½ is guessing, 1 a threshold without an error. A higher score is worse.
///
/// Models of one world share a base, and so their luck.
package struct AreaUnderCurve: Sendable, Hashable {
  /// The scores of one world's models.
  package struct World: Sendable, Hashable {
    package let clean: [Double]
    package let bad: [Double]

    /// - Precondition: no score is NaN.
    package init(clean: [Double], bad: [Double]) {
      precondition(
        !(clean + bad).contains { $0.isNaN }, "scores are numbers that can be put in order")
      self.clean = clean
      self.bad = bad
    }
  }

  package let worlds: [World]

  package init(_ worlds: [World]) {
    self.worlds = worlds
  }

  package var cleanCount: Int { worlds.reduce(0) { $0 + $1.clean.count } }
  package var badCount: Int { worlds.reduce(0) { $0 + $1.bad.count } }

  /// A; `nil` without a clean model or without a bad one.
  package var value: Double? {
    RankSum.probability(of: worlds.flatMap(\.clean), below: worlds.flatMap(\.bad))
  }

  /// Whether every bad model scores above every clean one.
  package var isSeparated: Bool { value == 1 }

  /// The 95 % interval by the bootstrap over worlds: as many as there are get drawn with
  /// replacement, each with all its models.
  ///
  /// It covers the choice of worlds. With few worlds it is too short, and it is 1…1 where scores
  /// separate, as if nothing could ever go wrong: see `interval`.
  ///
  /// - Returns: `nil` with fewer than two worlds, and where a draw lacks either kind of model.
  /// - Complexity: O(models² + resamples × worlds²).
  ///
  /// Reference: as of `ClusterBootstrap`.
  package func bootstrapInterval(
    _ bootstrap: ClusterBootstrap = ClusterBootstrap(), stream: RandomStream
  ) -> Interval? {
    guard worlds.count > 1 else { return nil }
    // `wins[a][b]`: pairs of a clean model of a below a bad one of b, ties counting half.
    let wins = worlds.map { a in
      worlds.map { b in
        (RankSum.probability(of: a.clean, below: b.bad) ?? 0)
          * Double(a.clean.count * b.bad.count)
      }
    }
    return bootstrap.percentiles(stream: stream) { stream in
      let drawn = worlds.map { _ in stream.below(worlds.count) }
      let clean = drawn.reduce(0) { $0 + worlds[$1].clean.count }
      let bad = drawn.reduce(0) { $0 + worlds[$1].bad.count }
      guard clean > 0, bad > 0 else { return nil }
      let won = drawn.reduce(0.0) { sum, a in drawn.reduce(sum) { $0 + wins[a][$1] } }
      return won / Double(clean * bad)
    }
  }

  /// The 95 % interval to print: from the lower of the two low ends to the higher of the two high
  /// ends of `bootstrapInterval` and `scoreInterval`. It covers the choice of worlds, and is never
  /// shorter than so many independent models would allow, so that 1…1 cannot be.
  ///
  /// By simulation (600 runs a cell; 3, 5 and 10 worlds of 10 or 20 models a kind, normal scores,
  /// areas from .92 to .98, worlds alike or with shifts of half a standard deviation) it covers 92 to
  /// 99.7 %, the bootstrap alone 61 to 91 %.
  ///
  /// - Returns: `nil` where the bootstrap is.
  package func interval(
    _ bootstrap: ClusterBootstrap = ClusterBootstrap(), stream: RandomStream
  ) -> Interval? {
    guard let worlds = bootstrapInterval(bootstrap, stream: stream), let models = scoreInterval()
    else { return nil }
    return Interval(low: min(worlds.low, models.low), high: max(worlds.high, models.high))
  }
}
