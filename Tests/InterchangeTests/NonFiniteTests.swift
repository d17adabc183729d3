import Core
import Documents
import Testing

/// `json.dumps` and `json.loads` of Python know these three words.
@Suite("Numbers that JSON does not have")
struct NonFiniteTests {
  @Test("Are read and written as Python does, where that is asked for")
  func literals() throws {
    let text = #"{"a":[NaN,Infinity,-Infinity,-1.5,0]}"#
    let json = try JSON(bytes: Array(text.utf8), nonFinite: .literals)
    #expect(json.text(pretty: false, nonFinite: .literals) == text)
    #expect(json.text(pretty: false) == #"{"a":[null,null,null,-1.5,0]}"#)
  }

  @Test("Are refused otherwise, and so are their beginnings")
  func refused() {
    for text in ["NaN", "[Infinity]", "-Infinity"] {
      #expect(throws: InputError.self) { try JSON(text: text) }
    }
    for text in ["Na", "Inf", "-In", "nan", "-NaN", "+Infinity", "NaNs"] {
      #expect(throws: InputError.self) {
        try JSON(bytes: Array(text.utf8), nonFinite: .literals)
      }
    }
  }
}
