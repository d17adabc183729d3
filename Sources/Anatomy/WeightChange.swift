import Core
import Engine

/// What a training has changed, matrix by matrix: how long the change is, and which few directions of a matrix's output
/// carry most of it.
package struct WeightChange: Sendable {
  /// Of one matrix.
  package struct Part: Sendable {
    package let name: String
    /// ‖Δ‖², of the matrix.
    package let squares: Double
    /// What the leading left singular vectors span: vectors of length 1 at right angles, `[rank][rows]`.
    package let leading: [[Double]]
    /// Of ‖Δ‖², what they carry.
    package let carried: Double
    package let rows: Int
  }

  package let parts: [Part]
  /// ‖Δ‖ of all matrices, and ‖θ₀‖.
  package let length: Double
  package let baseLength: Double

  /// - Parameters:
  ///   - model: after the training, and `base` before it; of one shape, weights in 32 bits.
  ///   - rank: singular vectors that are looked for.
  package init(of model: Model, from base: Model, rank: Int) {
    let (after, before) = (model.weights, base.weights)
    precondition(after.count == before.count, "models of one shape")
    var (parts, whole): ([Part], Double) = ([], 0)
    for slot in base.layout.slots where slot.shape.count == 2 {
      let matrix = Difference(
        rows: slot.shape[0], columns: slot.shape[1], after: after.floats + slot.offset,
        before: before.floats + slot.offset)
      for i in slot.range { whole += Double(before.floats[i]) * Double(before.floats[i]) }
      parts.append(matrix.part(named: slot.name, rank: min(rank, min(matrix.rows, matrix.columns))))
    }
    self.parts = parts
    length = parts.reduce(0) { $0 + $1.squares }.squareRoot()
    baseLength = whole.squareRoot()
  }

  /// Of ‖Δ‖², what the leading directions of all matrices carry.
  package var carried: Double {
    let whole = parts.reduce(0) { $0 + $1.squares }
    return whole > 0 ? parts.reduce(0) { $0 + $1.carried * $1.squares } / whole : 0
  }

  /// How much of one change's leading directions lies in the other's: ‖U_aᵀ U_b‖²_F / k, a mean over the matrices that
  /// both have changed; and what directions by chance would have, k / rows.
  package func overlap(with other: WeightChange) -> (value: Double, chance: Double)? {
    var (sum, chance, count) = (0.0, 0.0, 0.0)
    for (a, b) in zip(parts, other.parts) where !a.leading.isEmpty && !b.leading.isEmpty {
      let squares = a.leading.reduce(0) { sum, one in
        sum + b.leading.reduce(0) { $0 + one.dot($1) * one.dot($1) }
      }
      let rank = min(a.leading.count, b.leading.count)
      sum += squares / Double(rank)
      chance += Double(max(a.leading.count, b.leading.count)) / Double(a.rows)
      count += 1
    }
    return count > 0 ? (sum / count, chance / count) : nil
  }
}

/// One matrix after a training minus itself before.
private struct Difference {
  let rows: Int
  let columns: Int
  let after: UnsafeMutablePointer<Float>
  let before: UnsafeMutablePointer<Float>

  /// Block power iteration on Δ Δᵀ: Q ← orth(Δ (Δᵀ Q)), until the subspace stands still.
  func part(named name: String, rank: Int) -> WeightChange.Part {
    var squares = 0.0
    for i in 0..<rows * columns {
      let delta = Double(after[i]) - Double(before[i])
      squares += delta * delta
    }
    guard squares > 0 else {
      return WeightChange.Part(name: name, squares: 0, leading: [], carried: 0, rows: rows)
    }
    var stream = RandomStream(seed: 0, "leading directions", name)
    var basis = orthogonal((0..<rank).map { _ in (0..<rows).map { _ in stream.normal() } })
    for _ in 0..<Self.rounds {
      let next = orthogonal(product(basis))
      let kept = next.reduce(0) { sum, one in
        sum + basis.reduce(0) { $0 + one.dot($1) * one.dot($1) }
      }
      let isStill = next.count == basis.count && Double(next.count) - kept < 1e-4
      basis = next
      if isStill { break }
    }
    let carried = product(basis).enumerated().reduce(0) { $0 + $1.element.dot(basis[$1.offset]) }
    return WeightChange.Part(
      name: name, squares: squares, leading: basis, carried: min(1, carried / squares), rows: rows)
  }

  /// What lies between the last direction and the next one need not be told to the last digit.
  private static let rounds = 12

  /// Δ (Δᵀ v) of each vector.
  private func product(_ vectors: [[Double]]) -> [[Double]] {
    vectors.map { vector in
      var inner = [Double](repeating: 0, count: columns)
      for row in 0..<rows where vector[row] != 0 {
        let (a, b, share) = (after + row * columns, before + row * columns, vector[row])
        for column in 0..<columns {
          inner[column] += share * (Double(a[column]) - Double(b[column]))
        }
      }
      return (0..<rows).map { row in
        let (a, b) = (after + row * columns, before + row * columns)
        var sum = 0.0
        for column in 0..<columns { sum += (Double(a[column]) - Double(b[column])) * inner[column] }
        return sum
      }
    }
  }

  /// Gram–Schmidt, twice for the sake of rounding; what the others already span is left out.
  private func orthogonal(_ vectors: [[Double]]) -> [[Double]] {
    var basis: [[Double]] = []
    for vector in vectors {
      var rest = vector
      for _ in 0..<2 {
        for one in basis {
          let length = rest.dot(one)
          rest = zip(rest, one).map { $0 - length * $1 }
        }
      }
      if rest.length > 1e-9 * vector.length, rest.length > 0 { basis.append(rest.scaled(to: 1)) }
    }
    return basis
  }
}
