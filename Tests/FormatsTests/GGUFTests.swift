import Core
import Foundation
import TestSupport
import Testing

import Documents
import Formats

/// GGUF files without Python: what is written is read again, and what is wrong with a file is one line.
@Suite("GGUF")
struct GGUFTests {
  /// A tiny folder that the engine wrote, as a file.
  private func exported(
    _ folder: TemporaryFolder, as storage: GGUFExport.Storage = .f32
  ) throws -> (original: ModelFolder, file: String) {
    let place = folder.url("tiny")
    if !FileManager.default.fileExists(atPath: place.path) { _ = try TinyFolder.make(at: place) }
    let original = ModelFolder(path: place.path)
    let file = folder.path("tiny-\(storage).gguf")
    try GGUFExport(
      original, name: "tiny", template: "{{ messages }}", specialTokens: ["eos_token": "<|end|>"],
      as: storage
    ).write(to: file)
    return (original, file)
  }

  @Test("A folder that becomes a file and a folder again is the same model", arguments: [2, 3])
  func roundTrip(version: UInt8) throws {
    let folder = try TemporaryFolder()
    let (original, file) = try exported(folder)
    // Versions 2 and 3 differ in their number, and in bytes that go the other way round.
    var bytes = try Data(contentsOf: URL(filePath: file))
    bytes[4] = version
    try bytes.write(to: URL(filePath: file))
    let copy = ModelFolder(path: folder.path("copy"))
    try makeFolder(copy.path)
    try GGUFModel(path: file).write(to: copy)
    #expect(try copy.configuration() == original.configuration())
    let (one, other) = (
      try Safetensors(path: original.weightsPath), try Safetensors(path: copy.weightsPath)
    )
    #expect(one.names == other.names)
    for name in one.names { #expect(try one.floats(of: name) == other.floats(of: name), "\(name)") }
    let tokenizer = try original.tokenizer()
    for text in ["What now? And then?", "<|user|>I am bored.<|end|>", "naïve 🚀\t12"] {
      #expect(try copy.tokenizer().encode(text) == tokenizer.encode(text))
    }
    let settings = try JSON(path: copy.tokenizerConfigurationPath)
    guard case .object(let object) = settings else { return #expect(Bool(false), "no object") }
    #expect(object["chat_template"] == "{{ messages }}" && object["eos_token"] == "<|end|>")
  }

  @Test("Q8_0 is off by half a step at most, a step being the largest of 32 numbers over 127")
  func eightBits() throws {
    let folder = try TemporaryFolder()
    let (original, file) = try exported(folder, as: .q8)
    let weights = try Safetensors(path: original.weightsPath)
    let name = "model.layers.1.mlp.up_proj.weight"
    let before = try weights.floats(of: name)
    let after = try GGUFFile(path: file).floats(of: "blk.1.ffn_up.weight")
    #expect(before.count == after.count && before != after)
    for start in stride(from: 0, to: before.count, by: 32) {
      let largest = before[start..<start + 32].map(abs).max() ?? 0
      // The step itself is rounded to eleven bits.
      let bound = largest / 127 * 0.5 + largest * 0x1p-11
      for index in start..<start + 32 { #expect(abs(before[index] - after[index]) <= bound) }
    }
  }

  // MARK: - Hostile files

  /// A file of one value and one tensor of 64 floats, each part of which a test may change.
  private struct Parts {
    var magic = "GGUF"
    var version: UInt32 = 3
    var tensorCount: UInt64 = 1
    var valueCount: UInt64 = 1
    var value: [UInt8] = Parts.text("general.alignment") + Parts.number(4) + Parts.number(32)
    var name = Parts.text("a")
    var dimensions: [UInt64] = [32, 2]
    var type: UInt32 = 0
    var offset: UInt64 = 0
    var more: [UInt8] = []
    var size = 256

    static func number(_ value: UInt32) -> [UInt8] { bytes(value) }
    static func text(_ text: String) -> [UInt8] {
      bytes(UInt64(text.utf8.count)) + Array(text.utf8)
    }
    static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    var entry: [UInt8] {
      name + Self.number(UInt32(dimensions.count)) + dimensions.flatMap { Self.bytes($0) }
        + Self.number(type) + Self.bytes(offset)
    }

    var bytes: [UInt8] {
      var bytes = Array(magic.utf8) + Self.number(version) + Self.bytes(tensorCount)
      bytes += Self.bytes(valueCount) + value + entry + more
      while bytes.count % 32 != 0 { bytes.append(0) }
      return bytes + [UInt8](repeating: 1, count: size)
    }
  }

  private func expect(
    _ words: String, _ change: (inout Parts) -> Void, location: SourceLocation = #_sourceLocation
  ) {
    var parts = Parts()
    change(&parts)
    let error = #expect(throws: InputError.self, sourceLocation: location) {
      try GGUFFile(bytes: parts.bytes, file: "m.gguf")
    }
    let text = error?.description ?? ""
    #expect(
      text.hasPrefix("m.gguf: ") && text.contains(words) && !text.contains("\n"), "\(text)",
      sourceLocation: location)
  }

  @Test("Whatever is wrong with a header is one line that names the place")
  func hostile() throws {
    #expect(try GGUFFile(bytes: Parts().bytes).floats(of: "a").count == 64)
    expect("does not begin with \"GGUF\"") { $0.magic = "GGML" }
    expect("found version 1, expected 2 or 3") { $0.version = 1 }
    expect("big-endian") { $0.version = UInt32(3).byteSwapped }
    expect("tensors, but there is only room for") { $0.tensorCount = .max }
    expect("tensors, but there is only room for") { $0.tensorCount = 1 << 40 }
    expect("values, but there is only room for") { $0.valueCount = 1 << 62 }
    expect("general.alignment: found 0") {
      $0.value = Parts.text("general.alignment") + Parts.number(4) + Parts.number(0)
    }
    expect("general.alignment: found 48") {
      $0.value = Parts.text("general.alignment") + Parts.number(4) + Parts.number(48)
    }
    expect("bytes of a key, but") { $0.value = Parts.bytes(UInt64.max) }
    expect("a key that is not UTF-8") { $0.value = Parts.bytes(UInt64(2)) + [0xc3, 0x28] }
    expect("metadata of the type 13") { $0.value = Parts.text("k") + Parts.number(13) }
    expect("elements of a list, but") {
      $0.value = Parts.text("k") + Parts.number(9) + Parts.number(8) + Parts.bytes(UInt64(1) << 60)
    }
    expect("lists in lists") {
      let list = Parts.number(9) + Parts.bytes(UInt64(1))
      $0.value = Parts.text("k") + Parts.number(9) + list + list + list + list + list
    }
    expect("k: stands there twice") {
      $0.valueCount = 2
      $0.value =
        (Parts.text("k") + Parts.number(7) + [1]) + (Parts.text("k") + Parts.number(7) + [1])
    }
    expect("a tensor's name, but") { $0.name = Parts.bytes(UInt64(1) << 50) }
    expect("a: found 0 dimensions") { $0.dimensions = [] }
    expect("a: found 5 dimensions") { $0.dimensions = [1, 1, 1, 1, 1] }
    expect("a: found a dimension of 0") { $0.dimensions = [32, 0] }
    expect("a: found a dimension of") { $0.dimensions = [1 << 40, 1 << 40] }
    expect("a: found the type IQ2_XXS, expected one of F32") { $0.type = 16 }
    expect("a: found the type 999") { $0.type = 999 }
    expect("a: found rows of 32, expected a multiple of 256, a block of Q4_K") { $0.type = 12 }
    expect("a: found offset 16, expected a multiple of 32") { $0.offset = 16 }
    expect("a: reaches beyond the end") { $0.offset = 1 << 62 }
    expect("a: reaches beyond the end") { $0.size = 255 }
    expect("a: reaches beyond the end") { $0.dimensions = [32, 3] }
    expect("a: the tensor stands there twice") {
      $0.tensorCount = 2
      $0.more = $0.entry
    }
    expect("overlaps another tensor") {
      $0.tensorCount = 2
      var other = Parts()
      (other.name, other.offset, $0.size) = (Parts.text("b"), 32, 512)
      $0.more = other.entry
    }
  }

  @Test("Bytes that were changed at random are read or refused, and nothing else")
  func fuzzed() throws {
    let folder = try TemporaryFolder()
    let file = try exported(folder).file
    let all = Array(try Data(contentsOf: URL(filePath: file)))
    // The header, and so little of the weights that most changes are in the header.
    let start = try #require(try GGUFFile(path: file).tensors.values.map(\.range.lowerBound).min())
    var fuzzer = Fuzzer(random: RandomStream(seed: 14, "gguf"), valid: Array(all[..<start]))
    let rest = Array(all[start...])
    let outcome = try fuzzer.run(seconds: 4) { bytes in
      let model = try GGUFModel(GGUFFile(bytes: bytes + rest))
      for name in model.file.names { _ = try model.file.floats(of: name) }
    }
    #expect(outcome.accepted > 0 && outcome.refused > 100, "\(outcome)")
  }

  @Test("What a model has and this reader has not is refused by name")
  func unsupported() throws {
    let folder = try TemporaryFolder()
    let bytes = Array(try Data(contentsOf: URL(filePath: try exported(folder).file)))
    /// The same file with another text of the same length at the first place of `old`.
    func expect(_ words: String, _ old: String, _ new: String) throws {
      let text = Array(old.utf8)
      let place = try #require(
        bytes.indices.first {
          $0 + text.count <= bytes.count && bytes[$0..<$0 + text.count] == text[...]
        })
      var changed = bytes
      changed.replaceSubrange(place..<place + text.count, with: Array(new.utf8))
      let error = #expect(throws: InputError.self) {
        try GGUFModel(GGUFFile(bytes: changed, file: "m.gguf"))
      }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
    try expect(
      "general.architecture: found \"gemm2\"; supported are llama, mistral", "llama", "gemm2")
    try expect(
      "tokenizer.ggml.model: found \"bert\", expected \"gpt2\" or \"llama\"", "gpt2", "bert")
    try expect("tokenizer.ggml.pre: found \"qwen9\", expected one of \"gpt-2\"", "gpt-2", "qwen9")
    try expect(
      "llama.embedding_length: is missing", "llama.embedding_length", "llama.embedding_lengtX")
    try expect(
      "blk.0.attn_q.weight: the tensor is missing", "blk.0.attn_q.weight", "blk.9.attn_q.weight")
    try expect(
      "tokenizer.ggml.merges: is missing", "tokenizer.ggml.merges", "tokenizer.ggml.mergeX")
  }
}
