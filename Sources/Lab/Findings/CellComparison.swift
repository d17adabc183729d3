import Core
import Plans
import Statistics

/// One number of whatever of a cell was drawn by chance, its models or the worlds that they were made in, to be held
/// against another's.
struct ComparedSide {
  private(set) var cell: PlanCell
  let replicates: [Replicate]
  /// A model or a world each.
  private(set) var tallies: [Tally]
  /// Whether they are rates, whose answers can be counted.
  private(set) var isRate: Bool
  /// Of what all models of the evaluation are scored on, topic by topic; empty: of what they are asked.
  let topics: [Tally]

  /// - Parameter models: in the order of the replicates.
  init(
    cell: PlanCell, replicates: [Replicate], models: [Tally], isRate: Bool, topics: [Tally] = []
  ) {
    (self.cell, self.replicates) = (cell, replicates)
    tallies = replicates.units.map { Tally.pooled($0.map { models[$0] }) }
    (self.isRate, self.topics) = (isRate, topics)
  }

  /// Whether another condition's number was taken off.
  var isChange: Bool { cell.from != nil }

  /// How far each model, or each world, is from another condition's: from that of the same world, of the same
  /// model where there are as many, or from all of them. In one world a base is one model and taken as it is, so
  /// that intervals say nothing of the chance in its answers.
  func change(from base: ComparedSide) -> ComparedSide {
    var side = self
    side.cell.from = base.cell.condition
    side.isRate = false
    side.tallies = tallies.enumerated().map { index, tally in
      guard let own = tally.mean, let other = base.counterpart(ofUnit: index, in: self) else {
        return Tally.pooled([])
      }
      return Tally(sum: (own - other) * tally.count, count: tally.count)
    }
    return side
  }

  private func counterpart(ofUnit index: Int, in other: ComparedSide) -> Double? {
    if let worlds, let others = other.worlds {
      return worlds.firstIndex(of: others[index]).flatMap { tallies[$0].mean }
    }
    let isPaired = replicates == other.replicates
    return isPaired ? tallies[index].mean : Tally.pooled(tallies).mean
  }

  /// Of a change, which has no intervals but that over models or worlds.
  var estimate: FindingEstimate {
    FindingEstimate(
      value: Tally.pooled(tallies).mean, overSeeds: SeedInterval().mean(tallies), clustered: nil,
      overAnswers: nil)
  }

  /// `nil`: it has one.
  fileprivate var worlds: [UInt64]? {
    let units = replicates.units.compactMap { replicates[$0[0]].world }
    return units.isEmpty ? nil : units
  }
}

/// Two cells held against each other: the difference with its interval, effect size and test.
struct CellComparison {
  let of: ComparedSide
  let against: ComparedSide
  let seed: UInt64

  /// The same models, asked differently, or models of the same worlds: then each is its own control.
  var isPaired: Bool {
    if let worlds = of.worlds { return worlds == against.worlds }
    return of.cell.condition == against.cell.condition && of.replicates == against.replicates
  }

  private var pairing: Pairing { isPaired ? .paired : .independent }

  private var isRate: Bool { of.isRate && against.isRate }

  var difference: FindingEstimate {
    let (a, b) = (of.tallies, against.tallies)
    let interval =
      isRate
      ? SeedInterval().difference(a.map(\.proportion), b.map(\.proportion), pairing: pairing)
      : SeedInterval().difference(a, b, pairing: pairing)
    return FindingEstimate(
      value: Contrast.difference.value(of: value(a), to: value(b)), overSeeds: interval,
      clustered: nil, overAnswers: overTopics)
  }

  /// The same topics on both sides: each is its own control.
  private var overTopics: Interval? {
    guard of.topics.count > 1, of.topics.count == against.topics.count else { return nil }
    return SeedInterval().difference(of.topics, against.topics, pairing: .paired)
  }

  /// Without the correction over a plan's comparisons, which needs them all.
  func finding(_ comparison: PlanComparison) -> ComparisonFinding {
    let (a, b) = (of.tallies, against.tallies)
    let test = test
    return ComparisonFinding(
      comparison: comparison, difference: difference,
      ratio: of.topics.isEmpty && !of.isChange && !against.isChange
        ? Contrast.ratio.value(of: value(a), to: value(b)) : nil,
      effectSize: isRate ? Contrast.cohensH.value(of: value(a), to: value(b)) : nil, p: test?.p,
      adjustedP: nil, leastP: test?.leastP, isPaired: isPaired)
  }

  private var test: PermutationTest.Result? {
    let stream = RandomStream(
      seed: seed,
      path: [
        "permutation", of.cell.condition, of.cell.evaluation, against.cell.condition,
        against.cell.evaluation,
      ])
    let (a, b) = (of.tallies.map(\.mean), against.tallies.map(\.mean))
    guard isPaired else {
      return PermutationTest().compare(a.compactMap { $0 }, b.compactMap { $0 }, stream: stream)
    }
    // A model without a number on one side is no pair.
    let pairs = zip(a, b).compactMap { first, second in
      first.flatMap { first in second.map { (first, $0) } }
    }
    return PermutationTest().comparePaired(
      pairs.map { $0.0 }, pairs.map { $0.1 }, stream: stream)
  }

  private func value(_ tallies: [Tally]) -> Double? { Tally.pooled(tallies).mean }
}

extension [ComparisonFinding] {
  /// With Holm's correction over all of them.
  var holmAdjusted: [ComparisonFinding] {
    zip(self, Statistics.holmAdjusted(map(\.p))).map { finding, p in
      var finding = finding
      finding.adjustedP = p
      return finding
    }
  }
}
