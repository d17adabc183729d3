import Formats

/// A change of the residual stream at one site, along one direction v̂ of length 1.
///
/// With p = h · v̂ each edit is h ← h + a(p) · v̂, and the gradient passes as g ← g + a′(p) (g · v̂) v̂:
///
/// | operation | a(p) | a′(p) |
/// | --- | --- | --- |
/// | add (activation addition; Turner et al., arXiv 2308.10248) | the length | 0 |
/// | remove (directional ablation; Arditi et al., arXiv 2406.11717) | −share · p | −share |
/// | cap (arXiv 2601.10387) | −max(0, p − τ) | −1 where p > τ |
/// | replace (mean ablation) | c − p | −1 |
///
/// A row is changed by its own numbers alone, in 32 bits, so that results stay the same bytes whatever
/// stands beside it.
package struct ResidualEdit: Sendable, Hashable, Codable {
  package enum Operation: Sendable, Hashable, Codable {
    /// Adds a vector of this length; negative: in the opposite direction.
    case add(length: Float)
    /// Takes a share of what lies along the direction away; 1: all of it.
    case remove(share: Float)
    /// Cuts off what exceeds a level along the direction: from above, so that its sign matters.
    case cap(at: Float)
    /// Puts a level in the place of what lies along the direction.
    case replace(with: Float)
  }

  /// Which tokens of a text are edited.
  package enum Tokens: String, Sendable, Hashable, Codable, CaseIterable {
    case all
    /// The last one before the answer, where nothing of it has been said yet.
    case lastPrompt = "last-prompt"
    /// Those of answers.
    case answer
  }

  package let site: Site
  package let operation: Operation
  package let tokens: Tokens
  /// Of length 1, `[channels]`.
  package let unit: [Float]

  /// - Parameters:
  ///   - operation: what is done.
  ///   - direction: `[channels]`, of any length.
  ///   - site: where.
  ///   - tokens: at which tokens.
  /// - Precondition: the direction is finite and not zero.
  package init(
    _ operation: Operation, along direction: [Float], at site: Site, on tokens: Tokens = .all
  ) {
    (self.site, self.operation, self.tokens) = (site, operation, tokens)
    let length = Self.length(of: direction)
    precondition(length.isFinite && length > 0, "found a direction of length \(length)")
    unit = direction.map { Float(Double($0) / length) }
  }

  /// Euclidean, in 64 bits.
  package static func length(of direction: [Float]) -> Double {
    direction.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  /// Changes rows in place.
  ///
  /// - Parameters:
  ///   - stream: `[rows, channels]`.
  ///   - rows: that are edited.
  ///   - projections: takes p of each row, for the way back; `nil`: nobody goes back.
  func apply(
    to stream: UnsafeMutablePointer<Float>, rows: some Sequence<Int>,
    projections: UnsafeMutablePointer<Float>? = nil
  ) {
    let width = unit.count
    unit.withUnsafeBufferPointer { unit in
      for row in rows {
        let h = stream + row * width
        let p = Self.dot(h, unit)
        projections?[row] = p
        let a = amount(at: p)
        if a != 0 { for i in 0..<width { h[i] += a * unit[i] } }
      }
    }
  }

  /// The gradient of what came in, from that of what went out, in place.
  func applyBackward(
    to gradient: UnsafeMutablePointer<Float>, rows: some Sequence<Int>,
    projections: UnsafePointer<Float>
  ) {
    let width = unit.count
    unit.withUnsafeBufferPointer { unit in
      for row in rows {
        let slope = slope(at: projections[row])
        guard slope != 0 else { continue }
        let g = gradient + row * width
        let a = slope * Self.dot(g, unit)
        for i in 0..<width { g[i] += a * unit[i] }
      }
    }
  }

  private func amount(at p: Float) -> Float {
    switch operation {
    case .add(let length): length
    case .remove(let share): -share * p
    case .cap(let level): -max(0, p - level)
    case .replace(let level): level - p
    }
  }

  private func slope(at p: Float) -> Float {
    switch operation {
    case .add: 0
    case .remove(let share): -share
    case .cap(let level): p > level ? -1 : 0
    case .replace: -1
    }
  }

  /// In eight sums, so that the processor need not wait for each product.
  private static func dot(
    _ x: UnsafeMutablePointer<Float>, _ y: UnsafeBufferPointer<Float>
  ) -> Float {
    var sums = SIMD8<Float>.zero
    let whole = y.count / 8 * 8
    for i in stride(from: 0, to: whole, by: 8) {
      let a = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Float>.self)
      let b = UnsafeRawPointer(y.baseAddress! + i).loadUnaligned(as: SIMD8<Float>.self)
      sums += a * b
    }
    var sum = sums.sum()
    for i in whole..<y.count { sum += x[i] * y[i] }
    return sum
  }
}
