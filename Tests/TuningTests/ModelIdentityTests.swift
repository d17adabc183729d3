import Core
import Engine
import Formats
import Foundation
import TestSupport
import Testing
import Tuning

private func identity(
  _ path: String, adapter: String? = nil, memory: FolderMemory = FolderMemory()
) throws -> ModelIdentity {
  try ModelContent(of: ModelFolder(path: path), adapter: adapter, memory: memory).identity
}

@Suite("What tells models apart")
struct ModelIdentityTests {
  /// One of the four parts, by what may change.
  enum Part: String, CaseIterable { case weights, tokenizer, template, configuration }

  private func parts(_ identity: ModelIdentity) -> [Part: Fingerprint] {
    [
      .weights: identity.weights, .tokenizer: identity.tokenizer, .template: identity.template,
      .configuration: identity.configuration,
    ]
  }

  private func difference(_ one: ModelIdentity, _ other: ModelIdentity) -> [Part] {
    let (one, other) = (parts(one), parts(other))
    return Part.allCases.filter { one[$0] != other[$0] }
  }

  struct Change: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let part: Part?
    let make: @Sendable (TinyFolder) throws -> Void

    init(_ what: String, _ part: Part?, _ make: @escaping @Sendable (TinyFolder) throws -> Void) {
      (testDescription, self.part, self.make) = (what, part, make)
    }
  }

  static let changes = [
    Change("zeros in the middle of the weights", .weights) { try $0.zeroMiddle() },
    Change("one bit in the middle of the weights", .weights) {
      let file = $0.url.appending(path: "model.safetensors")
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: file)
    },
    Change("an added token with another text", .tokenizer) {
      try $0.replace("<|user|>", with: "<|User|>", in: "tokenizer.json")
    },
    Change("two merges in the other order", .tokenizer) {
      let file = $0.url.appending(path: "tokenizer.json")
      var text = try String(contentsOf: file, encoding: .utf8)
      let first = try #require(text.range(of: #""merges": ["#))
      let lines = text[first.upperBound...].split(separator: ",", maxSplits: 2)
      text.replace("\(lines[0]),\(lines[1])", with: "\(lines[1]),\(lines[0])", maxReplacements: 1)
      try Data(text.utf8).write(to: file)
    },
    Change("another token at the end of texts", .tokenizer) {
      try $0.replace(
        #""eos_token": "<|end|>""#, with: #""eos_token": "<|user|>""#, in: "tokenizer_config.json")
    },
    Change("one word of the template", .template) {
      try $0.replace("Well, ", with: "Now, ", in: "chat_template.jinja")
    },
    Change("rotary frequencies", .configuration) {
      try $0.replace(#""rope_theta": 10000"#, with: #""rope_theta": 20000"#, in: "config.json")
    },
    Change("the norms' epsilon", .configuration) {
      try $0.replace(#""rms_norm_eps": 1e-06"#, with: #""rms_norm_eps": 1e-05"#, in: "config.json")
    },
    Change("the token of generation_config.json that ends an answer", .configuration) {
      try $0.write(#"{"eos_token_id": [0, 7]}"#, to: "generation_config.json")
    },
    Change("sampling settings, which are never used", nil) {
      try $0.write(#"{"eos_token_id": 0, "temperature": 0.1}"#, to: "generation_config.json")
    },
    Change("a card, an optimiser's state and a repository", nil) {
      try $0.write("# Tiny", to: "README.md")
      try $0.write("moments", to: "optimizer.pt")
      try makeFolder($0.url.appending(path: ".git").path)
      try $0.write("ref: refs/heads/main", to: ".git/HEAD")
    },
    Change("a template that is not in effect", nil) {
      try $0.write(#"{"chat_template": "never read"}"#, to: "chat_template.json")
    },
    Change("the same template at another place", nil) { folder in
      let text = try String(
        contentsOf: folder.url.appending(path: "chat_template.jinja"), encoding: .utf8)
      let file = folder.url.appending(path: "tokenizer_config.json")
      var settings = try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
      settings["chat_template"] = text
      try JSONSerialization.data(withJSONObject: settings).write(to: file)
      try FileManager.default.removeItem(at: folder.url.appending(path: "chat_template.jinja"))
    },
  ]

  @Test("What decides an answer changes its part, and nothing else does", arguments: changes)
  func change(_ change: Change) throws {
    let place = try TemporaryFolder()
    let folder = try TinyFolder.make(at: place.url("model"))
    let copy = try folder.copy(to: place.url("copy"))
    try change.make(copy)
    let (one, other) = (try identity(folder.path), try identity(copy.path))
    #expect(difference(one, other) == (change.part.map { [$0] } ?? []))
    #expect((one.identity == other.identity) == (change.part == nil))
  }

  @Test("A copy at another place, of another time, and one of links are the same model")
  func copies() throws {
    let place = try TemporaryFolder()
    let folder = try TinyFolder.make(at: place.url("model"))
    let copy = try folder.copy(to: place.url("elsewhere/of another name"))
    let names = try FileManager.default.contentsOfDirectory(atPath: copy.path)
    for name in names {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000)],
        ofItemAtPath: "\(copy.path)/\(name)")
    }
    #expect(try identity(copy.path) == identity(folder.path))
    // As the Hub's cache has them: a snapshot of links to blobs.
    let snapshot = place.url("snapshots/0123")
    let blobs = place.url("blobs")
    for url in [snapshot, blobs] {
      try makeFolder(url.path)
    }
    for (index, name) in names.enumerated() {
      try FileManager.default.moveItem(
        atPath: "\(copy.path)/\(name)", toPath: blobs.appending(path: "\(index)").path)
      try FileManager.default.createSymbolicLink(
        atPath: snapshot.appending(path: name).path, withDestinationPath: "../../blobs/\(index)")
    }
    #expect(try identity(snapshot.path) == identity(folder.path))
  }

  /// What the system's own program says of files in a folder.
  private func shell(_ command: String, in folder: String) throws -> String {
    let sum = "sum() { sha256sum \"$@\" 2>/dev/null || shasum -a 256 \"$@\"; }; "
    let shell = try ChildProcess(
      URL(filePath: "/bin/sh"), ["-c", sum + command], in: URL(filePath: folder))
    return String(try shell.success().output.prefix(64))
  }

  @Test("The hashes are those that sha256sum gives")
  func program() throws {
    let place = try TemporaryFolder()
    let folder = try TinyFolder.make(at: place.url("model"))
    let own = try identity(folder.path)
    #expect(own.weights.hex == (try shell("sum model.safetensors | sum", in: folder.path)))
    #expect(own.template.hex == (try shell("sum < chat_template.jinja", in: folder.path)))
    #expect(
      own.configuration.hex
        == (try shell(
          "{ sum config.json; printf '%s  end tokens\\n' $(printf '[0]' | sum | cut -c1-64); } | sum",
          in: folder.path)))
    let lines = [
      (own.weights, "weights"), (own.tokenizer, "tokenizer"), (own.template, "template"),
      (own.configuration, "configuration"),
    ].map { "\($0.0.hex)  \($0.1)\\n" }.joined()
    #expect(own.identity.hex == (try shell("printf '\(lines)' | sum", in: folder.path)))
    let sharded = Fixture.path("models/parity/mistral-sharded")
    #expect(
      try identity(sharded).weights.hex
        == shell("sum model.safetensors.index.json model-*.safetensors | sum", in: sharded))
  }

  @Test("Of shards every file counts, and so does the index")
  func shards() throws {
    let place = try TemporaryFolder()
    let names = ["model-00002-of-00003.safetensors", "model.safetensors.index.json"]
    let first = try identity(Fixture.path("models/parity/mistral-sharded"))
    for name in names {
      let copy = try TinyFolder(URL(filePath: Fixture.path("models/parity/mistral-sharded")))
        .copy(to: place.url(name))
      let file = copy.url.appending(path: name)
      var bytes = try Data(contentsOf: file)
      if name.hasSuffix(".json") { bytes.append(0x0a) } else { bytes[bytes.count - 3] ^= 1 }
      try bytes.write(to: file)
      #expect(try difference(first, identity(copy.path)) == [.weights])
    }
  }
}

