import Core
import Formats

extension Adapter {
  /// Reads `adapter_config.json` and `adapter_model.safetensors` in PEFT's layout.
  ///
  /// - Parameter model: the shape of the model that the adapter was made for.
  /// - Throws: `InputError` naming file and field or tensor; an adapter of a model of another shape
  ///   is refused at the first tensor that does not fit.
  public static func load(
    from folder: ModelFolder, for model: ModelConfiguration
  ) throws(InputError) -> Adapter {
    let file = folder.adapterConfigurationPath
    let settings = try folder.adapterConfiguration()
    if let bad = settings.layers?.first(where: { $0 >= model.layerCount }) {
      throw InputError(
        "found layer \(bad), but the model has layers 0 to \(model.layerCount - 1)", file: file,
        field: "layers_to_transform")
    }
    let adapter: Adapter
    do {
      adapter = try Adapter(LoRAConfiguration(settings), for: model)
    } catch {
      throw error.inFile(file)
    }
    try Safetensors(path: folder.adapterWeightsPath).read(adapter.layout, into: adapter.weights)
    return adapter
  }

  /// Writes `adapter_config.json` and `adapter_model.safetensors`, making the folder if there is
  /// none; PEFT loads it as it is.
  ///
  /// - Parameter baseModel: the base model's folder or name, for other tools to find it.
  /// - Throws: `InputError` naming the file that cannot be written.
  public func save(to folder: ModelFolder, baseModel: String? = nil) throws(InputError) {
    try folder.create()
    try Safetensors.write(layout.sources(in: weights), to: folder.adapterWeightsPath)
    try folder.write(
      AdapterConfiguration(
        rank: configuration.rank, alpha: configuration.alpha,
        rankStabilized: configuration.rankStabilised,
        targetModules: configuration.targets.map(\.rawValue), layers: configuration.layers,
        baseModel: baseModel))
  }
}

extension LoRAConfiguration {
  /// The settings of an adapter folder; targets in the order of a block's layers.
  public init(_ settings: AdapterConfiguration) {
    self.init(
      rank: settings.rank, alpha: settings.alpha, rankStabilised: settings.rankStabilized,
      targets: LinearLayer.allCases.filter { settings.targetModules.contains($0.rawValue) },
      layers: settings.layers)
  }
}
