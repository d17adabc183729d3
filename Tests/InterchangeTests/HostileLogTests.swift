import CCompression
import Core
import Formats
import Foundation
import TestSupport
import Testing

@testable import Interchange

@Suite("Logs that mean harm")
struct HostileLogTests {
  private func refusal(_ bytes: [UInt8]) -> String {
    do throws(InputError) {
      _ = try AnswerLog(InspectLogReader(parsing: bytes, file: "x.eval"))
      return "read"
    } catch { return error.description }
  }

  /// An archive with these members, stored.
  private func archive(_ members: [(String, [UInt8])]) throws -> [UInt8] {
    try withTemporaryFolder { folder in
      let path = "\(folder)/x.zip"
      var writer = try ZIPWriter(path)
      for (name, bytes) in members { try writer.add(name, bytes) }
      try writer.finish()
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }
  }

  private let header = Array(
    #"""
    {"version":2,"eval":{"created":"2026-11-21T10:00:00+00:00","task":"t","dataset":{},"model":"m","config":{}}}
    """#.utf8)

  @Test("The least that a log must have is enough, and less is refused by name")
  func least() throws {
    #expect(refusal(try archive([("header.json", header)])) == "read")
    #expect(refusal(header) == "read")
    #expect(
      refusal(Array(#"{"eval":{"task":"t","model":"m"}}"#.utf8))
        == "x.eval: log: eval: created: found nothing, expected a date such as "
        + "2026-11-21T10:00:00+00:00")
    #expect(refusal(Array("{}".utf8)) == "x.eval: log: eval: found null, expected an object")
    #expect(refusal([]).hasPrefix("x.eval:1: the JSON text ends too early"))
    #expect(refusal(try archive([("a", [])])).contains("found neither header.json nor _journal"))
  }

  @Test("A later format version is refused")
  func version() throws {
    let later = Array(String(decoding: header, as: UTF8.self).replacing(":2,", with: ":3,").utf8)
    #expect(
      refusal(try archive([("header.json", later)]))
        == "x.eval: header.json: version: found format version 3, expected at most 2")
  }

  @Test("Of members with the same name the last counts")
  func duplicates() throws {
    let sample = { (text: String) in
      Array(#"{"id":1,"epoch":1,"input":"\#(text)","target":""}"#.utf8)
    }
    let bytes = try archive([
      ("header.json", [0x7b]), ("samples/1_epoch_1.json", sample("old")),
      ("samples/1_epoch_1.json", sample("new")), ("header.json", header),
    ])
    let log = try AnswerLog(InspectLogReader(parsing: bytes, file: "x"))
    #expect(log.samples.map { $0.prompt.map(\.content) } == [["new"]])
  }

  @Test("A member's name is never a path, and shows on one line")
  func names() throws {
    let name = "samples/../../\u{1b}[31m\nevil.json"
    let bytes = try archive([("header.json", header), (name, Array("{".utf8))])
    let text = refusal(bytes)
    #expect(!text.contains("\n") && !text.contains("\u{1b}") && text.contains("evil.json"))
  }

  @Test("Nesting, sizes, checksums and overlaps are checked")
  func damage() throws {
    let deep = Array(String(repeating: "[", count: 100_000).utf8)
    #expect(refusal(try archive([("header.json", deep)])).contains("header.json: line 1: nested"))

    var bytes = try archive([("header.json", header)])
    bytes[60] ^= 1
    #expect(refusal(bytes).contains("header.json: is damaged"))

    let whole = try archive([("header.json", header)])
    for size in stride(from: 0, to: whole.count, by: 7) {
      #expect(refusal(Array(whole[..<size])) != "read")
    }

    // Both members claim the bytes of the first.
    var twice = try archive([("header.json", header), ("samples/a.json", header)])
    let directory = twice.count - 22 - (46 + 14)
    twice.replaceSubrange(directory + 42..<directory + 46, with: [0, 0, 0, 0])
    #expect(refusal(twice).contains("overlaps"))
  }

  @Test("A packed member that is larger than it says is refused, and so is one beyond the limit")
  func bombs() throws {
    let zeros = [UInt8](repeating: 0x20, count: 1 << 20)
    let packed = Self.zstandard(zeros + header)
    for (size, expected) in [
      (zeros.count + header.count, "read"), (100, "header.json: is damaged"),
      (1 << 29, "header.json: found 536870912 bytes, expected at most 268435456"),
    ] {
      var bytes = try archive([("header.json", packed)])
      let directory = bytes.count - 22 - (46 + 11)
      bytes.replaceSubrange(directory + 10..<directory + 12, with: [93, 0])
      bytes.replace(
        directory + 16, with: ZIPFormat.checksum(zeros + header))
      bytes.replace(directory + 24, with: UInt32(size))
      #expect(refusal(bytes).contains(expected), "\(size)")
    }
  }

  @Test("References that unfold beyond all bounds are refused")
  func references() throws {
    let events = String(
      repeating: #"{"event":"model","role":"grader","model":"m","input_refs":[[0,1000]]},"#,
      count: 200)
    let pool = String(repeating: #"{"role":"user","content":"x"},"#, count: 1_000)
    let sample = """
      {"id":1,"epoch":1,"events":[\(events.dropLast())],"events_data":{"messages":[\(pool.dropLast())]}}
      """
    let bytes = try archive([
      ("header.json", header), ("samples/1_epoch_1.json", Array(sample.utf8)),
    ])
    #expect(refusal(bytes).contains("unfold beyond all bounds"))
  }

  @Test(
    "Two seconds of changed bytes end in an answer or in an InputError",
    arguments: ["letters.eval", "numbers.json", "ours.eval"])
  func fuzz(name: String) throws {
    let original: [UInt8] = try withTemporaryFolder { folder in
      guard name == "ours.eval" else { return try Fixture.bytes("inspect/\(name)") }
      let path = "\(folder)/\(name)"
      try Examples.log.writeInspectLog(to: path)
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }
    var stream = RandomStream(seed: 7, name)
    let end = Date(timeIntervalSinceNow: 0.7)
    var rounds = 0
    while Date() < end {
      var bytes = original
      for _ in 0..<(1 + Int(stream.next() % 8)) {
        // Half of the changes hit the directory and the header, at the end.
        let span = stream.next() % 2 == 0 ? bytes.count : min(bytes.count, 4_096)
        let place = bytes.count - 1 - Int(stream.next() % UInt64(span))
        bytes[place] = [0, 0xff, UInt8(truncatingIfNeeded: stream.next())][Int(stream.next() % 3)]
      }
      _ = refusal(bytes)
      rounds += 1
    }
    #expect(rounds > 0)
  }

  private static func zstandard(_ bytes: [UInt8]) -> [UInt8] {
    let bound = ZSTD_compressBound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      count = ZSTD_compress(buffer.baseAddress, bound, bytes, bytes.count, 3)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func replace(_ offset: Int, with value: UInt32) {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: value)
    replaceSubrange(offset..<offset + 4, with: bytes)
  }
}
