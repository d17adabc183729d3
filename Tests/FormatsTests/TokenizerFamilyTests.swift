import Core
import Foundation
import TestSupport
import Testing

import Documents
import Formats

/// Tokenizers in the configurations of published models, made by
/// scripts/fixtures_tokenizer_families.py with the real library.
@Suite("Tokenizer families")
struct TokenizerFamilyTests {
  struct Expected: Decodable {
    struct Family: Decodable {
      let ids: [[Int]]
      /// `nil` where it is the text itself.
      let decoded: [String?]
      let withoutSpecials: [String?]
      let prefix: [Int]
      let suffix: [Int]
      let draws: [[Int]]
      let drawn: [String]
    }
    let texts: [String]
    let tokenizers: [String: Family]
  }

  static let expected = try! Fixture.decode(Expected.self, "tokenizer/families/expected.json")
  static let names = expected.tokenizers.keys.sorted()

  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(json: JSON(path: Fixture.path("tokenizer/families/\(name).json")))
  }

  @Test("Ids and texts are those of Hugging Face tokenizers", arguments: names)
  func hostileTexts(_ name: String) throws {
    let tokenizer = try Self.tokenizer(name)
    let family = try #require(Self.expected.tokenizers[name])
    for (index, text) in Self.expected.texts.enumerated() {
      let ids = family.ids[index]
      #expect(tokenizer.encode(text) == ids, "\(index): \(text.debugDescription)")
      let decoded = family.decoded[index] ?? text
      #expect(Array(tokenizer.decode(ids).utf8) == Array(decoded.utf8), "\(index)")
      let without = family.withoutSpecials[index] ?? text
      #expect(
        Array(tokenizer.decode(ids, skippingSpecials: true).utf8) == Array(without.utf8),
        "\(index)")
    }
    for (ids, text) in zip(family.draws, family.drawn) {
      #expect(Array(tokenizer.decode(ids).utf8) == Array(text.utf8), "\(ids)")
    }
    #expect(tokenizer.prefixIDs == family.prefix && tokenizer.suffixIDs == family.suffix)
  }

  @Test("Ranges lie in the text, in order, and hold what the token says", arguments: names)
  func ranges(_ name: String) throws {
    let tokenizer = try Self.tokenizer(name)
    for text in Self.expected.texts {
      let encoding = tokenizer.encoding(of: text)
      #expect(encoding.ids == tokenizer.encode(text))
      #expect(encoding.ids.count == encoding.ranges.count)
      let bytes = Array(text.utf8)
      var last = 0..<0
      for (id, range) in zip(encoding.ids, encoding.ranges) {
        #expect(range.lowerBound >= last.lowerBound && range.upperBound >= last.upperBound)
        #expect(range.upperBound <= bytes.count)
        last = range
        if name == "llama3", tokenizer.id(of: String(decoding: bytes[range], as: UTF8.self)) != id {
          let token = try #require(tokenizer.bytes(of: id))
          if !tokenizer.addedTokens.contains(where: { $0.id == id }) {
            #expect(Array(bytes[range]) == token, "\(text.debugDescription)")
          }
        }
      }
    }
  }

  @Test("What is written is read back to the same ids", arguments: names)
  func written(_ name: String) throws {
    let tokenizer = try Self.tokenizer(name)
    let again = try Tokenizer(json: JSON(text: tokenizer.json().text()))
    #expect(again.json() == tokenizer.json())
    for text in Self.expected.texts { #expect(again.encode(text) == tokenizer.encode(text)) }
  }

  @Test("Words of a million bytes take a moment, whatever they are made of", arguments: names)
  func longWords(_ name: String) throws {
    let tokenizer = try Self.tokenizer(name)
    for unit in ["a", " ", "1", "\n", "'", "e\u{301}", "東", "🙂", "\u{1112}\u{1161}\u{11ab}", "the"]
    {
      let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
      let start = ContinuousClock.now
      let encoding = tokenizer.encoding(of: text)
      #expect(ContinuousClock.now - start < .seconds(20), "\(unit.debugDescription)")
      #expect(encoding.ranges.last?.upperBound == text.utf8.count || encoding.ids.isEmpty)
    }
  }

  @Test("Ranges of composed, prefixed and stripped text, by hand")
  func rangesByHand() throws {
    // "e" and an accent are composed: whichever tokens write "é", each stands for all three bytes.
    let composed = try Self.tokenizer("qwen2").encoding(of: "Xe\u{301}Y")
    #expect(composed.ranges.first == 0..<1 && composed.ranges.last == 4..<5)
    #expect(Set(composed.ranges.dropFirst().dropLast()) == [1..<4])
    // "▁a" stands for the "a"; "LEFT" takes along the two spaces before it; what follows gets a "▁".
    let llama = try Self.tokenizer("llama2")
    let stripped = llama.encoding(of: "a  LEFTb")
    #expect(stripped.ids.contains(try #require(llama.id(of: "LEFT"))))
    #expect(stripped.ranges.first?.lowerBound == 0 && stripped.ranges.contains(1..<7))
    #expect(stripped.ranges.last == 7..<8)
    // "東" is a token of its own; "大" falls back on three bytes.
    let fallback = llama.encoding(of: "東大")
    #expect(fallback.ranges.suffix(4) == [0..<3, 3..<4, 4..<5, 5..<6])
  }

  @Test("A file's truncation and padding change nothing")
  func truncation() throws {
    var text = try Self.text("qwen2")
    for (name, value) in [
      ("truncation", #"{"direction":"Right","max_length":2,"strategy":"LongestFirst","stride":0}"#),
      ("padding", #"{"strategy":{"Fixed":9},"direction":"Right","pad_id":0,"pad_token":"!"}"#),
    ] {
      text = text.replacingOccurrences(of: "\"\(name)\":null", with: "\"\(name)\":\(value)")
    }
    let tokenizer = try Tokenizer(json: JSON(text: text))
    let original = try Self.tokenizer("qwen2")
    for text in Self.expected.texts {
      #expect(tokenizer.encode(text) == original.encode(text))
    }
  }

  @Test("What is not implemented is refused by name")
  func unsupported() throws {
    let changes = [
      ("qwen2", #"\p{N}|"#, #"\p{N}+|"#, "pre_tokenizer.pretokenizers[0].pattern.Regex"),
      ("qwen2", "\"Isolated\"", "\"Removed\"", "pre_tokenizer.pretokenizers[0].behavior"),
      (
        "qwen2", "\"use_regex\":false", "\"use_regex\":true",
        "pre_tokenizer.pretokenizers[1].use_regex"
      ),
      (
        "qwen2", "\"add_prefix_space\":false", "\"add_prefix_space\":true",
        "pre_tokenizer.pretokenizers[1].add_prefix_space"
      ),
      ("qwen2", "\"NFC\"", "\"NFD\"", "normalizer.type"),
      ("smollm", "\"Digits\"", "\"Punctuation\"", "pre_tokenizer.pretokenizers[0].type"),
      ("llama2", "\"Prepend\"", "\"Lowercase\"", "normalizer.normalizers[0].type"),
      (
        "llama2", "{\"String\":\" \"}", "{\"Regex\":\" \"}",
        "normalizer.normalizers[1].pattern.Regex"
      ),
      ("llama2", "\"ByteFallback\"", "\"CTC\"", "decoder.decoders[1].type"),
      ("llama2", "\"start\":1", "\"start\":-1", "decoder.decoders[3].start"),
      ("llama2", "\"decoder\":{", "\"decoder\":null,\"other\":{", "decoder"),
      ("llama2", "\"TemplateProcessing\"", "\"BertProcessing\"", "post_processor.type"),
      ("llama2", "\"ids\":[1]", "\"ids\":[99999]", "post_processor"),
      ("llama2", "\"unk_token\":\"<unk>\"", "\"unk_token\":7", "model.unk_token"),
      ("mistral", "\"first\"", "\"second\"", "pre_tokenizer.prepend_scheme"),
      (
        "mistral", "\"replacement\":\"▁\"", "\"replacement\":\"▁▁\"",
        "pre_tokenizer.replacement"
      ),
      ("mistral", "\"Metaspace\"", "\"Whitespace\"", "pre_tokenizer.type"),
      (
        "metaspace-always", "\"unk_token\":\"<unk>\"", "\"unk_token\":\"<none>\"",
        "model.unk_token"
      ),
      ("qwen2", "{\"id\":340,", "{\"id\":3400,", "added_tokens[0].id"),
    ]
    for (name, old, new, field) in changes {
      let valid = try Self.text(name)
      let range = try #require(valid.range(of: old), "\(name): \(old)")
      let text = valid.replacingCharacters(in: range, with: new)
      let error = #expect(throws: InputError.self) { try Tokenizer(json: JSON(text: text)) }
      #expect(error?.field == field, "\(error?.description ?? "")")
      #expect(error.map { !$0.description.contains("\n") } ?? false)
    }
  }

  @Test("Changed bytes: an error or a tokenizer, never a crash", arguments: ["qwen2", "llama2"])
  func fuzz(_ name: String) throws {
    var fuzzer = Fuzzer(
      random: RandomStream(seed: 5, name),
      valid: try Fixture.bytes("tokenizer/families/\(name).json"))
    let outcome = try fuzzer.run(seconds: 1.5) { bytes in
      let tokenizer = try Tokenizer(json: JSON(bytes: bytes))
      for text in ["A quiet river's <|end|> LEFT 12 e\u{301}東🙂", "NORM  BOTH\n\n\n word ▁"] {
        let encoding = tokenizer.encoding(of: text)
        #expect(encoding.ids.count == encoding.ranges.count)
        _ = tokenizer.decode(encoding.ids, skippingSpecials: true)
      }
    }
    #expect(outcome.refused > 50 && outcome.accepted > 10)
  }

  @Test("Calls at the same time give what they give alone")
  func concurrent() async throws {
    let tokenizer = try Self.tokenizer("mistral")
    let texts = Self.expected.texts
    let alone = texts.map { tokenizer.encode($0) }
    try await withThrowingTaskGroup(of: [[Int]].self) { group in
      for _ in 0..<8 { group.addTask { texts.map { tokenizer.encode($0) } } }
      for try await ids in group { #expect(ids == alone) }
    }
  }

  private static func text(_ name: String) throws -> String {
    String(decoding: try Fixture.bytes("tokenizer/families/\(name).json"), as: UTF8.self)
  }
}
