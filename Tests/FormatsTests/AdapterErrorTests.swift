import Core
import Foundation
import TestSupport
import Testing

@testable import Formats

/// Adapters that do not fit: one line that names the tensor.
@Suite("Adapters for another model, and broken ones")
struct AdapterErrorTests {
  private typealias Tensor = (name: String, shape: [Int])

  private func problem(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "nothing was wrong"
  }

  /// What opening an adapter with these files says; the folder's own path is left out.
  private func opening(
    _ configuration: String, _ tensors: [Tensor], weights: String = "adapter_model.safetensors",
    for model: ModelConfiguration? = nil
  ) throws -> String {
    try withTemporaryFolder { path in
      try Data(configuration.utf8).write(to: URL(filePath: path + "/adapter_config.json"))
      try Safetensors.write(
        tensors.map { name, shape in
          Safetensors.Source(name, shape: shape, as: .float32) { _, target in
            target.update(repeating: 1)
          }
        }, to: "\(path)/\(weights)")
      let text = problem { _ = try AdapterFolder(path: path, for: model) }
      return text.replacing(path + "/", with: "")
    }
  }

  private let peft = #"{"peft_type":"LORA","r":2,"target_modules":["q_proj"]}"#
  private let mlx =
    #"{"num_layers":-1,"lora_parameters":{"rank":2,"scale":1,"keys":["self_attn.q_proj"]}}"#
  private var model: ModelConfiguration {
    ModelConfiguration(
      vocabularySize: 9, hiddenSize: 6, intermediateSize: 10, layerCount: 2, headCount: 2,
      headSize: 4)
  }

  private func query(
    _ layer: Int, prefix: String = "base_model.model.", infix: String = "", inputs: Int = 6,
    outputs: Int = 8
  ) -> [Tensor] {
    let path = "\(prefix)model.layers.\(layer).self_attn.q_proj"
    return [
      ("\(path).lora_A\(infix).weight", [2, inputs]),
      ("\(path).lora_B\(infix).weight", [outputs, 2]),
    ]
  }

  private func mlxQuery(_ layer: Int) -> [Tensor] {
    let path = "model.layers.\(layer).self_attn.q_proj"
    return [("\(path).lora_a", [6, 2]), ("\(path).lora_b", [2, 8])]
  }

