import Core
import Foundation
import TestSupport
import Testing

import Formats

@Suite("Weights in one file or several")
struct ModelWeightFilesTests {
  private static let sharded = Fixture.path("models/parity/mistral-sharded")
  private static let first = "model-00001-of-00003.safetensors"
  private static let second = "model-00002-of-00003.safetensors"

  /// A copy of the folder that transformers wrote, changed by `change`.
  private func problem(
    _ change: (_ path: String, _ index: inout [String: String]) throws -> Void
  ) throws -> String {
    try withTemporaryFolder { parent in
      let path = "\(parent)/model"
      try FileManager.default.copyItem(atPath: Self.sharded, toPath: path)
      struct Index: Codable {
        var map: [String: String]
        enum CodingKeys: String, CodingKey { case map = "weight_map" }
      }
      let url = URL(filePath: ModelFolder(path: path).weightsIndexPath)
      var index = try JSONDecoder().decode(Index.self, from: Data(contentsOf: url))
      let before = index.map
      try change(path, &index.map)
      if index.map != before { try JSONEncoder().encode(index).write(to: url) }
      do {
        _ = try ModelWeightFiles(folder: ModelFolder(path: path))
      } catch {
        let text = "\(error)"
        #expect(!text.contains("\n") && text.hasPrefix(path))
        return text.replacingOccurrences(of: path + "/", with: "")
      }
      return "nothing was wrong"
    }
  }

  private let norm = "model.norm.weight"

  @Test("Shards that transformers wrote hold the tensors of the configuration")
  func shards() throws {
    for name in ["mistral-sharded", "qwen2-sharded"] {
      let folder = ModelFolder(path: Fixture.path("models/parity/\(name)"))
      let weights = try ModelWeightFiles(folder: folder)
      #expect(weights.files.count >= 2 && weights.path == folder.weightsIndexPath)
      let shapes = try folder.configuration().tensorShapes()
      #expect(weights.names == shapes.map(\.name).sorted())
      for (name, shape) in shapes {
        #expect(weights.info(name)?.shape == shape && weights.info(name)?.dataType == .bfloat16)
        #expect(try weights.floats(of: name) == weights.file(of: name).floats(of: name))
      }
      #expect(weights.byteCount == 2 * shapes.reduce(0) { $0 + $1.shape.reduce(1, *) })
    }
  }

