import Core
import Foundation
import Testing

import Documents

@Suite("JSON")
struct JSONTests {
  @Test("Every kind of value is read, members in order")
  func values() throws {
    let json = try JSON(text: #" {"b":[1,-2.5e1,true,false,null],"a":"x\n\u00e9\ud83d\ude42/\/"} "#)
    #expect(
      json
        == .object([
          "b": [.integer(1), .number(-25), true, false, nil], "a": "x\né🙂//",
        ]))
    guard case .object(let object) = json else { return }
    #expect(object.members.map(\.name) == ["b", "a"])
  }

  @Test("Of members with the same name the last one counts")
  func duplicates() throws {
    guard case .object(let object) = try JSON(text: #"{"a":1,"a":2}"#) else {
      Issue.record("not an object")
      return
    }
    #expect(object["a"] == 2)
  }

  @Test(
    "What RFC 8259 does not allow is refused",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", ".5", "-", "+1", "1e", "nul", "NaN",
      "Infinity", "\"\n\"", "\"\\x\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
      "\"\\udc00\"", "\"open", "1 2", "[1 2]", "{\"a\" 1}", "'a'", "1e999", "\u{feff}1", "\u{a0}1",
    ])
  func refused(_ text: String) {
    #expect(throws: InputError.self) { try JSON(text: text) }
  }

  @Test("Invalid UTF-8 is refused: overlong, surrogate, too large, cut off")
  func invalidUTF8() {
    for bytes: [UInt8] in [
      [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82],
    ] {
      #expect(throws: InputError.self) { try JSON(bytes: [0x22] + bytes + [0x22]) }
    }
  }

  @Test(
    "A hundred thousand brackets are refused, not followed",
    arguments: ["[", "{\"a\":", "[{\"a\":"])
  func deep(_ bracket: String) {
    #expect(throws: InputError.self) {
      try JSON(text: String(repeating: bracket, count: 100_000))
    }
  }

  @Test("Nesting up to the bound is read")
  func depth() throws {
    let depth = JSON.maximumDepth
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(throws: Never.self) { try JSON(text: text) }
    #expect(throws: InputError.self) { try JSON(text: "[\(text)]") }
  }

  @Test("An error names file and line")
  func errorPlace() {
    let error = #expect(throws: InputError.self) {
      try JSON(text: "{\n\"a\": 1,\n\"b\": x\n}", file: "c.json")
    }
    #expect(
      error?.description == "c.json:3: found x, which JSON does not know, expected a value")
  }

  @Test("Foundation reads what is written, and so do we")
  func roundTrip() throws {
    let json: JSON = [
      "text": "quote \" backslash \\ line\n\u{1}\u{7f} é 🙂", "numbers": [0, -7, 1e-6, 0.1, 1e300],
      "empty": [[], [:]], "flags": [true, false, nil],
    ]
    for pretty in [true, false] {
      let text = json.text(pretty: pretty)
      #expect(try JSON(text: text) == json)
      let read = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      #expect(read?["text"] as? String == "quote \" backslash \\ line\n\u{1}\u{7f} é 🙂")
      #expect(read?["numbers"] as? [Double] == [0, -7, 1e-6, 0.1, 1e300])
    }
  }

  @Test(
    "constants of other languages are named, with what JSON has for them",
    arguments: [
      ("NaN", "found NaN, which JSON does not know, expected a finite number or null"),
      ("[Infinity]", "found Infinity, which JSON does not know, expected a finite number or null"),
      ("{\"a\": None}", "found None, which JSON does not know, expected null"),
      ("True", "found True, which JSON does not know, expected true"),
      ("yes", "found yes, which JSON does not know, expected a value"),
    ])
  func otherConstants(_ text: String, _ said: String) {
    let error = #expect(throws: InputError.self) { try JSON(text: text) }
    #expect(error?.problem == said)
  }
}
