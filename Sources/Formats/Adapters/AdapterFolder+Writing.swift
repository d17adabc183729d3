import Core

extension AdapterFolder {
  /// Writes the adapter in PEFT's layout, its numbers as they are: ranks and scalings that differ
  /// become patterns.
  ///
  /// - Parameters:
  ///   - target: an existing folder.
  ///   - layerCount: of the model; an adapter of all its blocks then needs no list of them.
  /// - Throws: `InputError` naming the file that cannot be read or written.
  package func writePEFT(to target: ModelFolder, layerCount: Int? = nil) throws(InputError) {
    var sources: [Safetensors.Source] = []
    for module in modules {
      for matrix in AdapterConfiguration.Matrix.allCases {
        let (rows, columns) = module.shape(of: matrix)
        let name = AdapterConfiguration.tensorName(
          layer: module.layer, linear: module.linear, matrix: matrix)
        sources.append(
          Self.source(name, [rows, columns], as: try dataType(of: matrix, in: module)) {
            () throws(InputError) in try self.matrix(matrix, of: module)
          })
      }
    }
    try Safetensors.write(sources, to: target.adapterWeightsPath)
    try target.write(try peftConfiguration(layerCount: layerCount))
  }

  private func peftConfiguration(layerCount: Int?) throws(InputError) -> AdapterConfiguration {
    var result: AdapterConfiguration
    switch settings {
    case .peft(let settings):
      result = settings
    case .mlx(let settings):
      result = AdapterConfiguration(
        rank: settings.rank, alpha: settings.scale * Double(settings.rank),
        baseModel: settings.baseModel)
    }
    result.excludedModules = nil
    (result.rankPattern, result.alphaPattern) = ([], [])
    if isProduct {
      result.targetModules = .names(Set(linears.map(\.rawValue)))
      let count = layerCount ?? ownLayerCount ?? 0
      result.layers = layers == Array(0..<count) ? nil : layers
    } else {
      result.targetModules = .names(Set(modules.map { $0.linear.path(inLayer: $0.layer) }))
      result.layers = nil
    }
    for module in modules {
      let path = module.linear.path(inLayer: module.layer)
      if module.rank != result.rank {
        result.rankPattern.append(try ModuleValue(path, module.rank))
      }
      let rank = Double(module.rank)
      let plain = AdapterConfiguration.scaling(
        rank: module.rank, alpha: result.alpha, rankStabilized: result.rankStabilized)
      if module.scaling != plain {
        let alpha = module.scaling * (result.rankStabilized ? rank.squareRoot() : rank)
        result.alphaPattern.append(try ModuleValue(path, alpha))
      }
    }
    return result
  }

  /// Writes the adapter in mlx-lm's layout: matrices transposed, one rank and one scaling for all
  /// (see `uniformMatrix`), and, since mlx-lm adapts the same linears in all of the last blocks,
  /// zeros for those that this adapter leaves alone.
  ///
  /// - Parameters:
  ///   - target: an existing folder.
  ///   - layerCount: of the model, for mlx-lm counts blocks from the last one. Without it, an
  ///     adapter that says it is for all blocks is taken at its word.
  /// - Throws: `InputError` naming the file that cannot be read or written, or the field that makes
  ///   `layerCount` necessary.
  package func writeMLX(to target: ModelFolder, layerCount: Int? = nil) throws(InputError) {
    guard let layerCount = layerCount ?? ownLayerCount else {
      throw InputError(
        "does not tell how many blocks the model has, from whose last one mlx-lm counts: expected "
          + "the model's folder too", file: folder.adapterConfigurationPath)
    }
    let first = layers.first ?? 0
    let rank = largestRank
    let scaling = commonScaling ?? modules.first?.scaling ?? 1
    var sources: [Safetensors.Source] = []
    for layer in first..<max(layerCount, first) {
      for linear in linears {
        // Every linear of `linears` is adapted somewhere, and has the same shape everywhere.
        let module = modules.first { $0.linear == linear && $0.layer == layer }
        guard let like = module ?? modules.first(where: { $0.linear == linear }) else { continue }
        let path = linear.path(inLayer: layer)
        for matrix in AdapterConfiguration.Matrix.allCases {
          let isA = matrix == .a
          let (rows, columns) = isA ? (rank, like.inputSize) : (like.outputSize, rank)
          let type = try mlxDataType(of: matrix, in: module ?? like, scaling: scaling)
          sources.append(
            Self.source("\(path).\(isA ? "lora_a" : "lora_b")", [columns, rows], as: type) {
              () throws(InputError) in
              guard let module else { return Array(repeating: 0, count: rows * columns) }
              let values = try uniformMatrix(matrix, of: module, rank: rank, scaling: scaling)
              return transposed(values, rows: rows, columns: columns)
            })
        }
      }
    }
    try Safetensors.write(sources, to: "\(target.path)/adapters.safetensors", metadata: [:])
    let configuration = MLXAdapterConfiguration(
      rank: rank, scale: scaling, blockCount: layerCount - first, keys: linears.map(\.path),
      baseModel: baseModel)
    try configuration.json().write(to: target.adapterConfigurationPath)
  }

  /// Whether the same linears are adapted in every adapted block.
  private var isProduct: Bool { modules.count == layers.count * linears.count }

  /// The number of the model's blocks as far as the adapter alone tells.
  private var ownLayerCount: Int? {
    let count = (layers.last ?? 0) + 1
    switch settings {
    case .mlx: return count
    case .peft(let settings):
      // What holds for a block behind the last one would have been written for it, too.
      let goesOn = linears.allSatisfy { settings.settings(of: $0, layer: count) != nil }
      return goesOn ? count : nil
    }
  }

  private func dataType(
    of matrix: AdapterConfiguration.Matrix, in module: AdapterModule
  ) throws(InputError) -> DataType {
    try weights.info(of: matrix == .a ? module.nameOfA : module.nameOfB).dataType
  }

  /// The stored type; 32 bits where folding the scaling would round.
  private func mlxDataType(
    of matrix: AdapterConfiguration.Matrix, in module: AdapterModule, scaling: Double
  ) throws(InputError) -> DataType {
    if matrix == .b, module.scaling != scaling { return .float32 }
    return try dataType(of: matrix, in: module)
  }

  /// A tensor that is made when its turn comes, so that only one is in memory.
  private static func source(
    _ name: String, _ shape: [Int], as type: DataType,
    _ make: @escaping () throws(InputError) -> [Float]
  ) -> Safetensors.Source {
    var values: [Float] = []
    return Safetensors.Source(name, shape: shape, as: type) {
      (range, target) throws(InputError) in
      if range.lowerBound == 0 { values = try make() }
      _ = target.initialize(from: values[range])
      if range.upperBound == values.count { values = [] }
    }
  }
}
