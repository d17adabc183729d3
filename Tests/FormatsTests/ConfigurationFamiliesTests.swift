import Core
import Foundation
import TestSupport
import Testing

import Documents
import Formats

/// What `config.json` means, against what transformers makes of the same text:
/// scripts/fixtures_configurations.py.
@Suite("Model configurations of the families")
struct ConfigurationFamiliesTests {
  /// See scripts/describe_configuration.py.
  struct Description: Decodable, Sendable {
    let headSize: Int
    let keyValueHeadCount: Int
    let queryKeyValueBias: Bool
    let queryKeyNorm: Bool
    let frequencies: [Double]
    let windows: [Int?]
    let maximumPositionCount: Int
    let normEpsilon: Double
    let tied: Bool
    let begin: Int?
    let end: [Int]
    let pad: Int?
    let tensors: [String: [Int]]
  }

  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    let name: String
    let config: String
    let expected: Description
    var testDescription: String { name }
  }

  struct Cases: Decodable { let cases: [Case] }

  static let cases = try! Fixture.decode(Cases.self, "models/configurations.json").cases

  static func expect(_ configuration: ModelConfiguration, _ expected: Description) {
    let c = configuration
    #expect(c.headSize == expected.headSize && c.keyValueHeadCount == expected.keyValueHeadCount)
    #expect(c.queryKeyValueBias == expected.queryKeyValueBias)
    #expect(c.queryKeyNorm == expected.queryKeyNorm)
    #expect((0..<c.layerCount).map { c.slidingWindow(layer: $0) } == expected.windows)
    #expect(c.maximumPositionCount == expected.maximumPositionCount)
    #expect(c.normEpsilon == expected.normEpsilon && c.tiedEmbeddings == expected.tied)
    #expect(c.beginTokenID == expected.begin && c.endTokenIDs == expected.end)
    #expect(c.padTokenID == expected.pad)
    let shapes = c.tensorShapes()
    #expect(shapes.count == expected.tensors.count)
    for (name, shape) in shapes { #expect(expected.tensors[name] == shape, "\(name)") }
    // Frequencies are 32-bit numbers there.
    #expect(expected.frequencies.count == c.headSize / 2)
    for (i, frequency) in expected.frequencies.enumerated() {
      let plain = pow(c.ropeBase, -2 * Double(i) / Double(c.headSize))
      let ours = c.ropeScaling?.scaled(plain) ?? plain
      #expect(abs(ours - frequency) <= 1e-5 * frequency, "frequency \(i)")
    }
  }

  @Test("Both generations of names mean what they mean to transformers", arguments: cases)
  func meaning(_ item: Case) throws {
    Self.expect(try ModelConfiguration(json: JSON(text: item.config)), item.expected)
  }

  @Test("What is written is read back the same, by us", arguments: cases)
  func writtenAndRead(_ item: Case) throws {
    let configuration = try ModelConfiguration(json: JSON(text: item.config))
    #expect(try ModelConfiguration(json: configuration.json()) == configuration)
  }

  @Test("The written names are the old ones, whatever was read")
  func oldNames() throws {
    let text = try #require(Self.cases.first { $0.name == "rope: llama3, new names" }).config
    let written = try ModelConfiguration(json: JSON(text: text)).json(dataType: .float16)
    guard case .object(let object) = written else { return #expect(Bool(false), "no object") }
    #expect(object["rope_parameters"] == nil && object["torch_dtype"] == "float16")
    #expect(object["rope_theta"] == 10000.0)
    #expect(
      object["rope_scaling"] == [
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 64,
      ])
  }

  /// Turns over the original length of 64 tokens: 64 f / 2π. At f = 1 that is 10.2, above the high
  /// factor 4; at f = 0.3 it is 3.056, s = 2.056/3 = 0.6853, f/8 · (1 − s) + f · s = 0.2174; at
  /// f = 0.05 it is 0.51, below the low factor 1.
  @Test("The three bands of Llama 3's RoPE, by hand")
  func bands() {
    let scaling = RopeScaling(
      factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositionCount: 64)
    #expect(scaling.scaled(1) == 1)
    #expect(abs(scaling.scaled(0.3) - 0.2174) < 1e-4)
    #expect(scaling.scaled(0.05) == 0.05 / 8)
  }

  static let mistral = #""model_type":"mistral","num_key_value_heads":4"#
  static let qwen2 = #""model_type":"qwen2","num_key_value_heads":4"#

  @Test(
    "What is not supported is refused in one line that says what it is",
    arguments: [
      (#""model_type":"mixtral""#, #"model_type: found "mixtral", a mixture of experts; "#),
      (#""model_type":"qwen3_moe""#, #"model_type: found "qwen3_moe", a mixture of experts; "#),
      (#""model_type":"deepseek_v3""#, #"model_type: found "deepseek_v3", a mixture of experts; "#),
      (#""model_type":"gemma2""#, #"model_type: found "gemma2"; supported are llama, mistral, "#),
      (#""model_type":"phi3""#, #"model_type: found "phi3"; supported are"#),
      (#""model_type":null"#, "model_type: is missing; supported are llama, mistral, qwen2, qwen3"),
      (
        #""model_type":"gemma3","text_config":{}"#,
        #"found "gemma3", a model of more than text in one piece"#
      ),
      (
        #""model_type":"a\nb\u2028c""#, #"model_type: found "a\nb\u{2028}c"; supported"#
      ),
      (#""num_experts":64"#, "num_experts: mixtures of experts are not supported; supported are"),
      (
        #""quantization_config":{"quant_method":"gptq","bits":4}"#,
        "quantization_config: quantised weights (gptq) are not supported, expected F32, BF16 or F16"
      ),
      (
        #""quantization":{"group_size":64,"bits":4}"#,
        "quantization: quantised weights (4 bits) are not supported"
      ),
      (#""compression_config":{}"#, "compression_config: quantised weights are not supported"),
      (#""attention_bias":true"#, "attention_bias: found true, but such biases are not supported"),
      (
        #""model_type":"qwen3","num_key_value_heads":4,"attention_bias":true"#, "attention_bias: "
      ),
      (#""mlp_bias":true"#, "mlp_bias: found true, but such biases are not supported"),
      (
        #""architectures":["LlamaForSequenceClassification"]"#,
        #"architectures[0]: found "LlamaForSequenceClassification", expected a model that writes"#
      ),
      (#""partial_rotary_factor":0.5"#, "partial_rotary_factor: partial rotation"),
    ])
  func refusedByName(_ members: String, _ expected: String) {
    let error = #expect(throws: InputError.self) {
      try ConfigurationTests.read(ConfigurationTests.changed(members))
    }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("config.json: ") && !text.contains("\n"))
    #expect(text.contains(expected), "\(text)")
  }

  @Test(
    "Other RoPE types and broken numbers are refused, field by field",
    arguments: [
      (#"{"type":"linear","factor":2}"#, #"type: found "linear", expected "default" or "llama3""#),
      (#"{"rope_type":"dynamic","factor":2}"#, #"rope_type: found "dynamic", expected"#),
      (#"{"rope_type":"yarn","factor":4}"#, #"rope_type: found "yarn", expected"#),
      (#"{"rope_type":"longrope"}"#, #"rope_type: found "longrope", expected"#),
      (#"{"rope_type":"proportional"}"#, #"rope_type: found "proportional", expected"#),
      (#"{"type":"mrope","mrope_section":[8,4]}"#, #"type: found "mrope", expected"#),
      (#"{"rope_type":7}"#, "rope_type: found 7, expected a string"),
      (#"{"rope_type":"llama3"}"#, "factor: is missing"),
      (#"{"rope_type":"llama3","factor":8}"#, "low_freq_factor: is missing"),
      (#"{"rope_type":"llama3","factor":8,"low_freq_factor":1}"#, "high_freq_factor: is missing"),
      (
        #"{"rope_type":"llama3","factor":0.5,"low_freq_factor":1,"high_freq_factor":4}"#,
        "factor: found 0.5, expected a number from 1 to 1e6"
      ),
      (
        #"{"rope_type":"llama3","factor":8,"low_freq_factor":0,"high_freq_factor":4}"#,
        "low_freq_factor: found 0.0, expected a number above 0"
      ),
      (
        #"{"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4}"#,
        "high_freq_factor: found 4.0, expected a number above low_freq_factor, 4.0"
      ),
      (
        #"{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"#
          + #""original_max_position_embeddings":0}"#,
        "original_max_position_embeddings: found 0, expected 1 to"
      ),
      (#"{"rope_type":"default","rope_theta":"x"}"#, #"rope_theta: found "x", expected a number"#),
    ])
  func refusedRope(_ rope: String, _ expected: String) {
    for name in ["rope_scaling", "rope_parameters"] {
      let error = #expect(throws: InputError.self) {
        try ConfigurationTests.read(ConfigurationTests.changed("\"\(name)\":\(rope)"))
      }
      let text = error?.description ?? ""
      #expect(text.hasPrefix("config.json: \(name).\(expected)"), "\(text)")
    }
  }

  @Test(
    "Windows that make no sense are refused",
    arguments: [
      (mistral + #","sliding_window":0"#, "sliding_window: found 0, expected 1 to"),
      (mistral + #","sliding_window":-7"#, "sliding_window: found -7, expected 1 to"),
      (mistral + #","sliding_window":"all""#, #"sliding_window: found "all", expected a whole"#),
      (
        mistral + #","sliding_window":8,"layer_types":["sliding_attention","full_attention","#
          + #""sliding_attention"]"#, "layer_types: found 2 windowed blocks, expected 3"
      ),
      (
        qwen2 + #","use_sliding_window":true,"layer_types":["full_attention"]"#,
        "layer_types: found 1 types, expected 3, one per block"
      ),
      (
        qwen2 + #","layer_types":["full_attention","linear_attention","full_attention"]"#,
        #"layer_types[1]: found "linear_attention", expected "full_attention" or"#
      ),
      (
        qwen2 + #","sliding_window":8,"layer_types":["full_attention","full_attention","#
          + #""sliding_attention"]"#,
        #"layer_types: names "sliding_attention", but there is no sliding_window in use"#
      ),
      (#""sliding_window":8"#, "sliding_window: found 8, but llama has no sliding windows"),
      (
        #""layer_types":["full_attention","full_attention","sliding_attention"]"#,
        "layer_types: found 1 windowed blocks, expected 0"
      ),
    ])
  func refusedWindows(_ members: String, _ expected: String) {
    let error = #expect(throws: InputError.self) {
      try ConfigurationTests.read(ConfigurationTests.changed(members))
    }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("config.json: \(expected)"), "\(text)")
  }

  @Test("A window that no text reaches is none for llama")
  func wideWindow() throws {
    let text = ConfigurationTests.changed(#""sliding_window":2048"#)
    #expect(try ConfigurationTests.read(text).slidingWindow == nil)
  }
}
