import Core
import Foundation
import TestSupport
import Testing

import Formats

@Suite("Safetensors")
struct SafetensorsTests {
  struct DataTypes: Decodable {
    let floatBits: [String: [Int32]]
    let shapes: [String: [Int]]
  }

  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    let name: String
    let accepted: Bool
    let bytes: Data?
    var testDescription: String { name }
  }

  struct Cases: Decodable { let cases: [Case] }

  static let cases = try! Fixture.decode(Cases.self, "safetensors/cases.json").cases

  @Test("F32, BF16 and F16 are read bit by bit as PyTorch converts them")
  func dataTypes() throws {
    let expected = try Fixture.decode(DataTypes.self, "safetensors/dtypes.json")
    let file = try Safetensors(path: Fixture.path("safetensors/dtypes.safetensors"))
    #expect(file.names == expected.shapes.keys.sorted())
    #expect(file.metadata == ["format": "pt"])
    for (name, shape) in expected.shapes { #expect(file.tensors[name]?.shape == shape) }
    for (name, bits) in expected.floatBits {
      let floats = try file.floats(of: name, expecting: expected.shapes[name])
      #expect(floats.map { Int32(bitPattern: $0.bitPattern) } == bits, "\(name)")
    }
  }

  @Test(
    "Accepted and refused are the files that the reference reader accepts and refuses",
    arguments: cases)
  func verdicts(_ item: Case) throws {
    let bytes: [UInt8]
    switch item.name {
    case "deep nesting": bytes = Self.document(String(repeating: "[", count: 100_000))
    case "deep metadata":
      bytes = Self.document(
        #"{"__metadata__":"# + String(repeating: #"{"a":"#, count: 50_000)
          + String(repeating: "}", count: 50_001))
    default: bytes = Array(try #require(item.bytes))
    }
    if item.accepted {
      let file = try Safetensors(bytes: bytes)
      for name in file.names { #expect(throws: Never.self) { try file.floats(of: name) } }
    } else {
      let error = #expect(throws: InputError.self) {
        try Safetensors(bytes: bytes, file: "m.safetensors")
      }
      let text = error?.description ?? ""
      #expect(text.hasPrefix("m.safetensors:") && !text.contains("\n"), "\(text)")
    }
  }

  @Test("An error about a tensor names the tensor and what was expected")
  func message() {
    let error = #expect(throws: InputError.self) {
      try Safetensors(
        bytes: Self.document(
          #"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, Array(repeating: 0, count: 8)),
        file: "m.safetensors")
    }
    #expect(
      error?.description
        == "m.safetensors: w.data_offsets: found 8 bytes, expected 12 for shape [3] of F32")
  }

  @Test("A header longer than the reference reader's bound is refused before it is read")
  func hugeHeader() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/huge.safetensors"
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.write(contentsOf: Data(Self.littleEndian(100_000_001)))
      try handle.truncate(atOffset: 100_000_100)
      try handle.close()
      let error = #expect(throws: InputError.self) { try Safetensors(path: path) }
      #expect(error?.description.contains("at most 100000000") == true)
    }
  }

  @Test("A tensor of another shape, an unreadable type, a missing one: each named")
  func wrongTensors() throws {
    let file = try Safetensors(path: Fixture.path("safetensors/dtypes.safetensors"))
    let attempts: [(String, [Int]?, String)] = [
      ("matrix", [3, 2], "matrix: found shape [2, 3], expected [3, 2]"),
      ("whole", nil, "whole: found data type I64, expected F32, BF16 or F16"),
      ("absent", nil, "absent: the tensor is missing"),
    ]
    for (name, shape, text) in attempts {
      let error = #expect(throws: InputError.self) { try file.floats(of: name, expecting: shape) }
      #expect(error?.description.hasSuffix("dtypes.safetensors: \(text)") == true)
    }
  }

  @Test("A missing file, a folder and an empty file are errors")
  func wrongFiles() throws {
    try withTemporaryFolder { folder in
      #expect(FileManager.default.createFile(atPath: "\(folder)/empty", contents: nil))
      for name in ["/absent", "", "/empty"] {
        #expect(throws: InputError.self) { try Safetensors(path: folder + name) }
      }
    }
  }

  @Test("The written bytes: length, padded header, tensors in the given order")
  func writtenBytes() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/out.safetensors"
      // 1.00390625 lies half way between two BF16 values; the even one is 1.
      let floats: [Float] = [1, -2, 1.00390625, .infinity]
      try floats.withUnsafeBufferPointer { values in
        try Safetensors.write(
          [
            .init("z", shape: [4], elements: values, as: .bfloat16),
            .init("a", shape: [2, 2], elements: values),
          ], to: path)
      }
      let bytes = Array(try Data(contentsOf: URL(filePath: path)))
      let length = Int(bytes[0]) + Int(bytes[1]) << 8
      #expect(length % 8 == 0)
      let text = String(decoding: bytes[8..<8 + length], as: UTF8.self)
      #expect(
        text.trimmingCharacters(in: .whitespaces)
          == #"{"__metadata__":{"format":"pt"},"z":{"dtype":"BF16","shape":[4],"data_offsets":"#
          + #"[0,8]},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]}}"#)
      #expect(
        Array(bytes[(8 + length)...].prefix(8)) == [0x80, 0x3f, 0x00, 0xc0, 0x80, 0x3f, 0x80, 0x7f])
      let file = try Safetensors(path: path)
      #expect(try file.floats(of: "a", expecting: [2, 2]) == floats)
      #expect(try file.floats(of: "z") == [1, -2, 1, .infinity])
      // Nothing else is left in the folder.
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.safetensors"])
    }
  }

  @Test("A write that fails leaves the old file and no other")
  func failedWrite() throws {
    try withTemporaryFolder { folder in
      // A folder cannot be replaced by a file, whoever runs the test.
      let path = "\(folder)/taken"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      let error = #expect(throws: InputError.self) { try Safetensors.write([], to: path) }
      #expect(error?.description.hasPrefix("\(path): cannot be written: ") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
      #expect(throws: InputError.self) { try Safetensors.write([], to: "\(folder)/no/such.file") }
    }
  }

  @Test("Two seconds of changed bytes: an error or a file, never a crash")
  func fuzz() throws {
    for (seed, name) in [
      "safetensors/dtypes.safetensors", "models/qwen2/lora-rs/adapter_model.safetensors",
    ]
    .enumerated() {
      var fuzzer = Fuzzer(
        random: RandomStream(seed: UInt64(seed), "safetensors"), valid: try Fixture.bytes(name))
      let outcome = try fuzzer.run(seconds: 1) { bytes in
        let file = try Safetensors(bytes: bytes)
        for name in file.names { _ = try file.floats(of: name) }
      }
      #expect(outcome.refused > 100)
    }
  }

  static func littleEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func document(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + data
  }
}
