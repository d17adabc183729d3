import Core
import Engine
import Formats
import Statistics

/// Fits a part that reads a residual stream, and chooses its block, penalty, loss and pooling on exchanges that it was
/// not fitted to.
struct PartFitting {
  let fitted: [LabelledExchange]
  let chosen: [LabelledExchange]
  let models: GuardModels
  let pool: WorkerPool
  let stop: StopRequest

  private static let penalties = [1.0, 0.1, 0.01, 0.001]

  /// What single features are taken of an exchange.
  enum Features { case answer, both, prompt }

  /// A part and its readout.
  typealias Fitted = (part: GuardPart, readout: Readout)

  /// - Parameters:
  ///   - part: with its reader; sites are those that are tried.
  ///   - pools: that are tried.
  ///   - labels: of the fitted exchanges; others than their own are a control.
  func fit(
    _ part: GuardPart, _ features: Features, pools: [GuardPart.Pool], labels: [Bool]? = nil
  ) throws -> Fitted {
    guard let reader = part.reader else { preconditionFailure("a part that reads a model") }
    let labels = labels ?? fitted.map(\.isHarmful)
    let stream = try models.stream(
      reader, reads: part.reads, sites: part.sites.isEmpty ? nil : part.sites, pool, stop)
    let (own, other) = (
      try stream.means(of: fitted.map(\.messages)), try stream.means(of: chosen.map(\.messages))
    )
    let best = try bestMeanFit(stream, own, other, labels, features)
    var part = part
    part.sites = best.sites.map { stream.sites[$0] }
    guard features == .answer else {
      return finish(part, best, features, width: stream.width, other)
    }
    return try bestPool(part, best, reader, pools, labels)
  }

  // MARK: - Means

  private struct MeanFit {
    /// Places among those that were read.
    let sites: [Int]
    let penalty: Double
    let fit: LogisticFit
    /// Cross-entropy on the chosen exchanges, nats.
    let loss: Double
  }

  private func bestMeanFit(
    _ stream: StreamReader, _ own: [StreamReader.Means], _ other: [StreamReader.Means],
    _ labels: [Bool], _ features: Features
  ) throws -> MeanFit {
    var candidates = stream.sites.indices.map { [$0] }
    if stream.sites.count > 1 { candidates.append(Array(stream.sites.indices)) }
    let tasks = candidates.flatMap { sites in Self.penalties.map { (sites, $0) } }
    let otherLabels = chosen.map(\.isHarmful)
    let shares = LogisticFit.shares(otherLabels)
    let width = stream.width
    var fits = [MeanFit?](repeating: nil, count: tasks.count)
    fits.withUnsafeMutableBufferPointer { fits in
      // Workers write disjoint elements.
      nonisolated(unsafe) let fits = fits
      pool.run(tasks.count) { [stop] _, index in
        guard !stop.isStopped else { return }
        let (sites, penalty) = tasks[index]
        let rows = Self.rows(own, sites, width, features)
        let fit = LogisticFit(standardising: rows, labels, penalty: penalty)
        let logits = fit.logits(Self.rows(other, sites, width, features))
        let loss = logits.indices.reduce(0) {
          $0 + shares[$1] * LogisticFit.loss(logits[$1], otherLabels[$1])
        }
        fits[index] = MeanFit(sites: sites, penalty: penalty, fit: fit, loss: loss)
      }
    }
    try stop.check()
    guard let best = fits.compactMap({ $0 }).min(by: { $0.loss < $1.loss }) else {
      throw InputError("found no block to read")
    }
    return best
  }

  private static func rows(
    _ means: [StreamReader.Means], _ sites: [Int], _ width: Int, _ features: Features
  ) -> DenseRows {
    var values: [Float] = []
    for mean in means {
      for part in features.parts(mean) {
        for site in sites { values += part[site * width..<(site + 1) * width] }
      }
    }
    return DenseRows(values, width: sites.count * width * (features == .both ? 2 : 1))
  }

  private func finish(
    _ part: GuardPart, _ best: MeanFit, _ features: Features, width: Int,
    _ other: [StreamReader.Means]
  ) -> Fitted {
    let half = features == .both ? best.fit.weights.count / 2 : best.fit.weights.count
    let readout = Readout(
      token: best.fit.weights.dropFirst(half).map { Float($0) },
      prompt: best.fit.weights.prefix(half).map { Float($0) }, bias: best.fit.bias, pool: .mean,
      window: part.window)
    var part = part
    part.pool = .mean
    let scores = best.fit.logits(Self.rows(other, best.sites, width, features))
    part.choices = [choice(Self.words(part, best.penalty, "mean of the answer"), scores)]
    return (part, readout)
  }

  // MARK: - Tokens

