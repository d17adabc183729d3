import Core
import Foundation
import Testing

@testable import Formats

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
}
