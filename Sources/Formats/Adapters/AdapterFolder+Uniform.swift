import Core

extension AdapterFolder {
  /// The largest rank of a module.
  package var largestRank: Int { modules.map(\.rank).max() ?? 0 }

  /// The scaling of all modules; `nil` where they differ.
  package var commonScaling: Double? {
    let scalings = Set(modules.map(\.scaling))
    return scalings.count == 1 ? scalings.first : nil
  }

  /// A module's matrix for an adapter that has one rank and one scaling.
  ///
  /// A smaller rank is filled up with zeros, in A and in B, so that they stay zero in training too;
  /// another scaling is folded into B: scaling · B·A = s · (scaling / s · B)·A.
  ///
  /// - Parameters:
  ///   - matrix: A or B.
  ///   - module: the linear that it belongs to.
  ///   - rank: at least the module's.
  ///   - scaling: the factor s that all modules are to have.
  /// - Returns: row-major, A `[rank, in]` or B `[out, rank]`.
  /// - Throws: `InputError` as `matrix(_:of:)`.
  package func uniformMatrix(
    _ matrix: AdapterConfiguration.Matrix, of module: AdapterModule, rank: Int, scaling: Double
  ) throws(InputError) -> [Float] {
    precondition(rank >= module.rank, "found rank \(rank), expected at least \(module.rank)")
    var values = try self.matrix(matrix, of: module)
    if matrix == .a {
      values += Array(repeating: 0, count: (rank - module.rank) * module.inputSize)
      return values
    }
    if module.scaling != scaling {
      let factor = module.scaling / scaling
      for i in values.indices { values[i] = Float(Double(values[i]) * factor) }
    }
    if rank == module.rank { return values }
    var padded = Array(repeating: Float(0), count: module.outputSize * rank)
    for row in 0..<module.outputSize {
      for column in 0..<module.rank {
        padded[row * rank + column] = values[row * module.rank + column]
      }
    }
    return padded
  }
}