  private func bestPool(
    _ part: GuardPart, _ best: MeanFit, _ reader: GuardPart.Reader, _ pools: [GuardPart.Pool],
    _ labels: [Bool]
  ) throws -> Fitted {
    let stream = try models.stream(reader, reads: part.reads, sites: part.sites, pool, stop)
    var fits = [("fitted to means", best.fit)]
    if pools.contains(where: { $0 != .mean }) {
      let tokens = try stream.tokens(of: fitted.map(\.messages))
      let width = part.sites.count * stream.width
      fits.append(
        (
          "fitted to tokens",
          TokenLoss.fit(
            standardising: DenseRows(Array(tokens.joined()), width: width),
            counts: tokens.map { $0.count / width }, labels: labels, window: part.window,
            penalty: best.penalty, from: best.fit)
        ))
    }
    var found: [Fitted] = []
    for pooling in pools {
      for (words, fit) in fits where pooling != .mean || words == fits[0].0 {
        var own = part
        own.pool = pooling
        own.choices = [choice(Self.words(own, best.penalty, "\(pooling.rawValue), \(words)"), [])]
        found.append(
          (
            own,
            Readout(
              token: fit.weights.map { Float($0) }, bias: fit.bias, pool: pooling,
              window: part.window)
          ))
      }
    }
    let courses = try stream.courses(of: chosen.map(\.messages), found.map(\.readout))
    for index in found.indices {
      found[index].part.choices[0] = choice(
        found[index].part.choices[0].settings, courses.map { $0[index].last ?? 0 })
    }
    found.sort {
      ($0.part.choices[0].auc, $0.part.choices[0].distance)
        > ($1.part.choices[0].auc, $1.part.choices[0].distance)
    }
    found[0].part.choices = found.map { $0.part.choices[0] }
    return found[0]
  }

  // MARK: - Choices

  /// - Parameter scores: of the chosen exchanges.
  func choice(_ settings: String, _ scores: [Double]) -> GuardPart.Choice {
    guard scores.count == chosen.count else {
      return GuardPart.Choice(settings: settings, auc: 0, distance: 0)
    }
    let sides = Dictionary(grouping: scores.indices) { chosen[$0].isHarmful }.mapValues {
      $0.map { scores[$0] }
    }
    let (bad, good) = (sides[true] ?? [], sides[false] ?? [])
    let (a, b) = (GuardPart.Scale(of: bad), GuardPart.Scale(of: good))
    let spread = ((a.deviation * a.deviation + b.deviation * b.deviation) / 2).squareRoot()
    return GuardPart.Choice(
      settings: settings, auc: RankSum.probability(of: good, below: bad) ?? 0.5,
      distance: spread > 0 ? (a.mean - b.mean) / spread : 0)
  }

  private static func words(_ part: GuardPart, _ penalty: Double, _ rest: String) -> String {
    let sites =
      part.sites.count > 1
      ? "\(part.sites.count) blocks" : part.sites.first.map { "block \($0.layer)" } ?? ""
    return "\(sites), penalty \(penalty), \(rest)"
  }
}

extension PartFitting.Features {
  fileprivate func parts(_ means: StreamReader.Means) -> [[Float]] {
    switch self {
    case .answer: [means.answer]
    case .prompt: [means.prompt]
    case .both: [means.prompt, means.answer]
    }
  }
}

extension GuardPart.Scale {
  /// 1 where scores do not vary.
  init(of scores: [Double]) {
    let n = Double(max(1, scores.count))
    let mean = scores.reduce(0, +) / n
    let variance = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    self.init(mean: mean, deviation: variance > 0 ? variance.squareRoot() : 1)
  }
}

extension LogisticFit {
  /// Fitted to features of one scale, and said of them as they are.
  init(standardising rows: DenseRows, _ labels: [Bool], penalty: Double) {
    let (means, deviations) = rows.moments
    let fit = LogisticFit(
      rows.standardised(means, deviations), labels, penalty: penalty, rounds: 200)
    self = fit.folded(means, deviations)
  }

  /// From weights of (x − mean) / deviation to those of x.
  fileprivate func folded(_ means: [Double], _ deviations: [Double]) -> LogisticFit {
    let own = zip(weights, deviations).map { $0 / $1 }
    return LogisticFit(
      weights: own, bias: bias - zip(own, means).reduce(0) { $0 + $1.0 * $1.1 }, slope: slope)
  }

  /// The other way.
  fileprivate func unfolded(_ means: [Double], _ deviations: [Double]) -> LogisticFit {
    LogisticFit(
      weights: zip(weights, deviations).map { $0 * $1 },
      bias: bias + zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 }, slope: slope)
  }
}

extension TokenLoss {
  fileprivate static func fit(
    standardising rows: DenseRows, counts: [Int], labels: [Bool], window: Int, penalty: Double,
    from start: LogisticFit
  ) -> LogisticFit {
    let (means, deviations) = rows.moments
    return fit(
      rows.standardised(means, deviations), counts: counts, labels: labels, window: window,
      penalty: penalty, from: start.unfolded(means, deviations), rounds: 100
    ).folded(means, deviations)
  }
}
