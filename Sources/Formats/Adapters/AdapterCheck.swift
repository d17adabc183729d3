import Core

/// Checks an adapter's tensors against its configuration and, if there is one, the model.
struct AdapterCheck {
  let settings: AdapterFolder.Settings
  let weights: Safetensors
  let model: ModelConfiguration?
  private var names: [Place: (a: String?, b: String?)] = [:]

  private struct Place: Hashable, Comparable {
    let layer: Int
    let linear: LinearLayer

    static func < (left: Place, right: Place) -> Bool {
      (left.layer, left.order) < (right.layer, right.order)
    }
    private var order: Int { LinearLayer.allCases.firstIndex(of: linear) ?? 0 }
  }

  init(settings: AdapterFolder.Settings, weights: Safetensors, model: ModelConfiguration?) {
    self.settings = settings
    self.weights = weights
    self.model = model
  }

  mutating func modules(configurationPath: String) throws(InputError) -> [AdapterModule] {
    if case .peft(let settings) = settings, let model,
      let bad = settings.layers?.first(where: { $0 >= model.layerCount })
    {
      throw InputError(
        "found layer \(bad), but the model has layers 0 to \(model.layerCount - 1)",
        file: configurationPath, field: "layers_to_transform")
    }
    for name in weights.names { try take(name) }
    guard !names.isEmpty else {
      throw InputError("there is no adapted linear in it", file: weights.file)
    }
    var modules: [AdapterModule] = []
    // mlx-lm adapts the last blocks: the last that there is is the model's last.
    let layerCount = model?.layerCount ?? names.keys.map(\.layer).max().map { $0 + 1 }
    // Blocks without any tensor are missing only if the model has them.
    let layers = model.map { Array(0..<$0.layerCount) } ?? Set(names.keys.map(\.layer)).sorted()
    for layer in layers {
      for linear in LinearLayer.allCases {
        guard let values = settings.values(of: linear, layer: layer, layerCount: layerCount) else {
          continue
        }
        modules.append(try module(Place(layer: layer, linear: linear), values.rank, values.scaling))
      }
    }
    try checkEqualSizes(modules)
    return modules
  }

  /// Files a tensor under the linear that it adapts.
  private mutating func take(_ name: String) throws(InputError) {
    let parsed = settings.kind == .peft ? Self.parsePEFT(name) : Self.parseMLX(name)
    guard let parsed, let (layer, linear) = LinearLayer.parse(parsed.path[...]), layer < 1024 else {
      throw failure(name, Self.reason(against: name))
    }
    if let model, layer >= model.layerCount {
      throw failure(
        name, "the tensor is unexpected: the model has layers 0 to \(model.layerCount - 1)")
    }
    guard settings.values(of: linear, layer: layer, layerCount: model?.layerCount) != nil else {
      throw failure(name, "the tensor is unexpected: adapter_config.json leaves this module alone")
    }
    let place = Place(layer: layer, linear: linear)
    let other = parsed.matrix == .a ? names[place]?.a : names[place]?.b
    if let other { throw failure(name, "the tensor is there a second time as \(other.onOneLine)") }
    if parsed.matrix == .a {
      names[place, default: (nil, nil)].a = name
    } else {
      names[place, default: (nil, nil)].b = name
    }
  }

  private func module(
    _ place: Place, _ rank: Int, _ scaling: Double
  ) throws(InputError) -> AdapterModule {
    let a = try name(of: .a, at: place)
    let b = try name(of: .b, at: place)
    let expected = model.map { place.linear.shape(in: $0) }
    let inputSize = try size(a, besides: rank, rankFirst: settings.kind == .peft, expected?.columns)
    let outputSize = try size(b, besides: rank, rankFirst: settings.kind == .mlx, expected?.rows)
    return AdapterModule(
      layer: place.layer, linear: place.linear, rank: rank, scaling: scaling, inputSize: inputSize,
      outputSize: outputSize, nameOfA: a, nameOfB: b)
  }

