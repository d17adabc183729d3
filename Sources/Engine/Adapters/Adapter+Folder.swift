import Core
import Formats
import Foundation

extension Adapter {
  /// Reads an adapter folder in PEFT's layout or in that of mlx-lm.
  ///
  /// An adapter has one rank and one scaling here: where modules differ in a file, smaller ranks
  /// are filled up with zeros and other scalings folded into B, and a linear that is adapted in
  /// some blocks only has zeros in the others. The function is the same, and so is its training,
  /// for zeros in both A and B have no gradient.
  ///
  /// - Parameters:
  ///   - folder: the folder to read.
  ///   - model: the shape of the model that the adapter was made for.
  /// - Throws: `InputError` naming file and field or tensor; an adapter of a model of another shape
  ///   is refused at the first tensor that does not fit.
  package static func load(
    from folder: ModelFolder, for model: ModelConfiguration
  ) throws(InputError) -> Adapter {
    let file = try AdapterFolder(path: folder.path, for: model)
    let configuration = LoRAConfiguration(file, for: model)
    let adapter: Adapter
    do {
      adapter = try Adapter(configuration, for: model)
    } catch {
      throw error.inFile(folder.adapterConfigurationPath)
    }
    for module in file.modules {
      guard let part = adapter.parts[module.layer].first(where: { $0.layer == module.linear })
      else { continue }
      for (matrix, offset) in [(AdapterConfiguration.Matrix.a, part.a), (.b, part.b)] {
        let values = try file.uniformMatrix(
          matrix, of: module, rank: configuration.rank, scaling: configuration.scale)
        (adapter.weights.floats + offset).update(from: values, count: values.count)
      }
    }
    return adapter
  }

  /// Writes `adapter_config.json` and `adapter_model.safetensors`, making the folder if there is
  /// none; PEFT loads it as it is.
  ///
  /// - Parameters:
  ///   - folder: the folder to write.
  ///   - baseModel: the base model's folder or name, for other tools to find it.
  /// - Throws: `InputError` naming the file that cannot be written.
  package func save(to folder: ModelFolder, baseModel: String? = nil) throws(InputError) {
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
  /// The settings that the adapter of a folder has in memory; targets in the order of a block's
  /// layers.
  ///
  /// The folder's own r and α where they hold for all modules; otherwise the largest rank, and the
  /// α that gives the first module's scaling.
  package init(_ file: AdapterFolder, for model: ModelConfiguration) {
    let rank = file.largestRank
    var layers: [Int]? = file.layers.count == model.layerCount ? nil : file.layers
    var stated: (rank: Int, alpha: Double, rankStabilised: Bool)?
    if case .peft(let settings) = file.settings {
      stated = (settings.rank, settings.alpha, settings.rankStabilized)
      // A list of all blocks stays a list.
      if let list = settings.layers, Set(list) == Set(file.layers) { layers = list }
    }
    self.init(
      rank: rank, alpha: stated?.alpha ?? 0, rankStabilised: stated?.rankStabilised ?? false,
      targets: file.linears, layers: layers)
    let scaling = file.commonScaling ?? file.modules.first?.scaling ?? 1
    if stated?.rank != rank || scale != scaling {
      alpha = scaling * (rankStabilised ? Double(rank).squareRoot() : Double(rank))
    }
  }
}
