import Plans
import Statistics

/// What trainings have changed in the weights.
package struct WeightsFinding: Sendable, Hashable, Codable {
  /// Of one condition; means over models.
  package struct Change: Sendable, Hashable, Codable {
    package var condition: String
    /// ‖Δ‖ / ‖θ₀‖, of all matrices.
    package var relativeLength: Double
    /// Of ‖Δ‖², what each matrix's leading directions carry.
    package var carried: Double
    package var models: Int
  }

  /// Of two conditions' changes.
  package struct Overlap: Sendable, Hashable, Codable {
    package var a: String
    package var b: String
    /// Of all weights.
    package var cosine: EffectFinding.Estimate
    /// ‖U_aᵀ U_b‖²_F / k of the leading left singular vectors, a mean over matrices.
    package var overlap: EffectFinding.Estimate
    /// What directions by chance would have.
    package var chance: Double
  }

  package var rank: Int
  package var changes: [Change]
  package var overlaps: [Overlap]
}

/// What was read of weights, before anything is averaged.
struct WeightsTable {
  let weights: [(weights: PlannedWeights, figures: [String: Double])]

  /// `nil` without a model.
  var finding: WeightsFinding? {
    guard let first = weights.first?.weights else { return nil }
    let names = first.tuned.map(\.condition.name)
    return WeightsFinding(
      rank: first.plan.rank, changes: names.map(change),
      overlaps: names.indices.flatMap { one in
        names.indices.filter { $0 > one }.map { overlap(names[one], names[$0]) }
      })
  }

  private func place(_ name: String, _ own: PlannedWeights) -> Int? {
    own.tuned.firstIndex { $0.condition.name == name }
  }

  private func change(_ name: String) -> WeightsFinding.Change {
    let own = weights.compactMap { weights, figures in
      place(name, weights).map { index in
        (
          length: (figures["\(index)/length"] ?? 0) / max(figures["\(index)/base"] ?? 1, 1e-30),
          carried: figures["\(index)/carried"] ?? 0
        )
      }
    }
    return WeightsFinding.Change(
      condition: name, relativeLength: own.map(\.length).mean, carried: own.map(\.carried).mean,
      models: own.count)
  }

  private func overlap(_ a: String, _ b: String) -> WeightsFinding.Overlap {
    func values(_ part: String) -> [(value: Double, replicate: Replicate)] {
      weights.compactMap { weights, figures in
        guard let one = place(a, weights), let other = place(b, weights),
          let value = figures["\(one)/\(other)/\(part)"]
        else { return nil }
        return (value, weights.replicate)
      }
    }
    func estimate(_ part: String) -> EffectFinding.Estimate {
      let own = values(part)
      return EffectFinding.Estimate(
        own.map { Tally(values: [$0.value]) }, units: own.map(\.replicate).units)
    }
    return WeightsFinding.Overlap(
      a: a, b: b, cosine: estimate("cosine"), overlap: estimate("overlap"),
      chance: values("chance").map(\.value).mean)
  }
}
