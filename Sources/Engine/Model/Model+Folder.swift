import Core
import Formats
import Foundation
import Synchronization

extension Model {
  /// Reads `config.json` and the weights, in one file or in shards.
  ///
  /// A tied output may be stored a second time as long as it equals the embedding, and rotary
  /// frequencies that old checkpoints carry are passed over: both follow from what else is there.
  ///
  /// - Parameters:
  ///   - folder: the folder to read.
  ///   - precision: how the weights are kept: `f32` (F32, BF16 and F16 become 32-bit floats), or `bf16`
  ///     (frozen, and rounded where they are stored wider).
  ///   - pool: reads parts of tensors at a time.
  /// - Throws: `InputError` naming file and field or tensor, when one is missing, unexpected, or of
  ///   another shape or type.
  package static func load(
    from folder: ModelFolder, weightsIn precision: Precision = .f32,
    pool: WorkerPool = WorkerPool(threadCount: 1)
  ) throws(InputError) -> Model {
    let configuration = try folder.configuration()
    let files = try ModelWeightFiles(folder: folder)
    try files.check(configuration)
    if configuration.tiedEmbeddings { try checkTiedOutput(in: files, configuration) }
    let model = Model(configuration, weightsIn: precision)
    let parts = TensorPart.parts(of: model.layout)
    let problems = FirstProblem()
    pool.run(parts.count) { _, index in
      do throws(InputError) {
        try model.read(parts[index], from: files)
      } catch {
        problems.note(error, at: index)
      }
    }
    if let problem = problems.first { throw problem }
    return model
  }

  private func read(_ part: TensorPart, from files: ModelWeightFiles) throws(InputError) {
    let slot = part.slot
    switch storage {
    case .half(let block) where slot.shape.count == 2:
      try files.readBFloat16(
        slot.name, expecting: slot.shape, elements: part.elements,
        into: UnsafeMutableBufferPointer(
          start: block.matrix(at: slot.offset) + part.elements.lowerBound,
          count: part.elements.count))
    default:
      let start =
        slot.shape.count == 2 ? weights.floats + slot.offset : vector(slot)
      try files.read(
        slot.name, expecting: slot.shape, elements: part.elements,
        into: UnsafeMutableBufferPointer(
          start: start + part.elements.lowerBound, count: part.elements.count))
    }
  }

  /// Writes `config.json`, `generation_config.json` and `model.safetensors`, making the folder if
  /// there is none; transformers loads it as it is.
  ///
  /// - Parameters:
  ///   - folder: the folder to write.
  ///   - dataType: of the weights, see `saveWeights`.
  /// - Throws: `InputError` naming the file that cannot be written.
  package func save(
    to folder: ModelFolder, as dataType: DataType = .float32
  ) throws(InputError) {
    // The weights first: a folder with a configuration has its weights.
    try saveWeights(to: folder, as: dataType)
    try folder.write(configuration, dataType: dataType)
  }

  /// Writes `model.safetensors` alone, making the folder if there is none.
  ///
  /// - Parameters:
  ///   - folder: the folder to write.
  ///   - dataType: `float32`, or `bfloat16` or `float16`, rounded to nearest.
  /// - Throws: `InputError` naming the file that cannot be written.
  package func saveWeights(to folder: ModelFolder, as dataType: DataType) throws(InputError) {
    guard [.float32, .bfloat16, .float16].contains(dataType) else {
      throw InputError(
        "weights cannot be written as \(dataType.rawValue), expected F32, BF16 or F16",
        file: folder.weightsPath)
    }
    try folder.create()
    try Safetensors.write(layout.sources(in: weights, as: dataType), to: folder.weightsPath)
  }

  private static func checkTiedOutput(
    in files: ModelWeightFiles, _ c: ModelConfiguration
  ) throws(InputError) {
    let name = "lm_head.weight"
    guard files.info(name) != nil else { return }
    let shape = [c.vocabularySize, c.hiddenSize]
    let slot = TensorSlot(name: name, shape: shape, offset: 0)
    for part in TensorPart.parts(of: slot, size: 1 << 20) {
      let pair = ParameterBlock(count: 2 * part.elements.count)
      for (name, start) in [(name, 0), ("model.embed_tokens.weight", part.elements.count)] {
        try files.read(
          name, expecting: shape, elements: part.elements,
          into: UnsafeMutableBufferPointer(
            start: pair.floats + start, count: part.elements.count))
      }
      guard
        (0..<part.elements.count).allSatisfy({
          pair.floats[$0] == pair.floats[part.elements.count + $0]
        })
      else {
        throw InputError(
          "differs from model.embed_tokens.weight, but config.json ties them",
          file: try files.file(of: name).file, field: name)
      }
    }
  }
}

/// A piece of a tensor that one worker reads.
private struct TensorPart: Sendable {
  let slot: TensorSlot
  let elements: Range<Int>

  static func parts(of layout: ParameterLayout) -> [TensorPart] {
    layout.slots.flatMap { parts(of: $0, size: 8 << 20) }
  }

  static func parts(of slot: TensorSlot, size: Int) -> [TensorPart] {
    stride(from: 0, to: slot.count, by: size).map {
      TensorPart(slot: slot, elements: $0..<min($0 + size, slot.count))
    }
  }
}

/// Of the problems that workers met, the one that a single worker would have met first.
private final class FirstProblem: Sendable {
  private let found = Mutex<(index: Int, error: InputError)?>(nil)

  func note(_ error: InputError, at index: Int) {
    found.withLock { found in
      if found.map({ index < $0.index }) ?? true { found = (index, error) }
    }
  }

  var first: InputError? { found.withLock { $0?.error } }
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
        field: name.onOneLine)
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
