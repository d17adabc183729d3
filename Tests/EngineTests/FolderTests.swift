import Core
import Engine
import Formats
import Foundation
import TestSupport
import Testing

/// Models, adapters and training states as files: exact there and back, and strict.
@Suite("Folders and states")
struct FolderTests {
  /// Writes the tensors of a file again after `change`.
  private func rewrite(
    _ path: String, metadata: [String: String] = ["format": "pt"],
    _ change: (inout [(name: String, shape: [Int], values: [Float])]) -> Void
  ) throws {
    let file = try Safetensors(path: path)
    var tensors = try file.names.map { name in
      (name: name, shape: file.tensors[name]?.shape ?? [], values: try file.floats(of: name))
    }
    change(&tensors)
    let buffers = tensors.map { tensor in
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: tensor.values.count)
      _ = buffer.initialize(from: tensor.values)
      return buffer
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    try Safetensors.write(
      zip(tensors, buffers).map { tensor, buffer in
        Safetensors.Source(
          tensor.name, shape: tensor.shape, elements: UnsafeBufferPointer(buffer))
      }, to: path, metadata: metadata)
  }

  private func problem(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "nothing was wrong"
  }

  @Test(
    "A model comes back with the same bytes; bfloat16 with rounded ones",
    arguments: TinyModels.names)
  func model(name: String) throws {
    let model = TinyModels.model(name)
    try withTemporaryFolder { path in
      let folder = ModelFolder(path: path + "/new/model")
      try model.save(to: folder)
      let loaded = try Model.load(from: folder)
      #expect(loaded.configuration == model.configuration)
      #expect(loaded.weights.bits == model.weights.bits)
      try model.save(to: folder, as: .bfloat16)
      let rounded = try Model.load(from: folder)
      for i in 0..<model.weights.count {
        let expected = BFloat16.float(bits: BFloat16.bits(model.weights.floats[i]))
        #expect(rounded.weights.floats[i] == expected)
      }
      try model.save(to: folder, as: .float16)
      let halves = try Model.load(from: folder)
      for i in 0..<model.weights.count {
        let expected = HalfFloat.float(bits: HalfFloat.bits(model.weights.floats[i]))
        #expect(halves.weights.floats[i] == expected)
      }
      #expect(problem { try model.save(to: folder, as: .signed8) }.contains("cannot be written"))
    }
  }