  private func name(
    of matrix: AdapterConfiguration.Matrix, at place: Place
  ) throws(InputError) -> String {
    let found = matrix == .a ? names[place]?.a : names[place]?.b
    if let found { return found }
    let name =
      settings.kind == .peft
      ? AdapterConfiguration.tensorName(layer: place.layer, linear: place.linear, matrix: matrix)
      : "\(place.linear.path(inLayer: place.layer)).\(matrix.rawValue.lowercased())"
    var problem = "the tensor is missing"
    let layers = names.keys.map(\.layer)
    if let model, !layers.contains(place.layer), let first = layers.min(), let last = layers.max() {
      problem += ": the file has layers \(first) to \(last), the model 0 to \(model.layerCount - 1)"
    }
    throw failure(name, problem)
  }

  /// The dimension that is not the rank, after all checks of shape and type.
  private func size(
    _ name: String, besides rank: Int, rankFirst: Bool, _ expected: Int?
  ) throws(InputError) -> Int {
    let info = try weights.info(of: name)
    guard [.float32, .bfloat16, .float16].contains(info.dataType) else {
      throw failure(
        name, "found data type \(info.dataType.rawValue), expected F32, BF16 or F16")
    }
    let size = info.shape.count == 2 ? info.shape[rankFirst ? 1 : 0] : 0
    let fits =
      info.shape.count == 2 && info.shape[rankFirst ? 0 : 1] == rank && size > 0
      && size == expected ?? size
    guard fits else {
      let other = expected.map(String.init) ?? (rankFirst ? "in" : "out")
      let shape = rankFirst ? "[\(rank), \(other)]" : "[\(other), \(rank)]"
      throw failure(name, "found shape \(info.shape), expected \(shape)")
    }
    return size
  }

  /// The same linear has the same shape in every block.
  private func checkEqualSizes(_ modules: [AdapterModule]) throws(InputError) {
    var first: [LinearLayer: AdapterModule] = [:]
    for module in modules {
      guard let other = first[module.linear] else {
        first[module.linear] = module
        continue
      }
      guard (other.inputSize, other.outputSize) == (module.inputSize, module.outputSize) else {
        let name = other.inputSize == module.inputSize ? module.nameOfB : module.nameOfA
        throw failure(
          name,
          "adapts a weight of shape [\(module.outputSize), \(module.inputSize)], but in layer "
            + "\(other.layer) it is [\(other.outputSize), \(other.inputSize)]")
      }
    }
  }

  private func failure(_ name: String, _ problem: String) -> InputError {
    InputError(problem, file: weights.file, field: name.onOneLine)
  }

  // Names

  private typealias Parsed = (path: String, matrix: AdapterConfiguration.Matrix)

  /// With and without PEFT's prefix, with and without the name of the adapter, which old files have.
  private static func parsePEFT(_ name: String) -> Parsed? {
    var path = name[...]
    let prefix = "base_model.model."
    if path.hasPrefix(prefix) { path = path.dropFirst(prefix.count) }
    for matrix in AdapterConfiguration.Matrix.allCases {
      for infix in ["", ".default"] {
        let suffix = ".\(matrix.rawValue)\(infix).weight"
        guard path.hasSuffix(suffix) else { continue }
        let module = path.dropLast(suffix.count)
        return (module.hasPrefix("layers.") ? "model." + module : String(module), matrix)
      }
    }
    return nil
  }

  private static func parseMLX(_ name: String) -> Parsed? {
    for matrix in AdapterConfiguration.Matrix.allCases {
      let suffix = "." + matrix.rawValue.lowercased()
      if name.hasSuffix(suffix) { return (String(name.dropLast(suffix.count)), matrix) }
    }
    return nil
  }

  private static func reason(against name: String) -> String {
    if name.contains("lora_magnitude_vector") || name.hasSuffix(".m") {
      return "DoRA is not supported"
    }
    if name.contains("lora_embedding_") { return "adapted embeddings are not supported" }
    if name.contains("lora_") && name.hasSuffix(".bias") {
      return "biases in an adapter are not supported"
    }
    if name.contains("embed_tokens") || name.contains("lm_head") {
      return "embeddings and outputs that are saved or adapted beside the blocks are not supported"
    }
    return "the tensor is unexpected: no block's linear has it as A or B"
  }
}
