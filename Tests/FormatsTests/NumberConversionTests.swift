import Core
import Foundation
import TestSupport
import Testing

import Formats

/// Every 16-bit pattern and the Floats around every tie, against PyTorch:
/// scripts/fixtures_safetensors.py.
@Suite("16-bit floats")
struct NumberConversionTests {
  struct Digests: Decodable {
    let lowerHalves: [UInt32]
    let digests: [String: String]

    init(from decoder: any Decoder) throws {
      let texts = try decoder.container(keyedBy: Key.self)
      lowerHalves = try texts.decode([UInt32].self, forKey: Key(stringValue: "lowerHalves"))
      digests = try texts.allKeys.filter { $0.stringValue.contains(" torch.") }.reduce(into: [:]) {
        $0[$1.stringValue] = try texts.decode(String.self, forKey: $1)
      }
    }

    struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
  }

  static let expected = try! Fixture.decode(Digests.self, "safetensors/conversions.json")

  private func digest(_ floats: [Float]) -> String {
    // NaN has many patterns; the fixture has one.
    let bits = floats.map { $0.isNaN ? 0x7fc0_0000 : $0.bitPattern.littleEndian }
    return Fingerprint(bytes: bits.withUnsafeBytes { Data($0) }).hex
  }

  private func digest(_ halves: [UInt16], nan: UInt16, where isNaN: (UInt16) -> Bool) -> String {
    let bits = halves.map { isNaN($0) ? nan : $0.littleEndian }
    return Fingerprint(bytes: bits.withUnsafeBytes { Data($0) }).hex
  }

  private static let allHalves = (0...UInt16.max).map { $0 }
  private static let allFloats = allHalves.flatMap { upper in
    expected.lowerHalves.map { Float(bitPattern: UInt32(upper) << 16 | $0) }
  }

  @Test("All 65,536 patterns become the Floats that PyTorch makes of them")
  func exact() {
    let halves = Self.allHalves.map { HalfFloat.float(bits: $0) }
    #expect(digest(halves) == Self.expected.digests["from torch.float16"])
    let bfloats = Self.allHalves.map { BFloat16.float(bits: $0) }
    #expect(digest(bfloats) == Self.expected.digests["from torch.bfloat16"])
  }

  @Test("Floats are rounded as PyTorch rounds them: ties, subnormals, overflow, NaN")
  func rounded() {
    let halves = digest(Self.allFloats.map { HalfFloat.bits($0) }, nan: 0x7e00) {
      $0 & 0x7fff > 0x7c00
    }
    #expect(halves == Self.expected.digests["to torch.float16"])
    let bfloats = digest(Self.allFloats.map { BFloat16.bits($0) }, nan: 0x7fc0) {
      $0 & 0x7fff > 0x7f80
    }
    #expect(bfloats == Self.expected.digests["to torch.bfloat16"])
  }

  /// A file whose data begins at an odd byte, as MLX writes them.
  private func file(_ type: String, _ count: Int, _ data: [UInt8]) throws -> Safetensors {
    var header =
      #"{"w":{"dtype":"\#(type)","shape":[\#(count)],"data_offsets":[0,\#(data.count)]}}"#
    if header.utf8.count % 2 == 0 { header += " " }
    return try Safetensors(bytes: SafetensorsTests.document(header, data))
  }

  private func bfloats(_ file: Safetensors, _ count: Int) throws -> [UInt16] {
    let memory = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: count)
    defer { memory.deallocate() }
    try file.readBFloat16("w", expecting: [count], into: memory)
    return Array(memory)
  }

  @Test("Files of each type are read the same at odd addresses, as Float and as bfloat16")
  func files() throws {
    let halves = Self.allHalves.withUnsafeBytes { Array($0) }
    let f16 = try file("F16", 1 << 16, halves), bf16 = try file("BF16", 1 << 16, halves)
    #expect(digest(try f16.floats(of: "w")) == Self.expected.digests["from torch.float16"])
    #expect(digest(try bf16.floats(of: "w")) == Self.expected.digests["from torch.bfloat16"])
    #expect(try bfloats(bf16, 1 << 16) == Self.allHalves)
    #expect(
      try bfloats(f16, 1 << 16)
        == Self.allHalves.map { BFloat16.bits(HalfFloat.float(bits: $0)) })
    let count = Self.allFloats.count
    let f32 = try file("F32", count, Self.allFloats.withUnsafeBytes { Array($0) })
    #expect(try f32.floats(of: "w").map(\.bitPattern) == Self.allFloats.map(\.bitPattern))
    let rounded = digest(try bfloats(f32, count), nan: 0x7fc0) { $0 & 0x7fff > 0x7f80 }
    #expect(rounded == Self.expected.digests["to torch.bfloat16"])
  }

  @Test("A part of a tensor is the part of the whole")
  func parts() throws {
    let file = try Safetensors(path: Fixture.path("safetensors/dtypes.safetensors"))
    for name in ["f32", "bf16", "f16"] {
      let all = try file.floats(of: name)
      for range in [0..<all.count, 3..<7, 4..<4, (all.count - 1)..<all.count] {
        let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: range.count)
        defer { memory.deallocate() }
        try file.read(name, expecting: [all.count], elements: range, into: memory)
        #expect(memory.map(\.bitPattern) == all[range].map(\.bitPattern))
      }
    }
  }

  @Test("Eight threads that read at a time read the same")
  func threads() throws {
    let weights = try ModelWeightFiles(
      folder: ModelFolder(path: Fixture.path("models/parity/mistral-sharded")))
    let names = weights.names
    let expected = try names.map { try weights.floats(of: $0) }
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for (name, floats) in zip(names, expected) {
        let read = try? weights.floats(of: name)
        #expect(read == floats)
      }
    }
  }
}
