import Core
import Documents
import Engine
import Formats
import Foundation
import TestSupport
import Testing

/// mlx-lm's own commands on what Askew writes, and Askew on what they write.
@Suite("mlx-lm", .needs(.mlx))
struct MLXTests {
  static let names = ["tied", "grouped, untied", "biases", "head norms"]

  /// Several ranks and targets; with rank 24 on a hidden size of 24, A itself is square.
  static let settings: [LoRAConfiguration] = [
    LoRAConfiguration(rank: 3, alpha: 7),
    LoRAConfiguration(rank: 24, alpha: 6, rankStabilised: true, targets: [.query, .down]),
    LoRAConfiguration(rank: 2, alpha: 5, targets: [.key, .output, .gate], layers: [1]),
  ]

  @Test("mlx_lm.fuse of a converted adapter gives the merged weights", arguments: names)
  func fuse(name: String) throws {
    for (index, settings) in Self.settings.enumerated() {
      let folder = try ServedModel(name)
      let adapter = try TinyModels.adapter(settings, folder.model)
      let path = folder.path
      try adapter.save(to: ModelFolder(path: path + "/adapter"))
      try makeFolder(path + "/mlx")
      let c = folder.model.configuration
      // The model is needed only where blocks are left out.
      try AdapterFolder(path: path + "/adapter")
        .writeMLX(
          to: ModelFolder(path: path + "/mlx"),
          layerCount: settings.layers == nil ? nil : c.layerCount)
      try AdapterMerge(
        model: ModelFolder(path: path + "/base"), adapter: path + "/adapter",
        output: path + "/merged"
      ).run()
      let report = try MLX.check([
        "fuse", path + "/base", path + "/mlx", path + "/merged", "--tolerance", "1e-5",
      ])
      #expect(report.problems == [], "\(index)")
      #expect(
        report.changed == settings.targets.count * (settings.layers?.count ?? c.layerCount))
    }
  }

  @Test("A PEFT adapter with ranks and scalings of its own survives the conversion to mlx-lm")
  func patterns() throws {
    let fixture = try AdapterFixture("adapters/patterns")
    let model = try Model.load(from: fixture.base)
    try withTemporaryFolder { path in
      // Saved anew: mlx-lm does not know the new name of RoPE's base, which the fixture has.
      try model.save(to: ModelFolder(path: path + "/base"))
      let mlx = ModelFolder(path: path + "/mlx")
      try makeFolder(mlx.path)
      try AdapterFolder(path: fixture.folder.path, for: model.configuration).writeMLX(to: mlx)
      let adapter = try Adapter.load(from: fixture.folder, for: model.configuration)
      try expectLogits(model, adapter, mlx.path, [fixture.sequence], path)
    }
  }

  @Test(
    "An adapter trained by mlx_lm.lora gives the logits that it gives there",
    arguments: ["tied", "biases"])
  func train(name: String) throws {
    let folder = try ServedModel(name)
    let path = folder.path
    for keys in [nil, ["self_attn.q_proj", "self_attn.o_proj", "mlp.up_proj"]] as [[String]?] {
      var lora: JSONObject = ["rank": 4, "scale": 10.0, "dropout": 0.0]
      if let keys { lora.members.append(.init("keys", .array(keys.map(JSON.string)))) }
      let settings: JSON = [
        "iters": 6, "batch_size": 2, "num_layers": keys == nil ? -1 : 1, "learning_rate": 0.01,
        "lora_parameters": .object(lora), "max_seq_length": 32, "steps_per_eval": 6,
        "val_batches": 1, "seed": 3,
      ]
      try settings.write(to: path + "/settings.json")
      let output = path + (keys == nil ? "/all" : "/last")
      let report = try MLX.check(["train", path + "/base", output, path + "/settings.json"])
      #expect(report.files?.contains("adapters.safetensors") == true)
      let c = folder.model.configuration
      let adapter = try Adapter.load(from: ModelFolder(path: output), for: c)
      #expect(adapter.configuration.targets.count == keys?.count ?? 7)
      #expect(adapter.configuration.layers == (keys == nil ? nil : [c.layerCount - 1]))
      let sequences = [[5, 9, 1, 44, 17, 3], [2, 2, 60]] as [[Int32]]
      try expectLogits(folder.model, adapter, output, sequences, path)
      let plain = try folder.model.logits(of: sequences[0])
      let adapted = try folder.model.logits(of: sequences[0], adapter: adapter)
      #expect(zip(plain, adapted).contains { abs($0 - $1) > 1e-2 }, "training changed nothing")
    }
  }

  @Test("mlx_lm.server answers from a folder written here with our own greedy continuation")
  func serve() throws {
    let folder = try ServedModel("grouped, untied")
    let question = "When does the old sun rise?"
    let chat: JSON = [
      "messages": [["role": "user", "content": .string(question)]], "maximumTokens": 12,
    ]
    try chat.write(to: folder.path + "/chat.json")
    let reply = try MLX.check(["serve", folder.path + "/base", folder.path + "/chat.json"])
    let prompt = folder.tokenizer.encode(
      ChatFormat.user + question + ChatFormat.assistant
    ).map(Int32.init)
    let end = try #require(folder.tokenizer.id(of: ChatFormat.endOfTurn))
    var options = SamplingOptions(maximumTokens: 12, stopTokens: [Int32(end)])
    options.temperature = 0
    let answer = try withPool(2) { pool in
      try Sampler(model: folder.model, precision: .f32, pool: pool).sample(
        [Prompt(tokens: prompt, streams: [RandomStream(seed: 1, "greedy")])], options: options)[0]
    }
    #expect(reply.promptTokens == prompt.count)
    #expect(answer.tokens.count > 3)
    let theirs = try #require(reply.tokens)
    #expect(theirs.prefix(answer.tokens.count).elementsEqual(answer.tokens.map(Int.init)))
    #expect(theirs.count == answer.tokens.count + (answer.finish == .stop ? 1 : 0))
  }

  private func expectLogits(
    _ model: Model, _ adapter: Adapter, _ adapterPath: String, _ sequences: [[Int32]],
    _ path: String
  ) throws {
    let ids: JSON = ["sequences": .array(sequences.map { .array($0.map { .integer(Int($0)) }) })]
    try ids.write(to: path + "/ids.json")
    let logits = try sequences.map { try model.logits(of: $0, adapter: adapter) }
    try Logits.write(
      logits, vocabulary: model.configuration.vocabularySize, to: path + "/logits.safetensors")
    let report = try MLX.check([
      "logits", path + "/base", adapterPath, path + "/ids.json", path + "/logits.safetensors",
    ])
    #expect(report.problems == [])
    #expect(report.sequences == sequences.count)
  }
}

