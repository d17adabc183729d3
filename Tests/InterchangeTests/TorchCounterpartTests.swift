import Core
import Formats
import Foundation
import TestSupport
import Testing

@testable import Interchange

/// Files that torch.save wrote, and what is written here read by torch.load(weights_only=True).
@Suite("Directions of torch", .needs(.main))
struct TorchCounterpartTests {
  private static let width = 7
  private static let rowCount = 5

  private func made(_ body: (TemporaryFolder) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try Python.main.run(.script("make_directions.py"), ["make", folder.path])
    try body(folder)
  }

  /// The rows of a table that torch and safetensors wrote.
  private func rows(_ name: String, in folder: TemporaryFolder) throws -> [[Float]] {
    let values = try Safetensors(path: folder.path("expected.safetensors"))
      .floats(of: name, expecting: [Self.rowCount, Self.width])
    return stride(from: 0, to: values.count, by: Self.width).map {
      Array(values[$0..<$0 + Self.width])
    }
  }

  @Test(
    "Tables of F32, BF16 and F16 are read to the bit, and rows are counted as they are said to be")
  func tables() throws {
    try made { folder in
      for name in ["raw", "bf16", "f16"] {
        let expected = try rows(name, in: folder)
        let file = try TorchDirections(path: folder.path("\(name).pt"))
        let blocks = try file.read(rows: .blocks)
        #expect(blocks.layerCount == 5 && blocks.leftOut.isEmpty && blocks.operation == nil)
        #expect(
          blocks.directions.map(\.site.name) == (0..<5).map { "blocks.\($0).hook_resid_post" })
        #expect(blocks.directions.map(\.vector) == expected)

        let states = try file.read(rows: .hiddenStates)
        #expect(states.layerCount == 4)
        #expect(
          states.directions.map(\.site.name) == [
            "blocks.0.hook_resid_pre", "blocks.0.hook_resid_post", "blocks.1.hook_resid_post",
            "blocks.2.hook_resid_post",
          ])
        #expect(states.directions.map(\.vector) == Array(expected[..<4]))
        #expect(states.leftOut == ["row 4, which transformers gives behind the final norm"])
        // A model has as many blocks as rows, or one less.
        #expect(try file.read(layerCount: 5) == blocks)
        #expect(try file.read(layerCount: 4) == states)
      }
    }
  }

  @Test("An axis and a role of assistant-axis have a row for what each block gives")
  func axis() throws {
    try made { folder in
      let expected = try rows("raw", in: folder)
      for name in ["axis", "role"] {
        let file = try TorchDirections(path: folder.path("\(name).pt"))
        let read = try file.read()
        #expect(read.directions.map(\.vector) == expected)
        #expect(read.directions.last?.site == Site(layer: 4, place: .post))
        #expect(read.definition.contains("pirate") == (name == "role"))
        #expect(try file.read(rows: .blocks) == read)
        #expect(throws: InputError.self) { try file.read(rows: .hiddenStates) }
      }
    }
  }

  @Test("A capping experiment has its thresholds, in the order of the file")
  func capping() throws {
    try made { folder in
      let expected = try rows("raw", in: folder)
      let file = try TorchDirections(path: folder.path("capping.pt"))
      let both = try file.read(experiment: "both")
      #expect(both.operation == .cap)
      #expect(both.directions.map(\.site.layer) == [300, 1])
      #expect(both.directions.map(\.cap) == [-2.25, 3])
      // The second is a part of a larger storage.
      #expect(both.directions.map(\.vector) == [expected[2], expected[1]])
      #expect(try file.read(experiment: "one").directions.map(\.cap) == [1.5])
      expect("experiments: found 2 experiments, expected one of \"one\" or \"both\"") {
        try file.read()
      }
      expect("found no experiment \"bot\": did you mean \"both\"?") {
        try file.read(experiment: "bot")
      }
    }
  }

  @Test("What torch.load would run, or what is no plain tensor, is refused by name")
  func refusals() throws {
    try made { folder in
      let refusals = [
        "system": "names \"posix.system\", which is never run here",
        "parameter": "names \"torch._utils._rebuild_parameter\"",
        "double": "names \"torch.DoubleStorage\"",
        "array": "names \"numpy._core.multiarray._reconstruct\"",
        "transposed": "found a tensor of strides [1, 7], expected [5, 1]: save tensor.contiguous()",
        "shared": "uses the same list or dict twice",
        "old": "found no directory of a ZIP archive",
      ]
      for (name, words) in refusals {
        let path = folder.path("\(name).pt")
        let error = #expect(throws: InputError.self) { try TorchDirections(path: path) }
        let text = error?.description ?? ""
        #expect(text.hasPrefix(path) && text.contains(words) && !text.contains("\n"), "\(text)")
      }
      let raw = try TorchDirections(path: folder.path("raw.pt"))
      expect("found a table of 5 rows that does not say how they are counted") { try raw.read() }
      expect("found 5 rows, the model has 9 blocks: expected 10 (hidden-states) or 9 (blocks)") {
        try raw.read(layerCount: 9)
      }
      expect("found no experiments") { try raw.read(rows: .blocks, experiment: "one") }
    }
  }

  @Test(
    "A persona file is a tensor to torch.load(weights_only=True), with the pickle of torch.save",
    arguments: [(2, 3), (5, 7), (61, 300)])
  func persona(layerCount: Int, width: Int) throws {
    let folder = try TemporaryFolder()
    let vectors = (0...layerCount).map { row in
      (0..<width).map { Float(row * width + $0 + 1) * 0.31 - 2 }
    }
    let posts = (0..<layerCount).map {
      Direction(site: Site(layer: $0, place: .post), vector: vectors[$0 + 1])
    }
    let embedding = Direction(site: Site(layer: 0, place: .pre), vector: vectors[0])
    let facts = DirectionFacts(
      operation: .add, tokens: .answer, doseUnit: "own shift", definition: "d",
      layerCount: layerCount)
    for (name, directions) in [("all", posts + [embedding]), ("posts", posts)] {
      let path = folder.path("\(name).pt")
      try PersonaVectorFile.write(DirectionFile(directions, facts: facts), to: path)
      let table: [[Float]] = try Python.main.report(
        .script("make_directions.py"), ["torch", path])
      #expect(Array(table[1...]) == Array(vectors[1...]))
      #expect(table[0] == (name == "all" ? vectors[0] : [Float](repeating: 0, count: width)))
      #expect(try Python.main.run(.script("make_directions.py"), ["pickle", path]) == "true\n")
      // Our own reader takes all but the last row, which elsewhere stands behind the final norm.
      let read = try TorchDirections(path: path).read(rows: .hiddenStates)
      let expected = (directions.filter { $0.site.layer < layerCount - 1 || $0.site.place == .pre })
        .sorted { $0.site < $1.site }
      #expect(read.directions == expected)
      #expect(read.leftOut.count == (name == "all" ? 1 : 2))
    }
  }

  private func expect<Result>(_ words: String, _ body: () throws -> Result) {
    let error = #expect(throws: InputError.self) { _ = try body() }
    let text = error?.description ?? ""
    #expect(text.contains(words) && !text.contains("\n"), "\(text)")
  }
}