  @Test("Every spelling of the names is read")
  func names() throws {
    for (prefix, infix) in [
      ("base_model.model.", ""), ("base_model.model.", ".default"), ("", ""), ("", ".default"),
    ] {
      let tensors = query(0, prefix: prefix, infix: infix) + query(1, prefix: prefix, infix: infix)
      #expect(try opening(peft, tensors, for: model) == "nothing was wrong")
    }
    let bare = (query(0, prefix: "") + query(1, prefix: "")).map {
      ("base_model.model." + $0.name.dropFirst("model.".count), $0.shape)
    }
    #expect(try opening(peft, bare, for: model) == "nothing was wrong")
    #expect(
      try opening(mlx, mlxQuery(0) + mlxQuery(1), weights: "adapters.safetensors", for: model)
        == "nothing was wrong")
  }

  @Test("Another model's adapter is refused by tensor, shape and layers")
  func otherModels() throws {
    let file = "adapter_model.safetensors: base_model.model.model.layers."
    #expect(
      try opening(peft, query(0) + query(1, inputs: 7), for: model)
        == file + "1.self_attn.q_proj.lora_A.weight: found shape [2, 7], expected [2, 6]")
    #expect(
      try opening(peft, query(0, outputs: 9) + query(1), for: model)
        == file + "0.self_attn.q_proj.lora_B.weight: found shape [9, 2], expected [8, 2]")
    #expect(
      try opening(peft, query(0), for: model)
        == file + "1.self_attn.q_proj.lora_A.weight: the tensor is missing: the file has layers "
        + "0 to 0, the model 0 to 1")
    #expect(
      try opening(peft, query(0) + query(1) + query(2), for: model)
        == file + "2.self_attn.q_proj.lora_A.weight: the tensor is unexpected: the model has "
        + "layers 0 to 1")
    #expect(
      try opening(mlx, mlxQuery(1), weights: "adapters.safetensors", for: model)
        == "adapters.safetensors: model.layers.0.self_attn.q_proj.lora_a: the tensor is missing: "
        + "the file has layers 1 to 1, the model 0 to 1")
    let transposed = mlxQuery(0).map { ($0.name, Array($0.shape.reversed())) } + mlxQuery(1)
    #expect(
      try opening(mlx, transposed, weights: "adapters.safetensors", for: model)
        == "adapters.safetensors: model.layers.0.self_attn.q_proj.lora_a: found shape [2, 6], "
        + "expected [6, 2]")
  }

  @Test("Tensors that say something else than A and B are refused with the reason")
  func reasons() throws {
    let start = query(0) + query(1)
    let path = "base_model.model.model.layers.0.self_attn.q_proj"
    let cases: [(String, String)] = [
      (path + ".lora_magnitude_vector", "DoRA is not supported"),
      (path + ".lora_B.bias", "biases in an adapter are not supported"),
      ("base_model.model.model.embed_tokens.lora_embedding_A", "adapted embeddings"),
      ("base_model.model.lm_head.weight", "embeddings and outputs"),
      ("base_model.model.model.norm.weight", "the tensor is unexpected"),
      ("base_model.model.model.layers.0.mlp.up_proj.lora_A.weight", "leaves this module alone"),
      ("base_model.model.model.layers.01.mlp.up_proj.lora_A.weight", "the tensor is unexpected"),
      (path + ".lora_A.default.weight", "the tensor is there a second time"),
    ]
    for (name, reason) in cases {
      let text = try opening(peft, start + [(name, [2, 6])], for: model)
      #expect(text.contains(reason), "\(name): \(text)")
      #expect(text.hasPrefix("adapter_model.safetensors: "))
    }
  }

  @Test("An adapter is checked against itself where there is no model")
  func alone() throws {
    #expect(try opening(peft, query(0) + query(1)) == "nothing was wrong")
    let text = try opening(peft, query(0) + query(1, outputs: 9))
    #expect(text.contains("adapts a weight of shape [9, 6], but in layer 0 it is [8, 6]"))
    let half = try opening(peft, Array(query(0).prefix(1)))
    #expect(half.contains("q_proj.lora_B.weight: the tensor is missing"))
    let other = try opening(peft.replacing("\"r\":2", with: "\"r\":3"), query(0))
    #expect(other.contains("lora_A.weight: found shape [2, 6], expected [3, in]"))
    #expect(try opening(peft, []).contains("there is no adapted linear in it"))
    #expect(try opening("{}", query(0)).contains("peft_type: is missing"))
  }

  @Test("Weights in a pickle are named")
  func pickle() throws {
    try withTemporaryFolder { path in
      try Data(peft.utf8).write(to: URL(filePath: path + "/adapter_config.json"))
      try Data("x".utf8).write(to: URL(filePath: path + "/adapter_model.bin"))
      let text = problem { _ = try AdapterFolder(path: path) }
      #expect(text.contains("adapter_model.bin: found weights of PyTorch's own format only"))
    }
  }

  @Test("A second of changed bytes: an error or an adapter, never a crash")
  func fuzz() throws {
    try withTemporaryFolder { path in
      let source = Fixture.path("adapters/paths")
      try FileManager.default.copyItem(
        atPath: source + "/adapter_config.json", toPath: path + "/adapter_config.json")
      var fuzzer = Fuzzer(
        random: RandomStream(seed: 9, "adapter"),
        valid: try Fixture.bytes("adapters/paths/adapter_model.safetensors"))
      let result = try fuzzer.run(seconds: 1) { bytes in
        try Data(bytes).write(to: URL(filePath: path + "/adapter_model.safetensors"))
        let folder = try AdapterFolder(path: path)
        for module in folder.modules { _ = try folder.matrix(.a, of: module) }
      }
      #expect(result.refused > 20)
    }
  }
}
