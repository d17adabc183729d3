/// Rows of features that a linear function is fitted to.
package protocol FeatureRows: Sendable {
  var count: Int { get }
  var width: Int { get }
  /// X w, `[count]`.
  func products(_ weights: ArraySlice<Double>) -> [Double]
  /// Adds Xᵀ r to `sums`, `[width]` and perhaps more.
  func add(_ residuals: [Double], to sums: inout [Double])
}

/// Rows that have a number for every feature.
package struct DenseRows: FeatureRows {
  /// `[count, width]`.
  package private(set) var values: [Float]
  package let width: Int

  package init(_ values: [Float], width: Int) {
    precondition(width > 0 && values.count % width == 0, "whole rows")
    (self.values, self.width) = (values, width)
  }

  package var count: Int { values.count / width }

  package func products(_ weights: ArraySlice<Double>) -> [Double] {
    let weights = Array(weights)
    return (0..<count).map { row in
      values.withUnsafeBufferPointer { values in
        weights.withUnsafeBufferPointer { weights in
          let own = values.baseAddress! + row * width
          var sums = SIMD4<Double>.zero
          let whole = width / 4 * 4
          for i in stride(from: 0, to: whole, by: 4) {
            let x = SIMD4<Double>(
              Double(own[i]), Double(own[i + 1]), Double(own[i + 2]), Double(own[i + 3]))
            let w = SIMD4<Double>(weights[i], weights[i + 1], weights[i + 2], weights[i + 3])
            sums += x * w
          }
          var sum = sums.sum()
          for i in whole..<width { sum += Double(own[i]) * weights[i] }
          return sum
        }
      }
    }
  }

  package func add(_ residuals: [Double], to sums: inout [Double]) {
    values.withUnsafeBufferPointer { values in
      sums.withUnsafeMutableBufferPointer { sums in
        for (row, residual) in residuals.enumerated() where residual != 0 {
          let own = values.baseAddress! + row * width
          for i in 0..<width { sums[i] += residual * Double(own[i]) }
        }
      }
    }
  }

  /// Mean and standard deviation of each feature; 1 where it does not vary.
  package var moments: (means: [Double], deviations: [Double]) {
    let n = Double(max(1, count))
    var means = [Double](repeating: 0, count: width)
    add([Double](repeating: 1 / n, count: count), to: &means)
    var squares = [Double](repeating: 0, count: width)
    for row in 0..<count {
      for i in 0..<width {
        let d = Double(values[row * width + i]) - means[i]
        squares[i] += d * d
      }
    }
    return (means, squares.map { $0 > 0 ? ($0 / n).squareRoot() : 1 })
  }

  /// Minus `means`, over `deviations`.
  package func standardised(_ means: [Double], _ deviations: [Double]) -> DenseRows {
    var copy = self
    for row in 0..<count {
      for i in 0..<width {
        let place = row * width + i
        copy.values[place] = Float((Double(values[place]) - means[i]) / deviations[i])
      }
    }
    return copy
  }
}

/// Rows that have few of many features, each with 1.
package struct SparseRows: FeatureRows {
  /// Of each row the features that it has.
  package let features: [[Int]]
  package let width: Int

  package init(_ features: [[Int]], width: Int) {
    precondition(features.joined().allSatisfy { (0..<width).contains($0) }, "features below width")
    (self.features, self.width) = (features, width)
  }

  package var count: Int { features.count }

  package func products(_ weights: ArraySlice<Double>) -> [Double] {
    features.map { $0.reduce(0) { $0 + weights[weights.startIndex + $1] } }
  }

  package func add(_ residuals: [Double], to sums: inout [Double]) {
    for (own, residual) in zip(features, residuals) { for i in own { sums[i] += residual } }
  }
}
