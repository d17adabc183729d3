import Documents
import Foundation
import Testing

@Suite("Strings of JSON") struct JSONStringTests {
  @Test("every scalar below 256 and some beyond read back as they are, by Foundation too")
  func roundTrip() throws {
    let scalars =
      (0..<256).compactMap { Unicode.Scalar($0 as UInt32) } + ["\u{2028}", "🧫", "\u{FFFF}"]
    let text = String(String.UnicodeScalarView(scalars))
    let quoted = text.quotedJSON
    let foundation = try JSONSerialization.jsonObject(
      with: Data(quoted.utf8), options: .fragmentsAllowed)
    #expect(foundation as? String == text)
    #expect(try JSON(text: quoted) == .string(text))
    #expect(!quoted.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{7F}" })
  }

  @Test("escapes are short where they can be, and pairs of surrogates where ASCII is asked for")
  func escapes() {
    #expect("\u{8}\u{C}\n\r\t\"\\/\u{1}".quotedJSON == #""\b\f\n\r\t\"\\/\u0001""#)
    var ascii = ""
    ascii.appendJSON("é🧫") { $0.value > 0x7e }
    #expect(ascii == #""\u00e9\ud83e\uddeb""#)
  }
}
