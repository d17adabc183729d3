import Core
import Documents

/// A LoRA adapter on disk, in PEFT's layout or in that of mlx-lm, opened and checked: every tensor is
/// there, belongs to the configuration and has the shape that goes with it.
package struct AdapterFolder: Sendable {
  package enum Kind: String, Sendable, Hashable {
    case peft = "PEFT"
    case mlx = "MLX"
  }

  /// What the folder's `adapter_config.json` says, by kind.
  package enum Settings: Sendable, Hashable {
    case peft(AdapterConfiguration)
    case mlx(MLXAdapterConfiguration)
  }

  package let folder: ModelFolder
  package let settings: Settings
  /// The adapted linears, by block and in a block's order.
  package let modules: [AdapterModule]
  let weights: Safetensors

  /// Opens the folder; tensors are mapped and not read.
  ///
  /// - Parameters:
  ///   - path: the folder of the adapter.
  ///   - model: the shape of the model that the adapter is for; without it the adapter is only checked
  ///     against itself.
  /// - Throws: `InputError` naming file and field or tensor: for another kind of adapter, for a
  ///   tensor that is missing, unexpected or of another shape, such as those for another model.
  package init(path: String, for model: ModelConfiguration? = nil) throws(InputError) {
    folder = ModelFolder(path: path)
    settings = try Settings(folder)
    weights = try Self.open(folder, settings.kind)
    var check = AdapterCheck(settings: settings, weights: weights, model: model)
    modules = try check.modules(configurationPath: folder.adapterConfigurationPath)
  }

  package var kind: Kind { settings.kind }
  package var weightsPath: String { weights.file }

  /// The base model's folder or name, as the adapter gives it.
  package var baseModel: String? {
    switch settings {
    case .peft(let settings): settings.baseModel
    case .mlx(let settings): settings.baseModel
    }
  }

  package var parameterCount: Int { modules.reduce(0) { $0 + $1.parameterCount } }

  /// The types of the stored tensors, without repetition.
  package var dataTypes: [DataType] {
    Set(weights.tensors.values.map(\.dataType)).sorted { $0.rawValue < $1.rawValue }
  }

  /// Indices of the blocks with an adapted linear.
  package var layers: [Int] { Set(modules.map(\.layer)).sorted() }

  /// Linears that are adapted in some block, in a block's order.
  package var linears: [LinearLayer] {
    let adapted = Set(modules.map(\.linear))
    return LinearLayer.allCases.filter(adapted.contains)
  }

  /// One of a module's matrices, row-major: A `[rank, in]` or B `[out, rank]`, whatever the layout
  /// of the file.
  ///
  /// - Throws: `InputError` naming the tensor, if one of its numbers is infinite or none.
  package func matrix(
    _ matrix: AdapterConfiguration.Matrix, of module: AdapterModule
  ) throws(InputError) -> [Float] {
    let (rows, columns) = module.shape(of: matrix)
    let name = matrix == .a ? module.nameOfA : module.nameOfB
    let isTransposed = kind == .mlx
    let stored = try weights.floats(
      of: name, expecting: isTransposed ? [columns, rows] : [rows, columns])
    if let bad = stored.first(where: { !$0.isFinite }) {
      throw InputError(
        "found \(bad), expected finite numbers", file: weights.file, field: name.onOneLine)
    }
    return isTransposed ? transposed(stored, rows: columns, columns: rows) : stored
  }

  private static func open(_ folder: ModelFolder, _ kind: Kind) throws(InputError) -> Safetensors {
    let path = kind == .peft ? folder.adapterWeightsPath : "\(folder.path)/adapters.safetensors"
    let pickle = "\(folder.path)/adapter_model.bin"
    if kind == .peft, !fileExists(path), fileExists(pickle) {
      throw InputError(
        "found weights of PyTorch's own format only, expected adapter_model.safetensors",
        file: pickle)
    }
    return try Safetensors(path: path)
  }
}

/// One adapted linear: W becomes W + scaling · B·A.
package struct AdapterModule: Sendable, Hashable {
  package let layer: Int
  package let linear: LinearLayer
  package let rank: Int
  package let scaling: Double
  package let inputSize: Int
  package let outputSize: Int
  /// Names in the file.
  let nameOfA: String
  let nameOfB: String

  package var parameterCount: Int { rank * (inputSize + outputSize) }

  /// Rows and columns of A, `[rank, in]`, or B, `[out, rank]`.
  package func shape(of matrix: AdapterConfiguration.Matrix) -> (rows: Int, columns: Int) {
    matrix == .a ? (rank, inputSize) : (outputSize, rank)
  }
}

extension AdapterFolder.Settings {
  /// Reads `adapter_config.json` of either kind.
  init(_ folder: ModelFolder) throws(InputError) {
    let file = folder.adapterConfigurationPath
    let json = try JSON(path: file)
    let fields = try Fields(json, file: file)
    if fields.has("peft_type") {
      self = .peft(try AdapterConfiguration(json: json, file: file))
    } else if fields.has("fine_tune_type") || fields.has("lora_parameters") {
      self = .mlx(try MLXAdapterConfiguration(json: json, file: file))
    } else {
      throw fields.failure("peft_type", "is missing, and so is mlx-lm's lora_parameters")
    }
  }

  var kind: AdapterFolder.Kind {
    if case .peft = self { .peft } else { .mlx }
  }

  /// Rank and scaling of a linear; `nil` if it is left alone.
  func values(
    of linear: LinearLayer, layer: Int, layerCount: Int?
  ) -> (rank: Int, scaling: Double)? {
    switch self {
    case .peft(let settings): return settings.settings(of: linear, layer: layer)
    case .mlx(let settings):
      guard settings.adapts(linear, layer: layer, layerCount: layerCount) else { return nil }
      return (settings.rank, settings.scale)
    }
  }
}

/// The transpose of a row-major matrix.
func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
  [Float](unsafeUninitializedCapacity: values.count) { target, count in
    for row in 0..<rows {
      for column in 0..<columns { target[column * rows + row] = values[row * columns + column] }
    }
    count = values.count
  }
}
