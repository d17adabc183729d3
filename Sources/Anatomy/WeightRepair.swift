import Engine

/// Weights computed from those of other models of one shape, in 32 bits; norms and embeddings count like matrices unless
/// a repair says otherwise.
package enum WeightRepair {
  /// θ₀ + a (θ − θ₀): part of the way that training went, or beyond it.
  ///
  /// - Precondition: models of one shape, weights in 32 bits.
  package static func scaled(_ model: Model, from untouched: Model, by a: Double) -> Model {
    combined(model, untouched) { Float(Double($1) + a * (Double($0) - Double($1))) }
  }

  /// θ − β (θ_bad − θ_good), a task vector taken away (Ilharco et al., arXiv 2212.04089).
  ///
  /// - Precondition: as above.
  package static func subtracting(
    _ bad: Model, _ good: Model, by beta: Double, from model: Model
  ) -> Model {
    let difference = combined(bad, good) { $0 - $1 }
    return combined(model, difference) { Float(Double($0) - beta * Double($1)) }
  }

  /// W ← (I − v̂ v̂ᵀ) W of what blocks write into the residual stream, and e ← e − (e · v̂) v̂ of an embedding that is not the
  /// output too (Arditi et al., arXiv 2406.11717); one that is stays: words would be harder to say, not only to mean.
  ///
  /// - Parameter direction: `[channels]`, of any length but 0.
  package static func ablated(_ model: Model, along direction: [Double]) -> Model {
    let result = model.copy()
    let unit = direction.scaled(to: 1).map(Float.init)
    let width = unit.count
    for slot in result.layout.slots where slot.shape.count == 2 {
      let weights = result.weights.floats + slot.offset
      let columns = slot.shape[1]
      if slot.name.hasSuffix("o_proj.weight") || slot.name.hasSuffix("down_proj.weight") {
        var along = [Float](repeating: 0, count: columns)
        for row in 0..<width {
          for column in 0..<columns { along[column] += unit[row] * weights[row * columns + column] }
        }
        for row in 0..<width {
          for column in 0..<columns { weights[row * columns + column] -= unit[row] * along[column] }
        }
      } else if slot.name.hasSuffix("embed_tokens.weight"), result.hasOutputOfItsOwn {
        for row in 0..<slot.shape[0] {
          let token = weights + row * width
          var along: Float = 0
          for i in 0..<width { along += token[i] * unit[i] }
          for i in 0..<width { token[i] -= along * unit[i] }
        }
      }
    }
    return result
  }

  private static func combined(
    _ one: Model, _ other: Model, _ value: (Float, Float) -> Float
  ) -> Model {
    precondition(one.weights.count == other.weights.count, "models of one shape")
    let result = one.copy()
    for slot in result.layout.slots {
      for i in slot.range {
        result.weights.floats[i] = value(one.weights.floats[i], other.weights.floats[i])
      }
    }
    return result
  }
}

extension Model {
  /// Whether what it says is not read off its token embeddings.
  var hasOutputOfItsOwn: Bool { layout.slots.contains { $0.name == "lm_head.weight" } }
}
