/// A symmetric positive definite matrix A = L Lᵀ, to solve with.
struct Cholesky {
  /// `[row][column]`, below and on the diagonal.
  private let lower: [[Double]]

  /// - Returns: `nil` for a matrix that is not positive definite, as far as rounding lets see.
  /// - Complexity: O(n³).
  init?(_ matrix: [[Double]]) {
    var lower = matrix.map { _ in [Double]() }
    for row in matrix.indices {
      for column in 0...row {
        var sum = matrix[row][column]
        for index in 0..<column { sum -= lower[row][index] * lower[column][index] }
        if row == column {
          guard sum > 0, sum.isFinite else { return nil }
          lower[row].append(sum.squareRoot())
        } else {
          lower[row].append(sum / lower[column][column])
        }
      }
    }
    self.lower = lower
  }

  /// x of A x = b.
  func solve(_ b: [Double]) -> [Double] {
    var x = b
    for row in x.indices {
      for column in 0..<row { x[row] -= lower[row][column] * x[column] }
      x[row] /= lower[row][row]
    }
    for row in x.indices.reversed() {
      x[row] /= lower[row][row]
      for column in 0..<row { x[column] -= lower[row][column] * x[row] }
    }
    return x
  }

  /// L x.
  func product(_ x: [Double]) -> [Double] {
    lower.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// A⁻¹, which is symmetric.
  var inverse: [[Double]] {
    lower.indices.map { column in solve(lower.indices.map { $0 == column ? 1 : 0 }) }
  }
}