/// A temporary folder whose `base` every tool can serve: a tiny model with random
/// weights and a tokenizer trained on a few words.
struct ServedModel {
  var path: String { folder.path }
  let model: Model
  let tokenizer: Tokenizer
  private let folder: TemporaryFolder

  init(_ name: String) throws {
    folder = try TemporaryFolder()
    let texts = [
      "the old sun rises over the hills", "and we walk over old hills", "when does the sun rise?",
    ]
    tokenizer = BPETrainer(
      vocabularySize: 300, specialTokens: ChatFormat.specialTokens(authors: [])
    ).train(texts: texts)
    var c = TinyModels.configuration(name)
    c.vocabularySize = tokenizer.vocabularySize
    (c.hiddenSize, c.intermediateSize, c.layerCount) = (24, 40, 3)
    if name == "tied" || name == "biases" { c.headSize = 12 }
    let end = try #require(tokenizer.id(of: ChatFormat.endOfTurn))
    c.endTokenIDs = [end]
    c.padTokenID = end
    model = Model(c)
    var numbers = Numbers("served \(name)")
    for slot in model.layout.slots {
      let shift: Float = slot.name.hasSuffix("norm.weight") ? 1 : 0
      for i in slot.range {
        model.weights.floats[i] = shift + Float(0.3 * numbers.stream.normal())
      }
    }
    let base = ModelFolder(path: path + "/base")
    try model.save(to: base)
    try base.write(tokenizer)
  }
}

/// mlx-lm in its own process.
private enum MLX {
  struct Report: Decodable {
    let problems: [String]
    var changed: Int?
    var sequences: Int?
    var files: [String]?
    var tokens: [Int]?
    var promptTokens: Int?
  }

  /// What scripts/check_with_mlx.py prints.
  static func check(_ arguments: [String]) throws -> Report {
    try Python.mlx.report(.script("check_with_mlx.py"), arguments)
  }
}

/// Logits as the checks in Python read them.
enum Logits {
  static func write(_ logits: [[Float]], vocabulary: Int, to path: String) throws {
    let block = ParameterBlock(count: logits.reduce(0) { $0 + $1.count })
    var sources: [Safetensors.Source] = []
    var start = 0
    for (s, values) in logits.enumerated() {
      (block.floats + start).update(from: values, count: values.count)
      sources.append(
        Safetensors.Source(
          "logits.\(s)", shape: [values.count / vocabulary, vocabulary],
          elements: UnsafeBufferPointer(start: block.floats + start, count: values.count)))
      start += values.count
    }
    try Safetensors.write(sources, to: path)
    withExtendedLifetime(block) {}
  }
}
