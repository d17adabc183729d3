import Core
import Foundation
import TestSupport
import Testing

import Formats

/// Configuration, weights and tokenizer of one folder against each other.
@Suite("A folder's parts fit each other")
struct ModelFolderCheckTests {
  private static let tokenizer = BPETrainer(
    vocabularySize: 260, specialTokens: ChatFormat.specialTokens(authors: [])
  ).train(texts: ["a few words to merge, a few words"])

  private static var configuration: ModelConfiguration {
    var configuration = ModelConfiguration(
      vocabularySize: tokenizer.vocabularySize + 4, hiddenSize: 8, intermediateSize: 12,
      layerCount: 2, headCount: 2, keyValueHeadCount: 1)
    configuration.modelType = "qwen2"
    configuration.queryKeyValueBias = true
    configuration.endTokenIDs = [tokenizer.id(of: ChatFormat.endOfTurn) ?? -1]
    return configuration
  }

  private typealias Tensor = (name: String, shape: [Int])

  /// What `check` says about a folder made of these parts; nil: nothing.
  private func problem(
    _ configuration: ModelConfiguration = configuration, as type: DataType = .bfloat16,
    tensors change: (inout [Tensor]) -> Void = { _ in },
    then last: (ModelFolder) throws -> Void = { _ in }
  ) throws -> String? {
    try withTemporaryFolder { path -> String? in
      let folder = ModelFolder(path: path)
      try folder.write(configuration)
      try folder.write(Self.tokenizer)
      var tensors = configuration.tensorShapes()
      change(&tensors)
      try Safetensors.write(
        tensors.map { tensor in
          .init(tensor.name, shape: tensor.shape, as: type) { (_, target) in
            target.update(repeating: 0.5)
          }
        }, to: folder.weightsPath)
      try last(folder)
      do {
        let summary = try folder.check()
        #expect(summary.configuration == configuration)
        return nil
      } catch let error as InputError {
        #expect(!error.description.contains("\n"))
        return error.description.replacingOccurrences(of: path + "/", with: "")
      }
    }
  }

  /// qwen2 with C 8, F 12, one key-value head of 4, V 264 + 4 special tokens or so: embedding and
  /// output V·8 each; a block has norms 16, q 64 + 8, k and v 32 + 4 each, o 64, MLP 3·96 = 512; two
  /// of them and the last norm 8.
  @Test("A folder that fits says what it holds")
  func fits() throws {
    #expect(try problem() == nil)
    try withTemporaryFolder { path in
      let folder = ModelFolder(path: path)
      let c = Self.configuration
      try folder.write(c)
      try folder.write(Self.tokenizer)
      try Safetensors.write(
        c.tensorShapes().map { tensor in
          let type: DataType = tensor.name.contains("norm") ? .float32 : .bfloat16
          return .init(tensor.name, shape: tensor.shape, as: type) { (_, target) in
            target.update(repeating: 1)
          }
        }, to: folder.weightsPath)
      let summary = try folder.check()
      #expect(summary.parameterCount == 16 * c.vocabularySize + 2 * 512 + 8)
      #expect(summary.weightByteCount == 2 * summary.parameterCount + 2 * (2 * 16 + 8))
      #expect(summary.dataTypes == [.bfloat16, .float32])
      #expect(summary.weightFiles == [folder.weightsPath])
      #expect(summary.tokenizerVocabularySize == Self.tokenizer.vocabularySize)
      try FileManager.default.removeItem(atPath: folder.tokenizerPath)
      #expect(try folder.check(tokenizer: false).tokenizerVocabularySize == nil)
      let error = #expect(throws: InputError.self) { try folder.check() }
      #expect(error?.description.hasPrefix("\(folder.tokenizerPath): cannot be read") == true)
    }
  }

  @Test("Tensors that are missing, misshapen, of another type or unexpected are named")
  func tensors() throws {
    let norm = "model.layers.1.input_layernorm.weight"
    #expect(
      try problem(tensors: { $0.removeAll { $0.name == norm } })
        == "model.safetensors: \(norm): the tensor is missing")
    #expect(
      try problem(tensors: { $0[0].shape[0] -= 1 })
        == "model.safetensors: model.embed_tokens.weight: found shape "
        + "[\(Self.configuration.vocabularySize - 1), 8], expected "
        + "[\(Self.configuration.vocabularySize), 8]")
    #expect(
      try problem(tensors: { $0.append(("model.layers.2.oh", [1])) })
        == "model.safetensors: model.layers.2.oh: the tensor is unexpected: no part of this model has "
        + "that name")
    #expect(
      try problem(tensors: { $0.append(("model.layers.0.self_attn.rotary_emb.inv_freq", [2])) })
        == nil)
    #expect(
      try problem(then: { folder in
        var bytes = try Data(contentsOf: URL(filePath: folder.weightsPath))
        let found = Data(#""\#(norm)":{"dtype":"BF16""#.utf8)
        let place = try #require(bytes.range(of: found))
        let other = Data(#""\#(norm)":{"dtype":"I16" "#.utf8)
        bytes.replaceSubrange(place, with: other)
        try bytes.write(to: URL(filePath: folder.weightsPath))
      }) == "model.safetensors: \(norm): found data type I16, expected F32, BF16 or F16")
  }

  @Test("A tied output may be stored twice, an untied one must be there")
  func output() throws {
    var tied = Self.configuration
    tied.tiedEmbeddings = true
    let shape = [tied.vocabularySize, tied.hiddenSize]
    #expect(try problem(tied) == nil)
    #expect(try problem(tied, tensors: { $0.append(("lm_head.weight", shape)) }) == nil)
    #expect(
      try problem(tensors: { $0.removeAll { $0.name == "lm_head.weight" } })
        == "model.safetensors: lm_head.weight: the tensor is missing")
  }

  @Test("A tokenizer with more tokens than the model, or without its end, is refused")
  func tokenizer() throws {
    let size = Self.tokenizer.vocabularySize
    var small = Self.configuration
    small.vocabularySize = size - 1
    small.endTokenIDs = [0]
    let text = Self.tokenizer.decode([size - 1])
    #expect(
      try problem(small)
        == "tokenizer.json: the token \"\(text)\" has the id \(size - 1), but the model has only "
        + "\(size - 1) tokens (vocab_size of config.json)")
    var exact = Self.configuration
    exact.vocabularySize = size
    #expect(try problem(exact) == nil)
    var other = Self.configuration
    other.endTokenIDs = [0, size + 2]
    #expect(
      try problem(other)
        == "config.json: eos_token_id: found \(size + 2), but the largest id of tokenizer.json is "
        + "\(size - 1): they do not belong together")
  }
}
