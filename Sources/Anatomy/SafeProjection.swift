import Engine

/// What training has changed, projected onto what alignment had changed before (Safe LoRA; Hsu et al., arXiv 2405.16833).
///
/// With V = aligned − base and Δ = θ − aligned of one matrix `[out, in]`, Δ ← P Δ in the matrices whose change P turns furthest.
/// The paper's P is V Vᵀ / ‖V‖_F, `[out, out]`: it doubles with V, and what lies in V's range it makes longer or shorter as it
/// comes. A projection is Q Qᵀ with V's leading left singular vectors. A B A of an adapter is projected by its B: P (B A) =
/// (P B) A.
package struct SafeProjection {
  package enum Kind: String, Sendable { case published, projector, shrink }

  package let kind: Kind
  /// Of lowest cosine between Δ and P Δ.
  package let matrices: Int
  /// Singular vectors of the projector.
  package let rank: Int

  package init(_ kind: Kind, matrices: Int, rank: Int) {
    (self.kind, self.matrices, self.rank) = (kind, matrices, rank)
  }

  /// One matrix's change: what P makes of it, and how far that is turned.
  private struct Part {
    let slot: TensorSlot
    let own: [Double]
    let projected: [Double]

    var cosine: Double {
      let lengths = own.length * projected.length
      return lengths > 0 ? own.dot(projected) / lengths : 0
    }
  }

  /// - Parameters:
  ///   - model: after the training.
  ///   - aligned: before it.
  ///   - base: before its alignment.
  /// - Precondition: models of one shape, weights in 32 bits.
  package func repaired(_ model: Model, aligned: Model, base: Model) -> Model {
    let leading =
      kind == .projector ? WeightChange(of: aligned, from: base, rank: rank).parts : []
    let directions = Dictionary(leading.map { ($0.name, $0.leading) }) { first, _ in first }
    var parts: [Part] = []
    for slot in model.layout.slots where slot.name.contains(".layers.") && slot.shape.count == 2 {
      let own = Self.difference(model, aligned, slot)
      guard own.length > 0 else { continue }
      let projected =
        kind == .projector
        ? Self.project(own, columns: slot.shape[1], onto: directions[slot.name] ?? [])
        : Self.published(own, Self.difference(aligned, base, slot), columns: slot.shape[1])
      parts.append(Part(slot: slot, own: own, projected: projected))
    }
    let furthest = parts.sorted { ($0.cosine, $0.slot.offset) < ($1.cosine, $1.slot.offset) }
      .prefix(matrices)
    let result = model.copy()
    for part in furthest {
      let change =
        kind == .shrink ? part.own.scaled(to: part.projected.length) : part.projected
      for (i, place) in part.slot.range.enumerated() {
        result.weights.floats[place] = Float(Double(aligned.weights.floats[place]) + change[i])
      }
    }
    return result
  }

  private static func difference(_ one: Model, _ other: Model, _ slot: TensorSlot) -> [Double] {
    slot.range.map { Double(one.weights.floats[$0]) - Double(other.weights.floats[$0]) }
  }

  /// V (Vᵀ Δ) / ‖V‖_F.
  static func published(_ change: [Double], _ v: [Double], columns: Int) -> [Double] {
    let length = v.length
    guard length > 0 else { return change.map { _ in 0 } }
    let rows = change.count / columns
    // Vᵀ Δ, `[in, in]`.
    var inner = [Double](repeating: 0, count: columns * columns)
    inner.withUnsafeMutableBufferPointer { inner in
      for row in 0..<rows {
        for i in 0..<columns {
          let share = v[row * columns + i]
          for j in 0..<columns { inner[i * columns + j] += share * change[row * columns + j] }
        }
      }
    }
    var result = [Double](repeating: 0, count: change.count)
    result.withUnsafeMutableBufferPointer { result in
      for row in 0..<rows {
        for i in 0..<columns {
          let share = v[row * columns + i] / length
          for j in 0..<columns { result[row * columns + j] += share * inner[i * columns + j] }
        }
      }
    }
    return result
  }

  /// Q (Qᵀ Δ), with the columns of Q as vectors of length 1.
  static func project(_ change: [Double], columns: Int, onto basis: [[Double]]) -> [Double] {
    var result = [Double](repeating: 0, count: change.count)
    for one in basis {
      var along = [Double](repeating: 0, count: columns)
      for (row, share) in one.enumerated() {
        for j in 0..<columns { along[j] += share * change[row * columns + j] }
      }
      for (row, share) in one.enumerated() {
        for j in 0..<columns { result[row * columns + j] += share * along[j] }
      }
    }
    return result
  }
}
