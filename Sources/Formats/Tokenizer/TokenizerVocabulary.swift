import Core

/// The vocabulary of a `tokenizer.json` while it is read: token texts and ids, each once.
struct TokenizerVocabulary {
  // Texts are kept as UTF-8: two Strings are equal if they are canonically equivalent, but two
  // tokens are equal only if their bytes are.
  private var ids: [[UInt8]: Int] = [:]
  private var texts: [Int: String] = [:]

  init(_ model: Fields) throws(InputError) {
    guard case .object(let object)? = model["vocab"] else {
      throw model.wrong("vocab", expected: "an object of ids")
    }
    for member in object.members {
      guard case .integer(let id) = member.value else {
        throw model.failure(
          "vocab.\(oneLine(member.name))", "found \(member.value.summary), expected an id")
      }
      try insert(member.name, id: id, model, field: "vocab.\(oneLine(member.name))")
    }
  }

  private mutating func insert(
    _ text: String, id: Int, _ fields: Fields, field: String
  ) throws(InputError) {
    guard (0..<Tokenizer.maximumID).contains(id) else {
      throw fields.failure(field, "found id \(id), expected 0 to \(Tokenizer.maximumID - 1)")
    }
    if let other = ids[Array(text.utf8)], other != id {
      throw fields.failure(field, "found id \(id), but this token has id \(other) already")
    }
    if let other = texts[id], !other.utf8.elementsEqual(text.utf8) {
      throw fields.failure(field, "found id \(id), which \"\(oneLine(other))\" has already")
    }
    ids[Array(text.utf8)] = id
    texts[id] = text
  }

  mutating func add(_ content: String, id: Int, _ fields: Fields) throws(InputError) {
    try insert(content, id: id, fields, field: "id")
  }

  /// The tokens of single bytes, by byte; a byte-level vocabulary has all of them.
  func byteTokens(_ model: Fields) throws(InputError) -> [Int32] {
    var result: [Int32] = []
    for byte in UInt8.min...UInt8.max {
      let text = ByteAlphabet.text([byte])
      guard let id = ids[Array(text.utf8)] else {
        throw model.failure("vocab", "\"\(text)\", the token of byte \(byte), is missing")
      }
      result.append(Int32(id))
    }
    return result
  }

  /// Merges as `"a b"` or `["a", "b"]`.
  func merges(_ model: Fields) throws(InputError) -> [(left: Int, right: Int, token: Int)] {
    var result: [(left: Int, right: Int, token: Int)] = []
    for (index, element) in (try model.required("merges", model.array("merges"))).enumerated() {
      guard let pair = Self.pair(element) else {
        throw model.failure(
          "merges[\(index)]", "found \(element.summary), expected \"a b\" or [\"a\", \"b\"]")
      }
      guard let left = ids[pair.left], let right = ids[pair.right],
        let token = ids[pair.left + pair.right]
      else {
        throw model.failure(
          "merges[\(index)]", "found \(element.summary), expected tokens whose join is a token")
      }
      result.append((left, right, token))
    }
    return result
  }

  private static func pair(_ json: JSON) -> (left: [UInt8], right: [UInt8])? {
    switch json {
    case .string(let text):
      let parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
      return parts.count == 2 ? (Array(parts[0]), Array(parts[1])) : nil
    case .array(let parts):
      guard parts.count == 2, case .string(let left) = parts[0], case .string(let right) = parts[1]
      else { return nil }
      return (Array(left.utf8), Array(right.utf8))
    default: return nil
    }
  }

  /// Tokens by id. A text that is not in the byte alphabet stands for its own UTF-8.
  func tokens(verbatim: Set<Int>) -> [Tokenizer.Token?] {
    var result = [Tokenizer.Token?](repeating: nil, count: (texts.keys.max() ?? -1) + 1)
    for (id, text) in texts {
      let bytes = verbatim.contains(id) ? nil : ByteAlphabet.decode(text)
      result[id] = Tokenizer.Token(bytes: bytes ?? Array(text.utf8), isVerbatim: bytes == nil)
    }
    return result
  }
}
