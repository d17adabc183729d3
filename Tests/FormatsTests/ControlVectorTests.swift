import Core
import Foundation
import TestSupport
import Testing

import Formats

/// Control vectors in GGUF files: written here and read by the gguf package, and the other way round.
@Suite("Control vectors")
struct ControlVectorTests {
  private func file(
    _ sites: [Site], _ operation: DirectionFacts.Operation = .add
  ) throws -> DirectionFile {
    try DirectionFile(
      sites.map { site in
        Direction(
          site: site, vector: (0..<7).map { Float($0 - 3) * 0.37 + Float(site.layer) },
          cap: operation == .cap ? 1 : nil)
      },
      facts: DirectionFacts(
        operation: operation, tokens: .all, doseUnit: "own shift", definition: "d",
        modelHint: "qwen2", layerCount: 30))
  }

  private func posts(_ layers: [Int]) -> [Site] { layers.map { Site(layer: $0, place: .post) } }

  @Test("direction.N is what block N gives, counted from 0, and comes back as it was")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let written = try file(posts([1, 2, 10, 29]))
    try GGUFControlVector.write(written, to: folder.path("v.gguf"))
    let names = try GGUFFile(path: folder.path("v.gguf")).names
    #expect(Set(names) == ["direction.1", "direction.2", "direction.10", "direction.29"])
    let read = try GGUFControlVector.read(folder.path("v.gguf"))
    #expect(read.directions.sorted { $0.site < $1.site } == written.directions)
    #expect(read.operation == .add && read.modelHint == "qwen2" && read.layerCount == nil)
  }

  @Test("What llama.cpp cannot mean is not written, and the reason is said")
  func refusals() throws {
    let folder = try TemporaryFolder()
    func expect(_ words: String, _ file: DirectionFile) {
      let error = #expect(throws: InputError.self) {
        try GGUFControlVector.write(file, to: folder.path("v.gguf"))
      }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
      #expect(!FileManager.default.fileExists(atPath: folder.path("v.gguf")))
    }
    expect("operation: found remove, expected add: llama.cpp adds", try file(posts([1]), .remove))
    expect("operation: found cap, expected add", try file(posts([1]), .cap))
    expect("blocks.0.hook_resid_post: found block 0, expected 1 or more", try file(posts([0, 1])))
    expect(
      "blocks.4.hook_resid_mid: found resid_mid, expected resid_post",
      try file([Site(layer: 4, place: .mid)]))
    expect("found resid_pre", try file([Site(layer: 4, place: .pre)]))
  }

  @Test(
    "Files that gguf writes are read, with a count of either sign, and what is written gguf reads",
    .needs(.main))
  func counterpart() throws {
    struct Report: Decodable {
      let metadata: [String]
      let types: [String]
      let vectors: [String: [Float]]
    }
    let folder = try TemporaryFolder()
    try Python.main.run(.script("make_directions.py"), ["make", folder.path])
    let expected = try Safetensors(path: folder.path("expected.safetensors")).floats(of: "raw")
    for name in ["vector", "signed"] {
      let read = try GGUFControlVector.read(folder.path("\(name).gguf"))
      #expect(read.directions.count == 4 && read.modelHint == "qwen2")
      for direction in read.directions {
        let layer = direction.site.layer
        #expect(direction.site.place == .post)
        #expect(direction.vector == Array(expected[7 * layer..<7 * layer + 7]))
      }
    }
    let written = try file(posts([1, 2, 10]))
    try GGUFControlVector.write(written, to: folder.path("own.gguf"))
    let report: Report = try Python.main.report(
      .script("make_directions.py"), ["gguf", folder.path("own.gguf")])
    #expect(report.metadata == ["controlvector", "qwen2", "3"])
    #expect(report.types == ["F32x1", "UINT32"])
    #expect(report.vectors.count == 3)
    for direction in written.directions {
      #expect(report.vectors["direction.\(direction.site.layer)"] == direction.vector)
    }
  }

  @Test("safetensors reads Askew's own file: its tensors, and strings of metadata", .needs(.main))
  func safetensors() throws {
    struct Report: Decodable {
      let metadata: [String: String]
      let vectors: [String: [Float]]
    }
    let folder = try TemporaryFolder()
    let file = try DirectionFile(DirectionFileTests.directions, facts: DirectionFileTests.facts)
    try file.write(to: folder.path("d.safetensors"))
    let report: Report = try Python.main.report(
      .script("make_directions.py"), ["safetensors", folder.path("d.safetensors")])
    #expect(
      report.metadata == [
        "format": "askew.direction.v1", "operation": "add",
        "site": "resid_pre,resid_mid,resid_post", "layer_base": "0", "tokens": "answer",
        "dose_unit": "own shift", "definition": "mean of bad minus good", "model": "00ff",
        "model_hint": "llama", "layer_count": "30", "hidden_size": "3", "n": "12",
        "seeds": "1,18446744073709551615", "plan": "abcd",
        "controls": #"{"shuffled":64,"largest":0.25}"#,
      ])
    #expect(report.vectors.count == 3)
    for direction in file.directions {
      #expect(report.vectors[direction.site.name] == direction.vector)
    }
  }

  // MARK: - Hostile files

  /// A GGUF file of F32 tensors and texts.
  private func gguf(
    architecture: String = "controlvector", count: (type: UInt32, bytes: [UInt8])? = nil,
    _ tensors: [(name: String, shape: [UInt64], type: UInt32)]
  ) -> [UInt8] {
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    func text(_ text: String) -> [UInt8] { bytes(UInt64(text.utf8.count)) + Array(text.utf8) }
    var file = Array("GGUF".utf8) + bytes(UInt32(3)) + bytes(UInt64(tensors.count))
    file += bytes(UInt64(count == nil ? 1 : 2))
    file += text("general.architecture") + bytes(UInt32(8)) + text(architecture)
    if let count { file += text("controlvector.layer_count") + bytes(count.type) + count.bytes }
    for (index, tensor) in tensors.enumerated() {
      file += text(tensor.name) + bytes(UInt32(tensor.shape.count))
      file += tensor.shape.flatMap { bytes($0) } + bytes(tensor.type) + bytes(UInt64(32 * index))
    }
    while file.count % 32 != 0 { file.append(0) }
    // As F32 0.5, as F16 1.0 and 0.0.
    let values = bytes(Float(0.5).bitPattern)
    for _ in tensors { for _ in 0..<8 { file += values } }
    return file
  }

  @Test("Whatever is wrong with a control vector is one line that names the place")
  func hostile() throws {
    func read(_ bytes: [UInt8]) throws -> ForeignDirections {
      try GGUFControlVector.read(GGUFFile(bytes: bytes, file: "v.gguf"))
    }
    func expect(_ words: String, _ bytes: [UInt8]) {
      let error = #expect(throws: InputError.self) { try read(bytes) }
      let text = error?.description ?? ""
      #expect(text.hasPrefix("v.gguf: ") && text.contains(words) && !text.contains("\n"), "\(text)")
    }
    let good = [(name: "direction.1", shape: [UInt64(8)], type: UInt32(0))]
    #expect(try read(gguf(good)).directions.count == 1)
    #expect(try read(gguf(count: (5, [9, 0, 0, 0]), good)).directions.count == 1)
    expect("controlvector.layer_count: found -1", gguf(count: (5, [255, 255, 255, 255]), good))
    expect("controlvector.layer_count: found true", gguf(count: (7, [1]), good))
    expect(
      "general.architecture: found \"llama\", expected \"controlvector\"",
      gguf(architecture: "llama", good))
    expect("found no tensors", gguf([]))
    for name in ["direction", "direction.", "direction.x", "direction.01", "direction.-1", "blk.1"]
    {
      expect("\(name): found a tensor of another kind", gguf([(name, [8], 0)]))
    }
    expect("direction.0: found block 0", gguf([("direction.0", [8], 0)]))
    expect("direction.1: found F16 of shape [8]", gguf([("direction.1", [8], 1)]))
    expect("direction.1: found F32 of shape [2, 4]", gguf([("direction.1", [4, 2], 0)]))
    expect("reaches beyond the end", gguf([("direction.1", [9], 0)]))
    expect("is cut off", Array(gguf(good).prefix(60)))
    expect("stands there twice", gguf(good + good))
  }
}
