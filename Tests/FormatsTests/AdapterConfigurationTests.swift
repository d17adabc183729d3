import Core
import Foundation
import TestSupport
import Testing

import Documents
@testable import Formats

@Suite("adapter_config.json")
struct AdapterConfigurationTests {
  @Test("PEFT's adapter configurations")
  func adapters() throws {
    let all = try ModelFolder(path: Fixture.path("models/qwen2/lora-all")).adapterConfiguration()
    #expect(all == AdapterConfiguration(rank: 4, alpha: 8, baseModel: "base"))
    #expect(all.scaling == 2)
    let some = try ModelFolder(path: Fixture.path("models/qwen2/lora-rs")).adapterConfiguration()
    #expect(
      some
        == AdapterConfiguration(
          rank: 4, alpha: 8, rankStabilized: true, targetModules: ["v_proj", "q_proj"], layers: [1],
          baseModel: "base"))
    #expect(some.scaling == 4)
  }

  @Test(
    "Every configuration is written as it is read",
    arguments: ["patterns", "regex", "all-linear", "paths", "excluded"])
  func written(_ name: String) throws {
    let read = try ModelFolder(path: Fixture.path("adapters/\(name)")).adapterConfiguration()
    #expect(try AdapterConfiguration(json: read.json()) == read)
  }

  @Test("Tensor names are those in PEFT's files")
  func adapterNames() throws {
    let file = try Safetensors(
      path: Fixture.path("models/qwen2/lora-all/adapter_model.safetensors"))
    var names: [String] = []
    for layer in 0..<2 {
      for linear in LinearLayer.allCases {
        for matrix in AdapterConfiguration.Matrix.allCases {
          names.append(
            AdapterConfiguration.tensorName(layer: layer, linear: linear, matrix: matrix))
        }
      }
    }
    #expect(file.names == names.sorted())
  }

  @Test("Targets are suffixes of paths or whole paths; only the former ask for the layers")
  func targets() throws {
    func adapted(_ members: String) throws -> [String] {
      let settings = try Self.read(members)
      return (0..<3).flatMap { layer in
        LinearLayer.allCases.filter { settings.settings(of: $0, layer: layer) != nil }
          .map { "\(layer).\($0.rawValue)" }
      }
    }
    #expect(try adapted(#""target_modules":["q_proj"],"layers_to_transform":1"#) == ["1.q_proj"])
    #expect(
      try adapted(#""target_modules":["self_attn.q_proj","layers.2.mlp.up_proj"]"#)
        == ["0.q_proj", "1.q_proj", "2.q_proj", "2.up_proj"])
    #expect(
      try adapted(
        #""target_modules":["q_proj","model.layers.0.mlp.up_proj"],"layers_to_transform":[2]"#)
        == ["0.up_proj", "2.q_proj"])
    #expect(
      try adapted(
        #""target_modules":["q_proj","k_proj"],"exclude_modules":["layers.0.self_attn.q_proj"]"#)
        == ["0.k_proj", "1.q_proj", "1.k_proj", "2.q_proj", "2.k_proj"])
    #expect(
      try adapted(#""target_modules":".*\\.1\\..*(q|up)_proj""#) == ["1.q_proj", "1.up_proj"])
    #expect(try adapted(#""target_modules":"All-Linear""#).count == 21)
    // Whole parts of a path, not ends of names.
    #expect(throws: InputError.self) { try adapted(#""target_modules":["proj"]"#) }
  }

  @Test("Ranks and alphas by pattern: the first that matches, whole parts of a path")
  func patterns() throws {
    let settings = try Self.read(
      #""target_modules":"all-linear","r":8,"lora_alpha":16,"#
        + #""rank_pattern":{"q_proj":2,"layers.0.mlp.up_proj":4,"roj":64},"#
        + #""alpha_pattern":{"^model.layers.0.self_attn.q_proj":3,".*q_proj":5,"(k|v)_proj":2.5}"#)
    func values(_ linear: LinearLayer, _ layer: Int) -> [Double] {
      let values = settings.settings(of: linear, layer: layer)
      return values.map { [Double($0.rank), $0.scaling] } ?? []
    }
    #expect(values(.query, 0) == [2, 1.5])
    #expect(values(.query, 1) == [2, 2.5])
    #expect(values(.up, 0) == [4, 4])
    #expect(values(.up, 1) == [8, 2])
    #expect(values(.value, 1) == [8, 0.3125])
  }

  @Test(
    "What B·A cannot say is refused by name",
    arguments: [
      (#""peft_type":"IA3""#, "peft_type"), (#""use_dora":true"#, "use_dora"),
      (#""bias":"all""#, "bias"), (#""r":0"#, "r"), (#""lora_alpha":-1"#, "lora_alpha"),
      (#""r":"4""#, "r"), (#""rank_pattern":{"q_proj":0}"#, "rank_pattern.q_proj"),
      (#""rank_pattern":[1]"#, "rank_pattern"), (#""rank_pattern":{"(":2}"#, "rank_pattern.("),
      (#""alpha_pattern":{"q_proj":"2"}"#, "alpha_pattern.q_proj"),
      (#""target_modules":["lm_head"]"#, "target_modules"),
      (#""target_modules":["self_attn.up_proj"]"#, "target_modules"),
      (#""target_modules":["model.layers.x.mlp.up_proj"]"#, "target_modules"),
      (#""target_modules":[]"#, "target_modules"), (#""target_modules":null"#, "target_modules"),
      (#""target_modules":"(?=q_proj)""#, "target_modules"),
      (#""target_modules":".*","layers_to_transform":[1]"#, "layers_to_transform"),
      (#""modules_to_save":["lm_head"]"#, "modules_to_save"),
      (#""trainable_token_indices":[1]"#, "trainable_token_indices"),
      (#""init_lora_weights":"pissa_niter_4""#, "init_lora_weights"),
      (#""layers_to_transform":[-1]"#, "layers_to_transform"),
      (#""layers_pattern":"h""#, "layers_pattern"), (#""lora_bias":true"#, "lora_bias"),
    ])
  func refused(_ members: String, _ field: String) {
    let error = #expect(throws: InputError.self) { try Self.read(members) }
    #expect(error?.field == field, "\(error?.description ?? "")")
    #expect(error.map { $0.description.contains("\n") } == false)
  }

  private static func read(_ members: String) throws -> AdapterConfiguration {
    try AdapterConfiguration(
      json: JSON(text: #"{"peft_type":"LORA","target_modules":["q_proj"],\#(members)}"#))
  }

  @Test("mlx-lm's configurations: blocks from the last, paths in a block or in the model")
  func mlx() throws {
    let last = try MLXAdapterConfiguration(
      json: JSON(path: Fixture.path("mlx/last/adapter_config.json")))
    #expect(
      last
        == MLXAdapterConfiguration(
          rank: 4, scale: 2.5, blockCount: 1,
          keys: ["self_attn.q_proj", "self_attn.v_proj", "mlp.down_proj"], baseModel: "base"))
    #expect(try MLXAdapterConfiguration(json: last.json()) == last)
    #expect(last.adapts(.query, layer: 1, layerCount: 2))
    #expect(!last.adapts(.query, layer: 0, layerCount: 2))
    #expect(!last.adapts(.key, layer: 1, layerCount: 2))
    #expect(last.adapts(.query, layer: 0, layerCount: nil))
    let all = try MLXAdapterConfiguration(
      json: JSON(path: Fixture.path("mlx/all/adapter_config.json")))
    #expect(all.blockCount == nil && all.keys == nil && all.adapts(.gate, layer: 0, layerCount: 9))
    let path = try MLXAdapterConfiguration(
      json: JSON(path: Fixture.path("mlx/path/adapter_config.json")))
    #expect(path.adapts(.up, layer: 0, layerCount: 2) && !path.adapts(.up, layer: 1, layerCount: 2))
  }

  @Test(
    "mlx-lm's other trainings and what is no path of a linear are refused by name",
    arguments: [
      (#""fine_tune_type":"dora""#, "fine_tune_type"),
      (#""fine_tune_type":"full""#, "fine_tune_type"),
      (#""num_layers":null"#, "num_layers"), (#""lora_parameters":[]"#, "lora_parameters"),
      (#""lora_parameters":{"rank":2}"#, "lora_parameters.scale"),
      (#""lora_parameters":{"rank":0,"scale":1}"#, "lora_parameters.rank"),
      (#""lora_parameters":{"rank":2,"scale":0}"#, "lora_parameters.scale"),
      (#""lora_parameters":{"rank":2,"scale":1,"keys":["lm_head"]}"#, "lora_parameters.keys"),
      (#""lora_parameters":{"rank":2,"scale":1,"keys":["q_proj"]}"#, "lora_parameters.keys"),
      (#""lora_parameters":{"rank":2,"scale":1,"keys":[]}"#, "lora_parameters.keys"),
    ])
  func refusedMLX(_ members: String, _ field: String) {
    let error = #expect(throws: InputError.self) {
      try MLXAdapterConfiguration(
        json: JSON(
          text: #"{"num_layers":4,"lora_parameters":{"rank":2,"scale":1},\#(members)}"#))
    }
    #expect(error?.field == field, "\(error?.description ?? "")")
  }

  @Test("A second of changed bytes: an error or a configuration, never a crash")
  func fuzz() throws {
    for (name, seconds) in [("adapters/patterns", 0.5), ("adapters/regex", 0.5), ("mlx/last", 0.3)]
    {
      var fuzzer = Fuzzer(
        random: RandomStream(seed: 5, name),
        valid: try Fixture.bytes("\(name)/adapter_config.json"))
      let result = try fuzzer.run(seconds: seconds) { bytes in
        let json = try JSON(bytes: bytes)
        if name.hasPrefix("mlx") {
          _ = try MLXAdapterConfiguration(json: json).adapts(.query, layer: 0, layerCount: 2)
        } else {
          _ = try AdapterConfiguration(json: json).settings(of: .query, layer: 1)
        }
      }
      #expect(result.refused > 50 && result.accepted > 10, "\(name) \(result)")
    }
  }
}
