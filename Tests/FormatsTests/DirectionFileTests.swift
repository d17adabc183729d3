import Core
import Foundation
import TestSupport
import Testing

import Formats

/// Askew's own files of directions, without Python: what is written is read again, and what is wrong with a
/// file is one line.
@Suite("Files of directions")
struct DirectionFileTests {
  static let facts = DirectionFacts(
    operation: .add, tokens: .answer, doseUnit: "own shift", definition: "mean of bad minus good",
    modelFingerprint: "00ff", modelHint: "llama", layerCount: 30, rowCount: 12, seeds: [1, .max],
    planHash: "abcd", controls: #"{"shuffled":64,"largest":0.25}"#)
  static let directions = [
    Direction(site: Site(layer: 3, place: .post), vector: [1, -2.5, 0x1p-140]),
    Direction(site: Site(layer: 0, place: .pre), vector: [0, 0, 3]),
    Direction(site: Site(layer: 3, place: .mid), vector: [-0.0, 1e30, 7]),
  ]

  @Test("A site is named as TransformerLens names it, and by nothing else")
  func names() throws {
    for layer in [0, 7, 99_999] {
      for place in Site.Place.allCases {
        let site = Site(layer: layer, place: place)
        #expect(site.description == "blocks.\(layer).hook_\(place.rawValue)")
        #expect(try Site(name: site.name) == site)
        let data = try JSONEncoder().encode([site])
        #expect(String(decoding: data, as: UTF8.self) == "[\"\(site.name)\"]")
        #expect(try JSONDecoder().decode([Site].self, from: data) == [site])
      }
    }
    let wrong = [
      "", "blocks", "blocks.1", "blocks.1.hook_resid_posts", "blocks.1.resid_post",
      "blocks.01.hook_resid_post", "blocks.-1.hook_resid_post", "blocks.+1.hook_resid_post",
      "blocks..hook_resid_post", "blocks.٣.hook_resid_post", "blocks.100000.hook_resid_post",
      "blocks.99999999999999999999.hook_resid_post", "block.1.hook_resid_post",
      "blocks.1.hook_mlp_out", "blocks.1.hook_resid_post.", "a\nb",
    ]
    for name in wrong {
      let error = #expect(throws: InputError.self) { try Site(name: name) }
      #expect(error?.description.contains("expected blocks.N.hook_resid_pre") == true)
      #expect(error?.description.contains("\n") == false)
      let json = try JSONEncoder().encode([name])
      #expect(throws: InputError.self) { try JSONDecoder().decode([Site].self, from: json) }
    }
  }

  @Test("Sites come in the order of computation")
  func order() {
    let sorted = (0..<3).flatMap { layer in
      [Site.Place.pre, .mid, .post].map { Site(layer: layer, place: $0) }
    }
    #expect(sorted.reversed().sorted() == sorted)
  }

  @Test("A file says again all that it was told, in the same bytes each time")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let file = try DirectionFile(Self.directions, facts: Self.facts)
    #expect(
      file.sites.map(\.name) == [
        "blocks.0.hook_resid_pre", "blocks.3.hook_resid_mid", "blocks.3.hook_resid_post",
      ])
    #expect(file.hiddenSize == 3 && file[Site(layer: 3, place: .post)]?.vector[1] == -2.5)
    try file.write(to: folder.path("a"))
    try DirectionFile(Self.directions.reversed(), facts: Self.facts).write(to: folder.path("b"))
    #expect(try DirectionFile(path: folder.path("a")) == file)
    let bytes = try Data(contentsOf: folder.url("a"))
    #expect(try Data(contentsOf: folder.url("b")) == bytes)
    let bits = try DirectionFile(path: folder.path("a")).directions.flatMap {
      $0.vector.map(\.bitPattern)
    }
    #expect(bits == file.directions.flatMap { $0.vector.map(\.bitPattern) })
    // Of what is not known nothing is said.
    let bare = try DirectionFile(
      [Self.directions[0]],
      facts: DirectionFacts(operation: .remove, tokens: .all, doseUnit: "σ", definition: "d"))
    try bare.write(to: folder.path("c"))
    #expect(try DirectionFile(path: folder.path("c")) == bare)
    #expect(try Safetensors(path: folder.path("c")).metadata["model"] == nil)
  }

  @Test("Thresholds belong to capping, one a site")
  func caps() throws {
    let folder = try TemporaryFolder()
    var facts = Self.facts
    facts.operation = .cap
    let capped = Self.directions.enumerated().map {
      Direction(site: $1.site, vector: $1.vector, cap: Double($0) * 0.1 - 1e-300)
    }
    let file = try DirectionFile(capped, facts: facts)
    try file.write(to: folder.path("cap"))
    #expect(try DirectionFile(path: folder.path("cap")) == file)
    expect("found no threshold, expected one with the operation cap") {
      try DirectionFile(Self.directions, facts: facts)
    }
    expect("found a threshold, expected none with the operation add") {
      try DirectionFile(capped, facts: Self.facts)
    }
    expect("found the threshold nan") {
      try DirectionFile([Direction(site: capped[0].site, vector: [1], cap: .nan)], facts: facts)
    }
  }

  @Test("What no file may hold is no value either")
  func values() {
    let site = Site(layer: 1, place: .post)
    func expect(
      _ words: String, _ vectors: [(Site, [Float])],
      _ change: (inout DirectionFacts) -> Void = { _ in }
    ) {
      var facts = Self.facts
      change(&facts)
      self.expect(words) {
        try DirectionFile(vectors.map { Direction(site: $0, vector: $1) }, facts: facts)
      }
    }
    expect("f: found no direction", [])
    expect("blocks.1.hook_resid_post: found two directions", [(site, [1]), (site, [2])])
    expect(
      "found 2 numbers, expected 1 as at blocks.1.hook_resid_post",
      [(site, [1]), (Site(layer: 2, place: .pre), [1, 2])])
    expect("blocks.1.hook_resid_post: found 0 numbers", [(site, [])])
    expect("blocks.1.hook_resid_post: found nan", [(site, [1, .nan])])
    expect("blocks.1.hook_resid_post: found -inf", [(site, [-.infinity])])
    expect("found nothing but zeros", [(site, [0, -0.0])])
    expect("found a direction at block 1, the model has 0 to 0", [(site, [1])]) {
      $0.layerCount = 1
    }
    expect("dose_unit: found \"\"", [(site, [1])]) { $0.doseUnit = "" }
    expect("definition: found \"a\\nb\"", [(site, [1])]) { $0.definition = "a\nb" }
    expect("n: found -1", [(site, [1])]) { $0.rowCount = -1 }
    expect("controls: found no JSON", [(site, [1])]) { $0.controls = "{" }
  }

  @Test("A file is held against a model: width, blocks, identity; both sides are named")
  func model() throws {
    var model = ModelConfiguration(
      vocabularySize: 8, hiddenSize: 3, intermediateSize: 4, layerCount: 30, headCount: 1)
    let file = try DirectionFile(Self.directions, facts: Self.facts, file: "f")
    try file.check(against: model)
    try file.check(against: model, fingerprint: "00ff")
    expect("found directions of the model 00ff, the model is 1234") {
      try file.check(against: model, fingerprint: "1234")
    }
    model.layerCount = 31
    expect("found directions of a model of 30 blocks, the model has 31") {
      try file.check(against: model)
    }
    model.hiddenSize = 4
    expect("found vectors of 3 numbers, the model's residual stream has 4") {
      try file.check(against: model)
    }
    (model.hiddenSize, model.layerCount) = (3, 3)
    expect("blocks.3.hook_resid_mid: found block 3, the model has 0 to 2") {
      try file.check(against: model)
    }
    expect("found block 40, the model has 0 to 29") {
      model.layerCount = 30
      try Site(layer: 40, place: .post).check(against: model)
    }
    #expect(try file.limited(to: 1...3).sites.map(\.layer) == [3, 3])
    expect("found no direction at the blocks 1 to 2, expected some of 0, 3") {
      try file.limited(to: 1...2)
    }
  }

  // MARK: - Hostile files

  /// A valid file's parts, each of which a test may change.
  private struct Parts {
    var metadata = [
      "format": "askew.direction.v1", "operation": "add", "site": "resid_post", "layer_base": "0",
      "tokens": "answer", "dose_unit": "own shift", "definition": "d", "seeds": "1,2",
    ]
    var tensors: [(name: String, shape: [Int], type: DataType)] = [
      ("blocks.1.hook_resid_post", [2], .float32), ("blocks.2.hook_resid_post", [2], .float32),
    ]
    var value: Float = 1

    func file() throws -> String {
      let folder = FileManager.default.temporaryDirectory
      let path = folder.appending(path: "askew-test-\(UUID()).safetensors").path
      let value = value
      try Safetensors.write(
        tensors.map { tensor in
          Safetensors.Source(tensor.name, shape: tensor.shape, as: tensor.type) {
            for index in $0 { $1[index - $0.lowerBound] = value }
          }
        }, to: path, metadata: metadata)
      return path
    }
  }

  private func expect(
    _ words: String, _ change: (inout Parts) -> Void, location: SourceLocation = #_sourceLocation
  ) throws {
    var parts = Parts()
    change(&parts)
    let path = try parts.file()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = #expect(throws: InputError.self, sourceLocation: location) {
      try DirectionFile(path: path)
    }
    let text = error?.description ?? ""
    #expect(
      text.hasPrefix("\(path): ") && text.contains(words) && !text.contains("\n"), "\(text)",
      sourceLocation: location)
  }

  private func expect<Result>(
    _ words: String, location: SourceLocation = #_sourceLocation, _ body: () throws -> Result
  ) {
    let error = #expect(throws: InputError.self, sourceLocation: location) { _ = try body() }
    let text = error.map { $0.inFile("f").description } ?? ""
    #expect(text.contains(words) && !text.contains("\n"), "\(text)", sourceLocation: location)
  }

  @Test("Whatever is wrong with a file is one line that names the place")
  func hostile() throws {
    let path = try Parts().file()
    #expect(try DirectionFile(path: path).directions.count == 2)
    try FileManager.default.removeItem(atPath: path)
    try expect("__metadata__.format: found \"askew.direction.v2\", expected \"askew.direction.v1\"")
    {
      $0.metadata["format"] = "askew.direction.v2"
    }
    try expect("__metadata__.format: found nothing") { $0.metadata["format"] = nil }
    try expect("__metadata__.layer_base: found \"1\"") { $0.metadata["layer_base"] = "1" }
    for key in ["operation", "tokens", "dose_unit", "definition", "site"] {
      try expect("__metadata__.\(key): is missing") { $0.metadata[key] = nil }
    }
    try expect(
      "__metadata__.operation: found \"subtract\", expected \"add\", \"remove\" or \"cap\""
    ) {
      $0.metadata["operation"] = "subtract"
    }
    try expect("__metadata__.tokens: found \"some\", expected \"answer\", \"last-prompt\" or") {
      $0.metadata["tokens"] = "some"
    }
    try expect("__metadata__.site: found \"resid_pre\", expected \"resid_post\"") {
      $0.metadata["site"] = "resid_pre"
    }
    for (key, text) in [("n", "-1"), ("layer_count", "many"), ("seeds", "1,,2"), ("seeds", "-1")] {
      try expect("__metadata__.\(key): found \"\(text)\"") { $0.metadata[key] = text }
    }
    try expect("__metadata__.hidden_size: found 3, the vectors have 2") {
      $0.metadata["hidden_size"] = "3"
    }
    try expect("found a direction at block 2, the model has 0 to 1") {
      $0.metadata["layer_count"] = "2"
    }
    try expect("__metadata__.cap: found 1 thresholds, expected 2") { $0.metadata["cap"] = "1" }
    try expect("__metadata__.cap: found \"1,inf\"") { $0.metadata["cap"] = "1,inf" }
    try expect("found a threshold, expected none") { $0.metadata["cap"] = "1,2" }
    try expect("found no threshold") { $0.metadata["operation"] = "cap" }
    try expect("found \"blocks.1.attn\", expected blocks.N.hook") {
      $0.tensors[0].name = "blocks.1.attn"
    }
    try expect("blocks.1.hook_resid_post: found F32 of shape [1, 2], expected F32 of one") {
      $0.tensors[0].shape = [1, 2]
    }
    try expect("blocks.1.hook_resid_post: found BF16") { $0.tensors[0].type = .bfloat16 }
    try expect("found 3 numbers, expected 2") { $0.tensors[1].shape = [3] }
    try expect("found 0 numbers, expected 1") {
      for index in 0..<2 { $0.tensors[index].shape = [0] }
    }
    try expect("found no direction") {
      $0.tensors = []; $0.metadata["site"] = ""
    }
    try expect("found nan") { $0.value = .nan }
    try expect("found inf") { $0.value = .infinity }
    try expect("found nothing but zeros") { $0.value = 0 }
  }

  @Test("Bytes that were changed at random are read or refused, and nothing else")
  func fuzzed() throws {
    let folder = try TemporaryFolder()
    try DirectionFile(Self.directions, facts: Self.facts).write(to: folder.path("a"))
    let bytes = [UInt8](try Data(contentsOf: folder.url("a")))
    var fuzzer = Fuzzer(random: RandomStream(seed: 16, "directions"), valid: bytes)
    let outcome = try fuzzer.run(seconds: 2) { bytes in
      let file = try DirectionFile(Safetensors(bytes: bytes))
      for direction in file.directions {
        #expect(direction.vector.count == file.hiddenSize)
        #expect(direction.vector.allSatisfy { $0.isFinite })
      }
    }
    #expect(outcome.accepted > 0 && outcome.refused > 100, "\(outcome)")
  }
}