  @Test("A single file comes before an index, whatever the index says")
  func singleFirst() throws {
    #expect(
      try problem { path, index in
        try FileManager.default.copyItem(
          atPath: "\(path)/\(Self.first)", toPath: "\(path)/model.safetensors")
        index["x"] = "../../secret"
      } == "nothing was wrong")
  }

  @Test("An index and files that do not fit are refused by file and tensor")
  func wrongIndex() throws {
    #expect(
      try problem { path, _ in
        try FileManager.default.removeItem(atPath: "\(path)/\(Self.second)")
      } == "\(Self.second): the file is missing, but model.safetensors.index.json names it")
    for outside in [
      "../\(Self.first)", "/etc/passwd", "a/../../b", "..", "", "a\\b", "a\0.safetensors",
    ] {
      #expect(
        try problem { $1[norm] = outside }
          .hasPrefix("model.safetensors.index.json: weight_map.\(norm): found \""))
    }
    #expect(
      try problem { $1["model.layers.9.oh"] = Self.first }
        == "model.safetensors.index.json: weight_map.model.layers.9.oh: \(Self.first) does not have "
        + "the tensor: index and files do not belong together")
    #expect(
      try problem { $1[norm] = Self.first }
        == "model.safetensors.index.json: weight_map.\(norm): \(Self.first) does not have the tensor:"
        + " index and files do not belong together")
    // The file of another model in place of the second.
    let other = try problem { path, _ in
      try FileManager.default.removeItem(atPath: "\(path)/\(Self.second)")
      try FileManager.default.copyItem(
        atPath: Fixture.path("models/qwen2/lora-rs/adapter_model.safetensors"),
        toPath: "\(path)/\(Self.second)")
    }
    #expect(
      other.hasSuffix(
        "\(Self.second) does not have the tensor: index and files do not belong together"))
    // The first shard twice: its tensors are in two files.
    let twice = try problem { path, _ in
      try FileManager.default.removeItem(atPath: "\(path)/\(Self.second)")
      try FileManager.default.copyItem(
        atPath: "\(path)/\(Self.first)", toPath: "\(path)/\(Self.second)")
    }
    #expect(twice.hasPrefix("\(Self.second): ") && twice.hasSuffix("is in \(Self.first) as well"))
  }

  @Test("Broken files name the file")
  func brokenFiles() throws {
    func cut(_ count: Int) throws -> String {
      try problem { path, _ in
        let handle = try #require(FileHandle(forWritingAtPath: "\(path)/\(Self.second)"))
        let end = try handle.seekToEnd()
        try handle.truncate(atOffset: count < 0 ? end - UInt64(-count) : UInt64(count))
        try handle.close()
      }
    }
    for count in [0, 7, 100, -1, -1000] {
      #expect(try cut(count).hasPrefix("\(Self.second): "))
    }
    for text in ["", "[]", "{}", #"{"weight_map":[]}"#, #"{"weight_map":{}}"#, "{\"weight_map\":"] {
      #expect(
        try problem { path, _ in
          try Data(text.utf8).write(to: URL(filePath: "\(path)/model.safetensors.index.json"))
        }.hasPrefix("model.safetensors.index.json"))
    }
    #expect(
      try problem { path, _ in
        try Data(#"{"weight_map":{"a":1}}"#.utf8)
          .write(to: URL(filePath: "\(path)/model.safetensors.index.json"))
      } == "model.safetensors.index.json: weight_map.a: found 1, expected a file's name")
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 98\n"
    #expect(
      try problem { path, _ in
        try Data(pointer.utf8).write(to: URL(filePath: "\(path)/\(Self.second)"))
      } == "\(Self.second): is only a pointer of Git LFS; `git lfs pull` fetches the file itself")
  }

  @Test("A second of changed bytes in the index: an error or the weights, never a crash")
  func fuzz() throws {
    try withTemporaryFolder { parent in
      let path = "\(parent)/model"
      try FileManager.default.copyItem(atPath: Self.sharded, toPath: path)
      let url = URL(filePath: ModelFolder(path: path).weightsIndexPath)
      var fuzzer = Fuzzer(
        random: RandomStream(seed: 6, "index"), valid: Array(try Data(contentsOf: url)))
      let outcome = try fuzzer.run(seconds: 1) { bytes in
        try Data(bytes).write(to: url)
        _ = try ModelWeightFiles(folder: ModelFolder(path: path)).names
      }
      #expect(outcome.refused > 20)
    }
  }

  @Test("A folder without weights says what it has instead")
  func noWeights() throws {
    try withTemporaryFolder { path in
      let folder = ModelFolder(path: path)
      func text() -> String? {
        (#expect(throws: InputError.self) { try ModelWeightFiles(folder: folder) })?.description
      }
      #expect(
        text() == "\(path): there are no weights, expected model.safetensors or "
          + "model.safetensors.index.json")
      #expect(FileManager.default.createFile(atPath: "\(path)/pytorch_model.bin", contents: nil))
      #expect(
        text() == "\(path)/pytorch_model.bin: found weights of PyTorch's own format only, expected "
          + "model.safetensors")
    }
  }

  @Test("A folder is rewritten tensor by tensor, in any type, from closures and copies")
  func rewriting() throws {
    let weights = try ModelWeightFiles(folder: ModelFolder(path: Self.sharded))
    try withTemporaryFolder { path in
      for type in [DataType.float32, .bfloat16, .float16] {
        let folder = ModelFolder(path: path)
        try Safetensors.write(
          try weights.names.map { name in
            let shape = weights.info(name)?.shape ?? []
            if name == norm { return try .init(name, copying: weights.file(of: name)) }
            return .init(name, shape: shape, as: type) { (elements, target) throws(InputError) in
              #expect(elements.lowerBound % (shape.last ?? 1) == 0)
              try weights.read(name, expecting: shape, elements: elements, into: target)
            }
          }, to: folder.weightsPath)
        let copy = try ModelWeightFiles(folder: folder)
        #expect(copy.names == weights.names && copy.files[0].metadata == ["format": "pt"])
        for name in copy.names {
          #expect(copy.info(name)?.dataType == (name == norm ? .bfloat16 : type))
          let before = try weights.floats(of: name), after = try copy.floats(of: name)
          // Of so small weights a half has more digits than a bfloat16, unless it is subnormal.
          let bound: Float = type == .float16 ? 0x1p-25 : 0
          #expect(zip(before, after).allSatisfy { abs($0 - $1) <= bound }, "\(name)")
        }
      }
    }
  }

  @Test("Long rows and many rows are written whole, in bounded pieces")
  func pieces() throws {
    try withTemporaryFolder { path in
      for (rows, columns) in [(3, 300_000), (1000, 777), (0, 5), (5, 0), (1, 1)] {
        let file = "\(path)/a.safetensors"
        var largest = 0
        try withoutActuallyEscaping({ (elements: Range<Int>, target) throws(InputError) in
          largest = max(largest, target.count)
          for (i, element) in elements.enumerated() { target[i] = Float(element % 251) }
        }) { fill in
          try Safetensors.write(
            [.init("a", shape: [rows, columns], as: .float16, fill: fill)], to: file)
        }
        let floats = try Safetensors(path: file).floats(of: "a", expecting: [rows, columns])
        #expect(floats == (0..<rows * columns).map { Float($0 % 251) })
        #expect(largest <= max(1 << 18, columns))
      }
    }
  }

  @Test("F16 refuses numbers that it cannot hold and keeps infinities")
  func overflow() throws {
    try withTemporaryFolder { path in
      func write(_ values: [Float]) throws {
        try Safetensors.write(
          [
            .init("a", shape: [values.count], as: .float16) { (elements, target) in
              for (i, element) in elements.enumerated() { target[i] = values[element] }
            }
          ], to: "\(path)/a.safetensors")
      }
      let error = #expect(throws: InputError.self) { try write([1, -70_000]) }
      #expect(
        error?.description
          == "\(path)/a.safetensors: a: F16 cannot hold -70000.0, expected at most 65504.0; use BF16 "
          + "or F32")
      #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
      try write([65_519, -.infinity])
      #expect(
        try Safetensors(path: "\(path)/a.safetensors").floats(of: "a") == [65_504, -.infinity])
    }
  }

  @Test("An error of a source leaves no file")
  func failingSource() throws {
    let failing = Safetensors.Source("a", shape: [2], as: .float32) { (_, _) throws(InputError) in
      throw InputError("no more")
    }
    try withTemporaryFolder { path in
      let error = #expect(throws: InputError.self) {
        try Safetensors.write([failing], to: "\(path)/a.safetensors")
      }
      #expect(error?.problem == "no more")
      let left = try FileManager.default.contentsOfDirectory(atPath: path)
      #expect(left == [])
    }
  }
}
