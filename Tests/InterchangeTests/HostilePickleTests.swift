import Core
import Formats
import Foundation
import TestSupport
import Testing

@testable import Interchange

/// `.pt` files that mean harm or were damaged; no Python is needed.
@Suite("Pickles that mean harm")
struct HostilePickleTests {
  private static let table: [[Float]] = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]

  private static func floats(_ values: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    for value in values { bytes.append(littleEndian: value.bitPattern) }
    return bytes
  }

  /// An archive as torch.save makes it, of a table of three rows, each part of which a test may change.
  private struct Parts {
    var pickle: [UInt8]
    var storage = HostilePickleTests.floats(HostilePickleTests.table.flatMap { $0 })
    var byteOrder = "little"
    var more: [(String, [UInt8])] = []
    var pickleName = "archive/data.pkl"
    var storageName = "archive/data/0"

    init() throws { pickle = try PersonaVectorFile.pickle([3, 3]) }

    func archive() throws -> [UInt8] {
      try withTemporaryFolder { folder in
        let path = "\(folder)/x.pt"
        var writer = try ZIPWriter(path)
        try writer.add(pickleName, pickle)
        try writer.add("archive/byteorder", Array(byteOrder.utf8))
        try writer.add(storageName, storage)
        for (name, bytes) in more { try writer.add(name, bytes) }
        try writer.finish()
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
      }
    }

    /// Puts other bytes in the place of the first that are `old`.
    mutating func replace(_ old: [UInt8], with new: [UInt8]) throws {
      let place = try #require(
        pickle.indices.first {
          $0 + old.count <= pickle.count && Array(pickle[$0..<$0 + old.count]) == old
        })
      pickle.replaceSubrange(place..<place + old.count, with: new)
    }

    mutating func replace(_ old: String, with new: String) throws {
      try replace(Array(old.utf8), with: Array(new.utf8))
    }
  }

  private func refusal(_ bytes: [UInt8]) -> String {
    do throws(InputError) {
      _ = try TorchDirections(bytes: bytes, file: "x.pt").read(rows: .blocks)
      return "read"
    } catch { return error.description }
  }

  private func expect(
    _ words: String, location: SourceLocation = #_sourceLocation,
    _ change: (inout Parts) throws -> Void
  ) throws {
    var parts = try Parts()
    try change(&parts)
    let text = refusal(try parts.archive())
    #expect(
      text.hasPrefix("x.pt: ") && text.contains(words) && !text.contains("\n"), "\(text)",
      sourceLocation: location)
  }

  /// A pickle of one value that is made of these opcodes.
  private func pickle(_ opcodes: String) -> [UInt8] { [0x80, 2] + Array(opcodes.utf8) + [0x2e] }

  @Test("The parts of an archive are what the tests change: unchanged they are read")
  func valid() throws {
    let read = try TorchDirections(bytes: try Parts().archive()).read(rows: .blocks)
    #expect(read.directions.map(\.vector) == Self.table)
  }

  @Test(
    "Names that are not on the list are refused, and so is calling those that are in another way")
  func names() throws {
    for name in [
      "os\nsystem", "posix\nsystem", "builtins\neval", "torch\nload", "torch\nDoubleStorage",
      "torch.storage\n_load_from_bytes", "torch._utils\n_rebuild_tensor",
    ] {
      try expect("names \"\(name.replacing("\n", with: "."))\", which is never run here") {
        try $0.replace("torch._utils\n_rebuild_tensor_v2", with: name)
      }
    }
    try expect("names \"torch._utils._rebuild_tensor_v2\\u{1B}[2J\"") {
      try $0.replace("_rebuild_tensor_v2", with: "_rebuild_tensor_v2\u{1b}[2J")
    }
    try expect("calls a function in a way that torch.save does not") {
      try $0.replace("torch._utils\n_rebuild_tensor_v2", with: "torch\nFloatStorage")
    }
    try expect("calls a function in a way that torch.save does not") {
      $0.pickle = pickle("ccollections\nOrderedDict\n(X\u{1}\0\0\0atR")
    }
    try expect("makes a tensor in a way that torch.save does not") {
      $0.pickle = pickle("ctorch._utils\n_rebuild_tensor_v2\n)R")
    }
    try expect("calls what is no function") { $0.pickle = pickle("K\u{1})R") }
    try expect("cut off in a name") {
      $0.pickle = pickle("c" + String(repeating: "a", count: 300) + "\nb\n")
    }
  }

  @Test("Opcodes that torch.save does not write for plain values are refused")
  func opcodes() throws {
    // INST, OBJ, BUILD, POP, DUP, GET, INT, LONG, FLOAT, STRING, PERSID; NEWOBJ, EXT1, LONG1, FRAME.
    for code in [
      "i", "o", "b", "0", "2", "g", "I", "L", "F", "S", "P", "\u{1}",
    ] {
      let hex = String(code.utf8.first ?? 0, radix: 16)
      try expect("found the opcode 0x\(hex), which torch.save does not write") {
        $0.pickle = pickle(code)
      }
    }
    for code in [UInt8(0x81), 0x82, 0x8a, 0x93, 0x95] {
      try expect("found the opcode 0x\(String(code, radix: 16))") { $0.pickle = [0x80, 2, code] }
    }
    try expect("expected a pickle of protocol 2") { $0.pickle = [0x80, 4, 0x2e] }
    try expect("expected a pickle of protocol 2") { $0.pickle = Array("cos\nsystem\n.".utf8) }
    try expect("the pickle is cut off") { $0.pickle = [0x80, 2] }
    try expect("the pickle is cut off") { $0.pickle = [] }
    try expect("found bytes after the end") { $0.pickle.append(0x2e) }
    try expect("ends without one value") { $0.pickle = pickle("") }
    try expect("ends without one value") { $0.pickle = pickle("NN") }
    try expect("ends without one value") { $0.pickle = pickle("(") }
    try expect("found no mark") { $0.pickle = pickle("t") }
    try expect("takes more than there is") { $0.pickle = [0x80, 2, 0x87] }
    try expect("recalls what was never remembered") { $0.pickle = pickle("h\u{5}") }
    try expect("remembers nothing") { $0.pickle = pickle("q\u{5}") }
    try expect("found a key that is no string") { $0.pickle = pickle("}K\u{1}K\u{1}s") }
    try expect("found a key without a value") { $0.pickle = pickle("}(K\u{1}u") }
    try expect("found no dict to fill") { $0.pickle = pickle("]NNs") }
    try expect("found no list to append to") { $0.pickle = pickle("}Na") }
    try expect("expected an element") { $0.pickle = pickle("])a") }
    try expect("found text that is not UTF-8") {
      $0.pickle = [0x80, 2, 0x58, 2, 0, 0, 0, 0xc3, 0x28, 0x2e]
    }
    try expect("the pickle is cut off") { $0.pickle = pickle("X\u{7f}\u{7f}\u{7f}\u{7f}a") }
  }

  @Test("Values that hold themselves or each other without end are refused")
  func nested() throws {
    try expect("uses the same list or dict twice") { $0.pickle = pickle("]q\u{0}h\u{0}a") }
    try expect("nested deeper than 16 levels") {
      $0.pickle = pickle(String(repeating: "]", count: 40) + String(repeating: "a", count: 39))
    }
    // Tuples nest without a stack.
    try expect("nested deeper than 16 levels") {
      $0.pickle = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 100_000) + [0x2e]
    }
    try expect("holds too much") {
      $0.pickle = pickle(String(repeating: "N", count: (1 << 20) + 2))
    }
  }

  @Test("Storages and shapes that lie are refused")
  func lengths() throws {
    let size: [UInt8] = [0x4b, 9, 0x74]  // 9 numbers, end of the storage's tuple
    let shape: [UInt8] = [0x4b, 0, 0x4b, 3, 0x4b, 3, 0x86]  // From 0 on, 3 by 3.
    try expect("archive/data/0: found 36 bytes, expected 10 numbers of 4") {
      try $0.replace(size, with: [0x4b, 10, 0x74])
    }
    try expect("found a tensor of shape [3, 3], the storage has only 8") {
      try $0.replace(size, with: [0x4b, 8, 0x74])
    }
    try expect("found a storage \"0\" of -1 numbers") {
      try $0.replace(size, with: [0x4a, 255, 255, 255, 255, 0x74])
    }
    try expect("found a tensor of 9 numbers from 1 on, the storage has 9") {
      try $0.replace(shape, with: [0x4b, 1, 0x4b, 3, 0x4b, 3, 0x86])
    }
    try expect("from -1 on") {
      try $0.replace(shape, with: [0x4a, 255, 255, 255, 255, 0x4b, 3, 0x4b, 3, 0x86])
    }
    try expect("found a tensor of shape [2147483647, 2147483647]") {
      let most: [UInt8] = [0x4a, 255, 255, 255, 127]
      try $0.replace(shape, with: [0x4b, 0] + most + most + [0x86])
    }
    try expect("found a tensor of shape [3, 0]") {
      try $0.replace(shape, with: [0x4b, 0, 0x4b, 3, 0x4b, 0, 0x86])
    }
    try expect("found a tensor of strides [3, 1], expected [1, 1]") {
      try $0.replace(shape, with: [0x4b, 0, 0x4b, 3, 0x4b, 1, 0x86])
    }
    try expect("found shape [9], expected [rows, hidden size]") {
      try $0.replace(shape, with: [0x4b, 0, 0x4b, 9, 0x85])
      // The strides of the one dimension.
      try $0.replace([0x4b, 3, 0x4b, 1, 0x86], with: [0x4b, 1, 0x85])
    }
    try expect("archive/data/0: the storage is missing") { $0.storageName = "archive/data/1" }
    try expect("archive/byteorder: found another byte order") { $0.byteOrder = "big" }
    try expect("found 0 members data.pkl, expected one") { $0.pickleName = "archive/x.pkl" }
    try expect("found 2 members data.pkl, expected one") { $0.more = [("b/data.pkl", [])] }
  }

  @Test("Numbers that are none are no direction, and rows of zeros are left out")
  func numbers() throws {
    var parts = try Parts()
    parts.storage = Self.floats([0, 0, 0, 1, 2, 3, 4, 5, 6])
    let read = try TorchDirections(bytes: parts.archive()).read(rows: .blocks)
    #expect(read.directions.map(\.site.layer) == [1, 2])
    #expect(read.leftOut == ["row 0 (blocks.0.hook_resid_post), which is all zeros"])
    try expect("found 3 rows of which none is a direction") {
      $0.storage = Self.floats([Float](repeating: 0, count: 9))
    }
    parts.storage = Self.floats([1, 2, 3, 4, .nan, 6, 7, 8, 9])
    let facts = DirectionFacts(operation: .add, tokens: .all, doseUnit: "1", definition: "d")
    let bad = try TorchDirections(bytes: parts.archive()).read(rows: .blocks)
    let error = #expect(throws: InputError.self) {
      try DirectionFile(bad.directions, facts: facts, file: "x.pt")
    }
    #expect(
      error?.description == "x.pt: blocks.1.hook_resid_post: found nan, expected finite numbers")
  }

  @Test("A cut or changed archive is read or refused, and nothing else")
  func fuzzed() throws {
    let whole = try Parts().archive()
    for count in stride(from: 0, to: whole.count, by: 7) {
      #expect(refusal(Array(whole[..<count])) != "read")
    }
    // Archives have checksums: the pickle is changed inside of one.
    let pickle = try Parts().pickle
    var fuzzer = ByteFuzzer(bytes: [pickle], marks: "(}])tsuaeRQqhKXN.", name: "pickle")
    var outcome = (read: 0, refused: 0)
    for _ in 0..<ByteFuzzer.count {
      var reader = PickleReader(fuzzer.next(), file: "x.pt")
      do throws(InputError) {
        if let tensor = try reader.read().tensor {
          #expect(tensor.offset + tensor.elementCount <= tensor.storage.count)
        }
        outcome.read += 1
      } catch {
        #expect(!error.description.contains("\n") && error.description.count < 600)
        outcome.refused += 1
      }
    }
    #expect(outcome.read > 0 && outcome.refused > 100, "\(outcome)")
  }

  @Test("What a persona file cannot say is not written")
  func persona() throws {
    func expect(
      _ words: String, _ sites: [Site], _ operation: DirectionFacts.Operation = .add,
      layerCount: Int? = nil
    ) throws {
      let path = TemporaryFolder.unmade().path
      let file = try DirectionFile(
        sites.map { Direction(site: $0, vector: [1, 2], cap: operation == .cap ? 1 : nil) },
        facts: DirectionFacts(
          operation: operation, tokens: .answer, doseUnit: "1", definition: "d",
          layerCount: layerCount))
      let error = #expect(throws: InputError.self) {
        try PersonaVectorFile.write(file, to: path)
      }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
      #expect(!FileManager.default.fileExists(atPath: path))
    }
    let posts = (0..<3).map { Site(layer: $0, place: .post) }
    try expect("operation: found remove, expected add", posts, .remove)
    try expect("operation: found cap, expected add", posts, .cap)
    try expect("blocks.1.hook_resid_post: the direction is missing", [posts[0], posts[2]])
    try expect(
      "blocks.3.hook_resid_post: the direction is missing", posts, layerCount: 4)
    try expect(
      "blocks.1.hook_resid_mid: found a place", posts + [Site(layer: 1, place: .mid)])
    try expect(
      "blocks.1.hook_resid_pre: found a place", posts + [Site(layer: 1, place: .pre)])
  }
}
