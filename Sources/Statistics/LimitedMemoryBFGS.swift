import Core

/// Minimises a smooth function of many variables by its gradient.
///
/// Two-loop recursion over the last pairs of steps and changes of the gradient, with a step that is halved until the
/// function falls enough (Armijo); a pair without positive curvature is left out. For convex functions the end is the
/// minimum, whatever the start. Everything is in 64 bits and in a fixed order: it is the same on every run.
///
/// Reference: *Updating quasi-Newton matrices with limited storage* (J. Nocedal, Mathematics of Computation 35, 1980).
package enum LimitedMemoryBFGS {
  package struct Outcome: Sendable {
    package var point: [Double]
    package var value: Double
    package var rounds: Int
    /// Largest part of the gradient.
    package var slope: Double
  }

  private static let memory = 10

  /// - Parameters:
  ///   - start: where it begins.
  ///   - rounds: at most.
  ///   - slope: at which it ends: the largest part of the gradient.
  ///   - function: the value at a point; writes the gradient, which is zeros before.
  package static func minimum(
    from start: [Double], rounds: Int = 500, slope: Double = 1e-6,
    of function: ([Double], inout [Double]) -> Double
  ) -> Outcome {
    var gradient = [Double](repeating: 0, count: start.count)
    var outcome = Outcome(point: start, value: function(start, &gradient), rounds: 0, slope: 0)
    var pairs: [Pair] = []
    for round in 0..<rounds {
      outcome.rounds = round
      guard largest(gradient) > slope else { break }
      var direction = descent(gradient, pairs)
      var fall = dot(direction, gradient)
      if fall >= 0 {
        pairs.removeAll()
        direction = gradient.map { -$0 }
        fall = -dot(gradient, gradient)
      }
      var length = pairs.isEmpty ? min(1, 1 / dot(gradient, gradient).squareRoot()) : 1
      var found: (point: [Double], value: Double, gradient: [Double])?
      for _ in 0..<40 {
        let point = zip(outcome.point, direction).map { $0 + length * $1 }
        var own = [Double](repeating: 0, count: point.count)
        let value = function(point, &own)
        if value.isFinite, value <= outcome.value + 1e-4 * length * fall {
          found = (point, value, own)
          break
        }
        length /= 2
      }
      guard let found else { break }
      let pair = Pair(
        step: zip(found.point, outcome.point).map { $0 - $1 },
        change: zip(found.gradient, gradient).map { $0 - $1 })
      if pair.curvature > 1e-12 * dot(pair.change, pair.change) {
        pairs.append(pair)
        if pairs.count > memory { pairs.removeFirst() }
      }
      (outcome.point, outcome.value, gradient) = (found.point, found.value, found.gradient)
    }
    outcome.slope = largest(gradient)
    return outcome
  }

  private struct Pair {
    let step: [Double]
    let change: [Double]
    let curvature: Double

    init(step: [Double], change: [Double]) {
      (self.step, self.change) = (step, change)
      curvature = dot(step, change)
    }
  }

  /// −H g.
  private static func descent(_ gradient: [Double], _ pairs: [Pair]) -> [Double] {
    var q = gradient
    var shares: [Double] = []
    for pair in pairs.reversed() {
      let share = dot(pair.step, q) / pair.curvature
      shares.append(share)
      for i in q.indices { q[i] -= share * pair.change[i] }
    }
    if let last = pairs.last {
      let scale = last.curvature / dot(last.change, last.change)
      for i in q.indices { q[i] *= scale }
    }
    for (pair, share) in zip(pairs, shares.reversed()) {
      let back = share - dot(pair.change, q) / pair.curvature
      for i in q.indices { q[i] += back * pair.step[i] }
    }
    return q.map { -$0 }
  }

  private static func largest(_ x: [Double]) -> Double { x.reduce(0) { max($0, abs($1)) } }

  private static func dot(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for i in x.indices { sum += x[i] * y[i] }
    return sum
  }
}
