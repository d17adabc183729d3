import Core

/// Activations in two classes, such as of misaligned and of aligned answers, or of a tuned model and the one
/// that it was, at several sites of the residual stream.
///
/// Those of a group (answers to one question, one text read by two models) are compared with each other alone,
/// so that a direction does not tell what the questions are about.
package struct LabelledActivations: Sendable {
  package struct Member: Sendable, Hashable {
    package var group: Int
    package var isPositive: Bool

    package init(group: Int, isPositive: Bool) {
      (self.group, self.isPositive) = (group, isPositive)
    }
  }

  package let members: [Member]
  /// Minus the mean of their group, `[site][member][channels]`.
  private let centred: [[[Double]]]
  /// Minus the mean of their class.
  private let withinClass: [[[Double]]]
  package let siteCount: Int
  package let width: Int

  /// - Parameters:
  ///   - members: of each activation.
  ///   - activations: `[member][site][channels]`.
  /// - Precondition: as many of the one as of the other, at least one.
  package init(_ members: [Member], _ activations: [[[Float]]]) {
    precondition(members.count == activations.count && !members.isEmpty, "members and activations")
    self.members = members
    siteCount = activations[0].count
    width = activations[0].first?.count ?? 0
    let bySite = (0..<siteCount).map { site in activations.map { $0[site].map(Double.init) } }
    let groups = Dictionary(grouping: members.indices) { members[$0].group }.values
    let classes = Dictionary(grouping: members.indices) { members[$0].isPositive }.values
    centred = bySite.map { Self.centred($0, within: groups) }
    withinClass = bySite.map { Self.centred($0, within: classes) }
  }

  private static func centred(
    _ rows: [[Double]], within groups: some Collection<[Int]>
  ) -> [[Double]] {
    var rows = rows
    for group in groups {
      let mean = sum(of: group.map { rows[$0] }, group.map { _ in 1 / Double(group.count) })
      for member in group { rows[member] = zip(rows[member], mean).map { $0 - $1 } }
    }
    return rows
  }

  /// Activations of each class in groups that have both.
  package var counts: (positive: Int, negative: Int) {
    let weights = weights(members.map(\.isPositive))
    return (weights.count { $0 > 0 }, weights.count { $0 < 0 })
  }

  /// The difference of the classes, `[site][channels]`: Σ w (x̄⁺ − x̄⁻) / Σ w over groups, with w = n⁺ n⁻ / (n⁺ + n⁻),
  /// which is the regression on the class with a mean for each group. `nil`: no group has both classes.
  package func difference() -> [[Double]]? {
    let weights = weights(members.map(\.isPositive))
    return weights.contains { $0 != 0 } ? centred.map { Self.sum(of: $0, weights) } : nil
  }

  /// The same of what the classes do not explain, with the classes dealt out anew within each group: what the
  /// pipeline makes of noise (permuted residuals; Freedman & Lane, J. Bus. Econ. Stat. 1, 1983).
  ///
  /// Activations as they are would not do: where all texts move alike, any deal gives their common move or its
  /// opposite, and the control would be the direction itself.
  package func shuffledDifference(_ stream: inout RandomStream) -> [[Double]] {
    var labels = members.map(\.isPositive)
    let groups = Dictionary(grouping: members.indices) { members[$0].group }
    for group in groups.sorted(by: { $0.key < $1.key }).map(\.value) {
      let own = stream.shuffled(group.map { labels[$0] })
      for (member, label) in zip(group, own) { labels[member] = label }
    }
    let weights = weights(labels)
    // The difference is linear: that of residuals is that of the activations minus what the classes put into it.
    let kept = zip(weights, classShares).reduce(0) { $0 + $1.0 * $1.1 }
    let direction = difference() ?? []
    return zip(centred, direction).map { rows, direction in
      zip(Self.sum(of: rows, weights), direction).map { $0 - kept * $1 }
    }
  }

  /// A draw from the normal distribution with the covariance that activations have within their classes,
  /// `[site][channels]`: a sum of them with normal weights, as differences of texts at random are.
  package func covarianceDraw(_ stream: inout RandomStream) -> [[Double]] {
    let weights = members.map { _ in stream.normal() }
    return withinClass.map { Self.sum(of: $0, weights) }
  }

  /// 1 for a positive and 0 for a negative member, minus the mean of its group.
  private var classShares: [Double] {
    let groups = Dictionary(grouping: members.indices) { members[$0].group }.mapValues { group in
      Double(group.count { members[$0].isPositive }) / Double(group.count)
    }
    return members.map { ($0.isPositive ? 1 : 0) - (groups[$0.group] ?? 0) }
  }

  /// What each activation counts in the difference: Σ w n⁺ᵢ⁻¹ over positives, and the negative of it.
  private func weights(_ labels: [Bool]) -> [Double] {
    var counts: [Int: (positive: Double, negative: Double)] = [:]
    for (member, isPositive) in zip(members, labels) {
      if isPositive {
        counts[member.group, default: (0, 0)].positive += 1
      } else {
        counts[member.group, default: (0, 0)].negative += 1
      }
    }
    func weight(_ count: (positive: Double, negative: Double)) -> Double {
      count.positive * count.negative / (count.positive + count.negative)
    }
    let total = counts.sorted { $0.key < $1.key }.reduce(0) { $0 + weight($1.value) }
    guard total > 0 else { return members.map { _ in 0 } }
    return zip(members, labels).map { member, isPositive in
      guard let count = counts[member.group] else { return 0 }
      let part = weight(count) / total
      guard part > 0 else { return 0 }
      return isPositive ? part / count.positive : -part / count.negative
    }
  }

  private static func sum(of rows: [[Double]], _ weights: [Double]) -> [Double] {
    var sum = [Double](repeating: 0, count: rows.first?.count ?? 0)
    for (row, weight) in zip(rows, weights) where weight != 0 {
      for channel in sum.indices { sum[channel] += weight * row[channel] }
    }
    return sum
  }
}