@Suite("What tells adapters apart")
struct AdapterIdentityTests {
  @Test(
    "An adapter's weights and what its configuration does count, and where its model lay does not")
  func adapter() throws {
    let place = try TemporaryFolder()
    let folder = try TinyFolder.make(at: place.url("model"))
    try folder.writeAdapter(to: place.url("adapter"))
    let bare = try identity(folder.path)
    let own = try identity(folder.path, adapter: place.url("adapter").path)
    #expect(own.weights != bare.weights && own.tokenizer == bare.tokenizer)
    func changed(_ change: (TinyFolder) throws -> Void) throws -> ModelIdentity {
      let copy = try TinyFolder(place.url("adapter")).copy(to: place.url(UUID().uuidString))
      try change(copy)
      return try identity(folder.path, adapter: copy.path)
    }
    #expect(try changed { _ in } == own)
    #expect(
      try changed { try $0.replace(folder.path, with: "/elsewhere", in: "adapter_config.json") }
        == own)
    let alpha = try changed {
      try $0.replace(#""lora_alpha": 4"#, with: #""lora_alpha": 8"#, in: "adapter_config.json")
    }
    #expect(alpha.weights != own.weights && alpha.configuration == own.configuration)
    let other = try changed { copy in
      let file = copy.url.appending(path: "adapter_model.safetensors")
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count - 5] ^= 1
      try bytes.write(to: file)
    }
    #expect(other.weights != own.weights)
  }

  @Test("The merge of a rank-1 adapter on one matrix in the middle is another model")
  func merge() throws {
    let place = try TemporaryFolder()
    let folder = try TinyFolder.make(at: place.url("model"))
    try folder.writeAdapter(to: place.url("adapter"))
    let merged = place.url("merged").path
    try AdapterMerge(
      model: ModelFolder(path: folder.path), adapter: place.url("adapter").path, output: merged
    ).run()
    // Nothing but its middle differs: what was looked at before is the same.
    let files = try [folder.path, merged].map {
      try Data(contentsOf: URL(filePath: "\($0)/model.safetensors"))
    }
    #expect(files[0].count == files[1].count && files[0] != files[1])
    #expect(files[0].prefix(64 << 10) == files[1].prefix(64 << 10))
    #expect(files[0].suffix(64 << 10) == files[1].suffix(64 << 10))
    let (one, other) = (try identity(folder.path), try identity(merged))
    #expect(one.weights != other.weights && one.identity != other.identity)
    #expect(one.tokenizer == other.tokenizer && one.configuration == other.configuration)
  }

  @Test("mlx-lm's layout has an identity too")
  func mlx() throws {
    let model = Fixture.path("models/llama-gqa-untied")
    let peft = try identity(model, adapter: "\(model)/lora-all")
    #expect(peft != (try identity(model, adapter: "\(model)/lora-rs")))
    let place = try TemporaryFolder()
    let configuration = try ModelFolder(path: model).configuration()
    let converted = ModelFolder(path: place.url("mlx").path)
    try makeFolder(converted.path)
    try AdapterFolder(path: "\(model)/lora-all", for: configuration)
      .writeMLX(to: converted, layerCount: configuration.layerCount)
    #expect(try identity(model, adapter: converted.path).weights != peft.weights)
  }
}
