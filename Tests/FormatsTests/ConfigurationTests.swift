import Core
import Foundation
import TestSupport
import Testing

import Documents
import Formats

@Suite("Model and adapter configurations")
struct ConfigurationTests {
  static let old = #"""
    {"model_type":"llama","vocab_size":128,"hidden_size":64,"intermediate_size":96,
     "num_hidden_layers":3,"num_attention_heads":4,"rope_theta":5000.0,"rope_scaling":null,
     "torch_dtype":"bfloat16","eos_token_id":[1,2],"pad_token_id":-1}
    """#

  /// The old text with members added; of equal names the last one counts.
  static func changed(_ members: String) -> String {
    String(old.dropLast(1)) + ",\(members)}"
  }

  static func read(_ text: String) throws -> ModelConfiguration {
    try ModelConfiguration(json: JSON(text: text))
  }

  @Test("The four configurations that transformers wrote")
  func fixtures() throws {
    func folder(_ name: String) -> ModelFolder { ModelFolder(path: Fixture.path("models/\(name)")) }
    var expected = ModelConfiguration(
      vocabularySize: 71, hiddenSize: 48, intermediateSize: 80, layerCount: 2, headCount: 4,
      keyValueHeadCount: 2, headSize: 12)
    expected.normEpsilon = 1e-5
    expected.ropeBase = 5000
    expected.maximumPositionCount = 64
    expected.endTokenIDs = [0]
    #expect(try folder("llama-gqa-untied").configuration() == expected)

    let tied = try folder("llama-mha-tied").configuration()
    #expect(tied.tiedEmbeddings && tied.keyValueHeadCount == 4 && tied.headSize == 8)
    let qwen2 = try folder("qwen2").configuration()
    #expect(qwen2.queryKeyValueBias && !qwen2.queryKeyNorm && qwen2.ropeBase == 1_000_000)
    let qwen3 = try folder("qwen3").configuration()
    #expect(qwen3.queryKeyNorm && !qwen3.queryKeyValueBias && qwen3.headSize == 16)
  }

  @Test("Old names, several end tokens, a pad token of -1")
  func oldNames() throws {
    let configuration = try Self.read(Self.old)
    #expect(configuration.ropeBase == 5000)
    #expect(configuration.headSize == 16 && configuration.keyValueHeadCount == 4)
    #expect(configuration.endTokenIDs == [1, 2] && configuration.padTokenID == nil)
  }

  @Test("Missing keys take each family's default, an explicit null means as many heads")
  func defaults() throws {
    let wide = #""num_attention_heads":32,"hidden_size":256,"#
    #expect(try Self.read(Self.changed(wide + #""model_type":"qwen3""#)).headSize == 128)
    #expect(try Self.read(Self.changed(wide + #""model_type":"qwen2""#)).keyValueHeadCount == 32)
    let mistral = wide + #""model_type":"mistral","sliding_window":null"#
    #expect(try Self.read(Self.changed(mistral)).keyValueHeadCount == 8)
    #expect(
      try Self.read(Self.changed(mistral + #","num_key_value_heads":null"#)).keyValueHeadCount == 32
    )
  }

  @Test(
    "What cannot be said or is out of range is refused, field by field",
    arguments: [
      (#""model_type":"gpt2""#, "model_type"), (#""model_type":3"#, "model_type"),
      (#""hidden_size":0"#, "hidden_size"), (#""hidden_size":-64"#, "hidden_size"),
      (#""hidden_size":65"#, "hidden_size"), (#""hidden_size":"64""#, "hidden_size"),
      (#""hidden_size":64.5"#, "hidden_size"), (#""hidden_size":null"#, "hidden_size"),
      (#""hidden_size":4611686018427387904"#, "hidden_size"),
      (#""num_attention_heads":0"#, "hidden_size"), (#""head_dim":15"#, "head_dim"),
      (#""num_attention_heads":0,"head_dim":16"#, "num_attention_heads"),
      (#""num_key_value_heads":3"#, "num_key_value_heads"),
      (#""num_key_value_heads":0"#, "num_key_value_heads"),
      (#""vocab_size":99999999999"#, "vocab_size"), (#""rms_norm_eps":0"#, "rms_norm_eps"),
      (#""num_hidden_layers":100000"#, "num_hidden_layers"),
      (#""rope_theta":-1"#, "rope_theta"), (#""eos_token_id":128"#, "eos_token_id"),
      (#""eos_token_id":["a"]"#, "eos_token_id[0]"), (#""hidden_act":"gelu""#, "hidden_act"),
      (#""attention_bias":"x""#, "attention_bias"), (#""mlp_bias":3"#, "mlp_bias"),
      (#""rope_parameters":{"full_attention":{}}"#, "rope_parameters.full_attention"),
      (#""quantization_config":{"bits":4}"#, "quantization_config"),
      (#""num_local_experts":8"#, "num_local_experts"),
      (#""layer_types":["sliding_attention"]"#, "layer_types"),
    ])
  func refused(_ members: String, _ field: String) {
    let error = #expect(throws: InputError.self) { try Self.read(Self.changed(members)) }
    #expect(error?.field == field, "\(error?.description ?? "")")
    #expect(error?.file == "config.json")
  }

  @Test("A written configuration is read back as it was")
  func written() throws {
    for name in ["llama-mha-tied", "llama-gqa-untied", "qwen2", "qwen3"] {
      var configuration = try ModelFolder(path: Fixture.path("models/\(name)")).configuration()
      configuration.beginTokenID = 1
      configuration.endTokenIDs = [0, 2]
      try withTemporaryFolder { folder in
        let copy = ModelFolder(path: folder)
        try copy.write(configuration, dataType: .bfloat16)
        #expect(try copy.configuration() == configuration)
      }
    }
  }

  @Test("A second of changed bytes: an error or a configuration, never a crash")
  func fuzz() throws {
    var models = Fuzzer(
      random: RandomStream(seed: 4, "config"), valid: try Fixture.bytes("models/qwen3/config.json"))
    let model = try models.run(seconds: 1) {
      try ModelConfiguration(json: JSON(bytes: $0)).validate()
    }
    #expect(model.refused > 100 && model.accepted > 10)
  }
}
