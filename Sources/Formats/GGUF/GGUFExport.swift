import Core

/// A model folder as a GGUF file, for llama.cpp and what builds on it.
package struct GGUFExport {
  /// How matrices are stored; vectors stay F32, as readers expect.
  package enum Storage: String, CaseIterable, Sendable {
    case f32, f16, bf16
    case q8 = "q8_0"

    var type: GGUFTensorType {
      switch self {
      case .f32: .f32
      case .f16: .f16
      case .bf16: .bf16
      case .q8: .q8
      }
    }

    /// `llama_ftype` of files that are mostly so.
    var fileType: Int {
      switch self {
      case .f32: 0
      case .f16: 1
      case .bf16: 32
      case .q8: 7
      }
    }

    /// That of a folder's weights.
    package init(_ dataType: DataType) {
      switch dataType {
      case .bfloat16: self = .bf16
      case .float16: self = .f16
      default: self = .f32
      }
    }
  }

  private let writer: GGUFWriter

  /// Reads all but the weights.
  ///
  /// - Parameters:
  ///   - template: the text of the chat template in effect.
  ///   - specialTokens: texts of `bos_token` and the like.
  /// - Throws: `InputError` naming what is wrong with the folder, or what a GGUF file cannot say.
  package init(
    _ folder: ModelFolder, name: String, template: String?, specialTokens: [String: String],
    as storage: Storage
  ) throws(InputError) {
    let configuration = try folder.check().configuration
    let weights = try ModelWeightFiles(folder: folder)
    let tokens = try GGUFTokenizerExport(
      folder, vocabularySize: configuration.vocabularySize, specialTokens: specialTokens,
      endTokens: configuration.endTokenIDs)
    var writer = GGUFWriter()
    writer.fields =
      Self.fields(configuration, name: name, storage) + tokens.fields
      + (template.map { [("tokenizer.chat_template", .string($0))] } ?? [])
    if let scaling = configuration.ropeScaling {
      let factors = GGUFRopeFactors(configuration).factors(scaling)
      writer.tensors.append(
        GGUFWriter.Tensor(name: GGUFRopeFactors.tensor, shape: [factors.count], type: .f32) {
          for index in $0 { $1[index - $0.lowerBound] = factors[index] }
        })
    }
    for (folderName, shape) in configuration.tensorShapes() {
      writer.tensors.append(
        Self.tensor(folderName, shape, of: weights, configuration, as: storage.type))
    }
    self.writer = writer
  }

  /// Of the file.
  package var byteCount: Int { writer.byteCount }

  /// - Throws: `InputError` naming the file, or the tensor that its type cannot hold.
  package func write(to path: String) throws(InputError) { try writer.write(to: path) }

  private static func fields(
    _ model: ModelConfiguration, name: String, _ storage: Storage
  ) -> [(key: String, value: GGUFWriter.Field)] {
    let architecture = GGUFArchitecture(folder: model)
    var fields: [(key: String, value: GGUFWriter.Field)] = [
      ("general.architecture", .string(architecture.rawValue)),
      ("general.type", .string("model")),
      ("general.name", .string(name)),
      ("general.file_type", .unsigned(storage.fileType)),
      ("general.quantization_version", .unsigned(2)),
    ]
    var own: [(key: String, value: GGUFWriter.Field)] = [
      ("context_length", .unsigned(model.maximumPositionCount)),
      ("embedding_length", .unsigned(model.hiddenSize)),
      ("block_count", .unsigned(model.layerCount)),
      ("feed_forward_length", .unsigned(model.intermediateSize)),
      ("attention.head_count", .unsigned(model.headCount)),
      ("attention.head_count_kv", .unsigned(model.keyValueHeadCount)),
      ("attention.key_length", .unsigned(model.headSize)),
      ("attention.value_length", .unsigned(model.headSize)),
      ("attention.layer_norm_rms_epsilon", .number(model.normEpsilon)),
      ("rope.dimension_count", .unsigned(model.headSize)),
      ("rope.freq_base", .number(model.ropeBase)),
      ("vocab_size", .unsigned(model.vocabularySize)),
    ]
    if let window = model.slidingWindow {
      own.append(("attention.sliding_window", .unsigned(window.size)))
    }
    fields += own.map { ("\(architecture.rawValue).\($0.key)", $0.value) }
    return fields
  }

  private static func tensor(
    _ folderName: String, _ shape: [Int], of weights: ModelWeightFiles,
    _ configuration: ModelConfiguration, as type: GGUFTensorType
  ) -> GGUFWriter.Tensor {
    let width = shape.last ?? 1
    let isVector = shape.count == 1
    // Rows that are no whole blocks are stored as llama.cpp stores them then.
    let fitting = width % type.blockElementCount == 0 ? type : .f16
    let name = GGUFTensorNames.name(ofFolder: folderName)
    let order = GGUFArchitecture(folder: configuration)
      .rowOrder(of: name, headSize: configuration.headSize)
    return GGUFWriter.Tensor(name: name, shape: shape, type: isVector ? .f32 : fitting) {
      (elements, target) throws(InputError) in
      guard let order else {
        return try weights.read(folderName, expecting: shape, elements: elements, into: target)
      }
      for row in elements.lowerBound / width..<elements.upperBound / width {
        let from = order.rowInFolder(row) * width
        let place = row * width - elements.lowerBound
        try weights.read(
          folderName, expecting: shape, elements: from..<from + width,
          into: UnsafeMutableBufferPointer(rebasing: target[place..<place + width]))
      }
    }
  }
}
