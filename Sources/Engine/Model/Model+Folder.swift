import Core
import Formats
import Foundation

extension Model {
  /// Reads `config.json` and `model.safetensors`; F32, BF16 and F16 become 32-bit floats.
  ///
  /// A tied output may be stored a second time as long as it equals the embedding, and rotary
  /// frequencies that old checkpoints carry are passed over: both follow from what else is there.
  ///
  /// - Throws: `InputError` naming file and field or tensor, when one is missing, unexpected, or of
  ///   another shape or type.
  public static func load(from folder: ModelFolder) throws(InputError) -> Model {
    let model = Model(try folder.configuration())
    let file = try Safetensors(path: folder.weightsPath)
    try file.read(model.layout, into: model.weights) { name in
      name.hasSuffix(".rotary_emb.inv_freq")
        || (name == "lm_head.weight" && model.configuration.tiedEmbeddings)
    }
    if model.configuration.tiedEmbeddings { try model.checkTiedOutput(in: file) }
    return model
  }

  /// Writes `config.json`, `generation_config.json` and `model.safetensors`, making the folder if
  /// there is none; transformers loads it as it is.
  ///
  /// - Parameter dataType: `float32`, or `bfloat16`, rounded to nearest.
  /// - Throws: `InputError` naming the file that cannot be written.
  public func save(
    to folder: ModelFolder, as dataType: DataType = .float32
  ) throws(InputError) {
    guard [.float32, .bfloat16].contains(dataType) else {
      throw InputError(
        "weights cannot be written as \(dataType.rawValue), expected F32 or BF16",
        file: folder.weightsPath)
    }
    try folder.create()
    // The weights first: a folder with a configuration has its weights.
    try Safetensors.write(layout.sources(in: weights, as: dataType), to: folder.weightsPath)
    try folder.write(configuration, dataType: dataType)
  }

  private func checkTiedOutput(in file: Safetensors) throws(InputError) {
    guard file.tensors["lm_head.weight"] != nil else { return }
    let c = configuration
    let head = try file.floats(
      of: "lm_head.weight", expecting: [c.vocabularySize, c.hiddenSize])
    let embedding = weights.floats + offsets.embedding
    guard head.indices.allSatisfy({ head[$0] == embedding[$0] }) else {
      throw InputError(
        "differs from model.embed_tokens.weight, but config.json ties them",
        file: file.file, field: "lm_head.weight")
    }
  }
}

extension ModelFolder {
  /// Makes the folder and those above it unless they exist.
  func create() throws(InputError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw InputError("the folder cannot be made: \(error.localizedDescription)", file: path)
    }
  }
}

extension Safetensors {
  /// Reads every tensor of `layout` into its place in `block`.
  ///
  /// - Parameters:
  ///   - prefix: stands before each name in the file.
  ///   - ignored: names that may be there besides.
  /// - Throws: `InputError` naming file and tensor.
  func read(
    _ layout: ParameterLayout, into block: ParameterBlock, prefix: String = "",
    ignoring ignored: (String) -> Bool = { _ in false }
  ) throws(InputError) {
    let known = Set(layout.slots.map { prefix + $0.name })
    for slot in layout.slots {
      try read(
        prefix + slot.name, expecting: slot.shape,
        into: UnsafeMutableBufferPointer(start: block.floats + slot.offset, count: slot.count))
    }
    // After the known ones: a missing tensor says more than the unexpected one in its place.
    for name in names where name.hasPrefix(prefix) && !known.contains(name) && !ignored(name) {
      throw InputError(
        "the tensor is unexpected: no part of this model has that name", file: file,
        field: oneLine(name))
    }
  }
}

extension ParameterLayout {
  /// The tensors of `block` as they are written, in the layout's order.
  func sources(
    in block: ParameterBlock, prefix: String = "", as dataType: DataType = .float32
  ) -> [Safetensors.Source] {
    slots.map { slot in
      Safetensors.Source(
        prefix + slot.name, shape: slot.shape,
        elements: UnsafeBufferPointer(start: block.floats + slot.offset, count: slot.count),
        as: dataType)
    }
  }
}