  @Test("A model folder with anything wrong is refused by file and tensor")
  func modelErrors() throws {
    let model = TinyModels.model("tied")
    try withTemporaryFolder { path in
      let folder = ModelFolder(path: path)
      func wrong(
        _ change: (inout [(name: String, shape: [Int], values: [Float])]) -> Void
      ) throws -> String {
        try model.save(to: folder)
        try rewrite(folder.weightsPath, change)
        return problem { _ = try Model.load(from: folder) }
      }
      let norm = "model.norm.weight"
      let missing = try wrong { $0.removeAll { $0.name == norm } }
      #expect(missing == "\(folder.weightsPath): \(norm): the tensor is missing")
      let shape = try wrong { tensors in
        for i in tensors.indices where tensors[i].name == norm { tensors[i].shape = [3, 4] }
      }
      #expect(shape == "\(folder.weightsPath): \(norm): found shape [3, 4], expected [12]")
      let extra = try wrong { $0.append(("model.layers.2.oh", [1], [0])) }
      #expect(extra.contains("model.layers.2.oh: the tensor is unexpected"))
      // What transformers writes besides, and what contradicts config.json.
      #expect(
        try wrong { $0.append(("model.layers.0.self_attn.rotary_emb.inv_freq", [1], [0])) }
          == "nothing was wrong")
      let embedding = Array(
        UnsafeBufferPointer(start: model.weights.floats, count: 19 * 12))
      #expect(
        try wrong { $0.append(("lm_head.weight", [19, 12], embedding)) } == "nothing was wrong")
      let untied = try wrong { $0.append(("lm_head.weight", [19, 12], embedding.reversed())) }
      #expect(untied.contains("lm_head.weight: differs from model.embed_tokens.weight"))
      try FileManager.default.removeItem(atPath: folder.weightsPath)
      #expect(
        problem { _ = try Model.load(from: folder) }
          == "\(path): there are no weights, expected model.safetensors or "
          + "model.safetensors.index.json")
    }
  }

  @Test("A type that holds no weights is refused by name")
  func wrongType() throws {
    let model = TinyModels.model("tied")
    try withTemporaryFolder { path in
      let folder = ModelFolder(path: path)
      try model.save(to: folder)
      // The header's length stays: "I32" takes as many letters and bytes as "F32".
      var bytes = try Data(contentsOf: URL(filePath: folder.weightsPath))
      let name = try #require(bytes.range(of: Data(#""model.norm.weight":{"dtype":"F32""#.utf8)))
      bytes.replaceSubrange(name.upperBound - 4..<name.upperBound - 3, with: Data("I".utf8))
      try bytes.write(to: URL(filePath: folder.weightsPath))
      #expect(
        problem { _ = try Model.load(from: folder) }
          == "\(folder.weightsPath): model.norm.weight: found data type I32, expected F32, BF16 or F16"
      )
    }
  }

  @Test(
    "An adapter comes back with the same bytes and settings",
    arguments: ModelGradientTests.adapters)
  func adapter(settings: LoRAConfiguration) throws {
    let model = TinyModels.model("grouped, untied")
    let adapter = try TinyModels.adapter(settings, model)
    try withTemporaryFolder { path in
      let folder = ModelFolder(path: path + "/adapter")
      try adapter.save(to: folder, baseModel: "../base")
      let loaded = try Adapter.load(from: folder, for: model.configuration)
      #expect(loaded.configuration == settings)
      #expect(loaded.weights.bits == adapter.weights.bits)
      #expect(try folder.adapterConfiguration().baseModel == "../base")
    }
  }

  @Test("An adapter for a model of another shape is refused")
  func adapterErrors() throws {
    let model = TinyModels.model("tied")
    let adapter = try TinyModels.adapter(LoRAConfiguration(rank: 2, alpha: 2), model)
    try withTemporaryFolder { path in
      let folder = ModelFolder(path: path)
      try adapter.save(to: folder)
      var wider = model.configuration
      wider.intermediateSize = 24
      let name = "base_model.model.model.layers.0.mlp.gate_proj.lora_B.weight"
      #expect(
        problem { _ = try Adapter.load(from: folder, for: wider) }
          == "\(folder.adapterWeightsPath): \(name): found shape [20, 2], expected [24, 2]")
      var shallow = model.configuration
      shallow.layerCount = 1
      #expect(
        problem { _ = try Adapter.load(from: folder, for: shallow) }
          .contains("model.layers.1.mlp.down_proj.lora_A.weight: the tensor is unexpected"))
      var chosen = adapter.configuration
      chosen.layers = [1]
      try TinyModels.adapter(chosen, model).save(to: folder)
      #expect(
        problem { _ = try Adapter.load(from: folder, for: shallow) }
          == "\(folder.adapterConfigurationPath): layers_to_transform: found layer 1, but the model "
          + "has layers 0 to 0")
    }
  }

  @Test("The state of another run, or no state, is refused and changes nothing")
  func stateErrors() throws {
    try withTemporaryFolder { path in
      let state = path + "/state.safetensors"
      try withPool(1) { pool in
        func trainer(_ name: String, rate: Double = 1e-3) throws -> Trainer {
          try Trainer(
            model: TinyModels.model(name),
            configuration: TrainingConfiguration(steps: 5, learningRate: rate), pool: pool,
            longest: 11)
        }
        let first = try trainer("tied")
        _ = try first.step(TinyModels.batch())
        try first.saveState(to: state, fingerprint: "a")
        let second = try trainer("tied")
        let before = second.model.weights.bits
        #expect(
          problem { try second.restoreState(from: state, fingerprint: "b") }
            .contains("__metadata__.fingerprint: found \"a\", expected \"b\""))
        #expect(
          problem { try trainer("tied", rate: 1).restoreState(from: state, fingerprint: "a") }
            .contains("other training settings"))
        #expect(
          problem { try trainer("biases").restoreState(from: state, fingerprint: "a") }
            .contains("k_proj.weight: found F32 [12, 12], expected F32 [6, 12]"))
        let metadata = try Safetensors(path: state).metadata
        try rewrite(state, metadata: metadata) { $0[0].shape.insert(1, at: 0) }
        #expect(
          problem { try second.restoreState(from: state, fingerprint: "a") }.contains("found F32"))
        let model = ModelFolder(path: path)
        try second.model.save(to: model)
        #expect(
          problem { try second.restoreState(from: model.weightsPath) }
            .contains("not a training state"))
        #expect(second.model.weights.bits == before && second.nextStep == 0)
      }
    }
  }
}
