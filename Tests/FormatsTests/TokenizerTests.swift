import Core
import Foundation
import TestSupport
import Testing

import Documents
import Formats

@Suite("Tokenizer")
struct TokenizerTests {
  struct Expected: Decodable {
    struct Row: Decodable {
      let text: String
      let ids: [Int]
      let decoded: String
      let withoutSpecials: String
    }
    struct Decode: Decodable {
      let ids: [Int]
      let decoded: String
    }
    let texts: [Row]
    let decodes: [Decode]
    let classes: [[ClassPart]]
  }

  /// `["letter", 65, 90]`
  enum ClassPart: Decodable {
    case name(String)
    case code(UInt32)
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let code = try? container.decode(UInt32.self) {
        self = .code(code)
      } else {
        self = .name(try container.decode(String.self))
      }
    }
  }

  static let expected = try! Fixture.decode(Expected.self, "tokenizer/expected.json")

  static func tokenizer(_ name: String = "tokenizer.json") throws -> Tokenizer {
    try Tokenizer(json: JSON(path: Fixture.path("tokenizer/\(name)")))
  }

  @Test(
    "Ids and decoded texts are those of Hugging Face tokenizers",
    arguments: ["tokenizer.json", "tokenizer-merges-as-strings.json"])
  func encodes(_ name: String) throws {
    let tokenizer = try Self.tokenizer(name)
    for row in Self.expected.texts {
      #expect(tokenizer.encode(row.text) == row.ids, "\(row.text.debugDescription)")
      // Compared as bytes: equal Strings may differ in their scalars.
      #expect(Array(tokenizer.decode(row.ids).utf8) == Array(row.decoded.utf8))
      #expect(tokenizer.decode(row.ids, skippingSpecials: true) == row.withoutSpecials)
    }
  }

  @Test("Arbitrary ids decode as in Hugging Face tokenizers, halves of characters too")
  func decodes() throws {
    let tokenizer = try Self.tokenizer()
    for row in Self.expected.decodes {
      #expect(Array(tokenizer.decode(row.ids).utf8) == Array(row.decoded.utf8), "\(row.ids)")
    }
    #expect(tokenizer.decode([-1, 1_000_000]) == "\u{fffd}\u{fffd}")
  }

  @Test("Every scalar's class is the one the reference pattern gives it")
  func classes() throws {
    var known: [UInt32: String] = [:]
    for range in Self.expected.classes {
      guard range.count == 3, case .name(let name) = range[0], case .code(let first) = range[1],
        case .code(let last) = range[2]
      else {
        Issue.record("unexpected range")
        return
      }
      for code in first...last { known[code] = name }
    }
    var differing: [UInt32] = []
    for code in UInt32(0)..<0x110000 {
      guard let scalar = Unicode.Scalar(code), let age = scalar.properties.age else { continue }
      // The reference's Python knew Unicode 14 and left out what came later.
      guard age.major <= 14 else { continue }
      let name =
        switch ScalarTable.shared.scalarClass(scalar) {
        case .letter: "letter"
        case .number: "number"
        case .space: "space"
        case .other: nil as String?
        }
      if known[code] != name { differing.append(code) }
    }
    #expect(differing.isEmpty, "\(differing.prefix(20))")
  }

  @Test("Any text survives encoding and decoding")
  func roundTrip() throws {
    let tokenizer = try Self.tokenizer()
    var random = RandomStream(seed: 1, "round trip")
    for _ in 0..<300 {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<random.below(80) {
        let bound = [0x80, 0x800, 0x10000, 0x110000][random.below(4)]
        if let scalar = Unicode.Scalar(UInt32(random.below(bound))) { scalars.append(scalar) }
      }
      let text = String(scalars)
      #expect(Array(tokenizer.decode(tokenizer.encode(text)).utf8) == Array(text.utf8))
    }
  }

  @Test("Without matching, the text of an added token is plain text")
  func unmatched() throws {
    let tokenizer = try Self.tokenizer()
    let end = try #require(tokenizer.id(of: "<|end|>"))
    #expect(tokenizer.encode("<|end|>") == [end])
    let ids = tokenizer.encode("<|end|>", matchingAddedTokens: false)
    #expect(!ids.contains(end) && tokenizer.decode(ids) == "<|end|>")
    #expect(tokenizer.decode([end], skippingSpecials: true) == "")
  }

  @Test("A word of a million letters takes about a second")
  func longWord() throws {
    let tokenizer = try Self.tokenizer()
    let text = String(repeating: "thequickriverbendsaround", count: 42_000)
    let start = ContinuousClock.now
    let ids = tokenizer.encode(text)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(tokenizer.decode(ids) == text)
  }

  @Test("A written tokenizer is read back to the same ids")
  func written() throws {
    let tokenizer = try Self.tokenizer()
    let again = try Tokenizer(json: JSON(text: tokenizer.json().text()))
    #expect(again.addedTokens == tokenizer.addedTokens)
    #expect(again.vocabularySize == tokenizer.vocabularySize)
    for row in Self.expected.texts { #expect(again.encode(row.text) == row.ids) }
  }

  @Test("What changes ids and is not implemented is refused by name")
  func unsupported() throws {
    let valid = String(decoding: try Fixture.bytes("tokenizer/tokenizer.json"), as: UTF8.self)
    let changes = [
      ("\"normalizer\":null", "\"normalizer\":{\"type\":\"NFKC\"}", "normalizer.type"),
      (
        "\"pre_tokenizer\":{\"type\":\"ByteLevel\"", "\"pre_tokenizer\":{\"type\":\"Whitespace\"",
        "pre_tokenizer.type"
      ),
      ("\"type\":\"BPE\"", "\"type\":\"Unigram\"", "model.type"),
      ("\"dropout\":null", "\"dropout\":0.1", "model.dropout"),
      ("{\"id\":0,", "{\"id\":9,", "added_tokens[0].id"),
      ("\"!\":5", "\"!\":6", "model.vocab.\""),
      ("\"!\":5", "\"!\":-5", "model.vocab.!"),
      ("\"!\":5,", "", "model.vocab"),
      ("\"merges\":[[\"Ġ\",\"Ġ\"]", "\"merges\":[\"ab\"", "model.merges[0]"),
      ("\"merges\":[[\"Ġ\",\"Ġ\"]", "\"merges\":[\"q w\"", "model.merges[0]"),
    ]
    for (old, new, field) in changes {
      let range = try #require(valid.range(of: old))
      let text = valid.replacingCharacters(in: range, with: new)
      let error = #expect(throws: InputError.self) { try Tokenizer(json: JSON(text: text)) }
      #expect(error?.field == field, "\(error?.description ?? "")")
    }
  }

  @Test("Two seconds of changed bytes: an error or a tokenizer, never a crash")
  func fuzz() throws {
    var fuzzer = Fuzzer(
      random: RandomStream(seed: 3, "tokenizer"),
      valid: try Fixture.bytes("tokenizer/tokenizer.json"))
    let outcome = try fuzzer.run(seconds: 2) { bytes in
      let tokenizer = try Tokenizer(json: JSON(bytes: bytes))
      _ = tokenizer.decode(tokenizer.encode("A quiet river's <|end|> 12 é"))
    }
    #expect(outcome.refused > 100 && outcome.accepted > 10)
  }
}
