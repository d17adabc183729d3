import Core
import Documents

/// The vocabulary of a `tokenizer.json` while it is read: token texts and ids, each once.
struct TokenizerVocabulary {
  private(set) var tokens = TokenTable()
  // Texts are compared as bytes: two Strings are equal if they are canonically equivalent, but two
  // tokens are equal only if their bytes are.
  private(set) var index: TokenIndex
  private let alphabet: BytePairModel.Alphabet
  private var scratch: [UInt8] = []
  /// How many tokens the model's vocabulary has.
  private var modelCount = 0
  /// The greatest id of an added token.
  private var lastAddedID = -1

  init(_ model: Fields, _ alphabet: BytePairModel.Alphabet) throws(InputError) {
    self.alphabet = alphabet
    guard case .object(let object)? = model["vocab"] else {
      throw model.wrong("vocab", expected: "an object of ids")
    }
    index = TokenIndex(capacity: object.members.count)
    tokens.reserve(object.members.count)
    for member in object.members {
      guard case .integer(let id) = member.value else {
        throw model.failure(
          "vocab.\(member.name.onOneLine)", "found \(member.value.summary), expected an id")
      }
      if let problem = insert(member.name, id: id, isOfModel: true) {
        throw model.failure("vocab.\(member.name.onOneLine)", problem)
      }
    }
    modelCount = tokens.existingCount
  }

  /// Adds a token that is matched as a whole.
  ///
  /// `tokenizers` does not obey the file but counts: a token that the model's vocabulary has keeps
  /// its id, others follow on the vocabulary and each other. Where the two differ, files and models
  /// were not made for each other.
  mutating func add(_ content: String, id: Int, _ fields: Fields) throws(InputError) {
    if let problem = insert(content, id: id, isOfModel: false) {
      throw fields.failure("id", problem)
    }
    if !tokens.isOfModel(id), id != lastAddedID, id != nextID {
      throw fields.failure(
        "id", "found id \(id), expected \(nextID): tokenizers leaves no gaps and counts so")
    }
    lastAddedID = max(lastAddedID, id)
  }

  private var nextID: Int { max(modelCount, lastAddedID + 1) }

  /// Says what is wrong, if anything.
  private mutating func insert(_ text: String, id: Int, isOfModel: Bool) -> String? {
    guard (0..<Tokenizer.maximumID).contains(id) else {
      return "found id \(id), expected 0 to \(Tokenizer.maximumID - 1)"
    }
    scratch.removeAll(keepingCapacity: true)
    let isVerbatim = append(text, to: &scratch)
    let other = scratch.withUnsafeBufferPointer {
      index.id(of: $0, isVerbatim: isVerbatim, in: tokens)
    }
    if let other {
      return other == id ? nil : "found id \(id), but this token has id \(other) already"
    }
    if let other = tokens.text(id) {
      return "found id \(id), which \(other.quotedOnOneLine) has already"
    }
    scratch.withUnsafeBufferPointer {
      tokens.insert($0, id: id, isVerbatim: isVerbatim, isOfModel: isOfModel)
      index.insert(id, $0, isVerbatim: isVerbatim)
    }
    return nil
  }

  /// Appends the bytes that stand for `text`: those of the byte alphabet where it is one and has all
  /// characters, otherwise the UTF-8. True for the latter.
  private func append(_ text: String, to bytes: inout [UInt8]) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in
      if alphabet == .bytes, ByteAlphabet.decode(utf8, to: &bytes) { return false }
      bytes.append(contentsOf: utf8)
      return true
    }
  }

  private func id(of text: String) -> Int? {
    var bytes: [UInt8] = []
    let isVerbatim = append(text, to: &bytes)
    return bytes.withUnsafeBufferPointer { index.id(of: $0, isVerbatim: isVerbatim, in: tokens) }
  }

  func unknownToken(_ text: String) -> Int32? { id(of: text).map { Int32($0) } }

  /// The tokens of single bytes, by byte, and -1 where there is none.
  ///
  /// A byte-level vocabulary has those of printable ASCII at least: whole words would go missing.
  /// What was trained on text may lack bytes that UTF-8 never has, and control characters.
  func byteTokens(_ model: Fields) throws(InputError) -> [Int32] {
    var result: [Int32] = []
    for byte in UInt8.min...UInt8.max {
      let hexadecimal = String(byte, radix: 16, uppercase: true)
      let text =
        alphabet == .bytes
        ? ByteAlphabet.text([byte]) : "<0x\(byte < 16 ? "0" : "")\(hexadecimal)>"
      let id = id(of: text)
      let isNeeded = (0x20...0x7e).contains(byte) || byte == 0x0a
      guard id != nil || alphabet == .characters || !isNeeded else {
        throw model.failure("vocab", "\"\(text)\", the token of byte \(byte), is missing")
      }
      result.append(id.map { Int32($0) } ?? -1)
    }
    return result
  }

  struct Merges {
    var pairs: [(left: Int32, right: Int32)] = []
    /// The token that each pair gives.
    var merged: [Int32] = []
  }

  /// Merges as `"a b"` or `["a", "b"]`.
  func merges(_ model: Fields) throws(InputError) -> Merges {
    let elements = try model.required("merges", model.array("merges"))
    var result = Merges()
    result.pairs.reserveCapacity(elements.count)
    result.merged.reserveCapacity(elements.count)
    var bytes: [UInt8] = []
    for (position, element) in elements.enumerated() {
      guard let merge = merge(element, &bytes) else {
        throw model.failure(
          "merges[\(position)]", "found \(element.summary), expected \"a b\" or [\"a\", \"b\"]")
      }
      guard let left = merge.left, let right = merge.right, let token = merge.token else {
        throw model.failure(
          "merges[\(position)]",
          "found \(element.summary), expected tokens whose join is a token")
      }
      result.pairs.append((Int32(left), Int32(right)))
      result.merged.append(Int32(token))
    }
    return result
  }

  /// The two tokens and their join, as far as they are there; `nil` if `json` is no pair.
  private func merge(
    _ json: JSON, _ bytes: inout [UInt8]
  ) -> (left: Int?, right: Int?, token: Int?)? {
    switch json {
    case .array(let parts):
      guard parts.count == 2, case .string(var left) = parts[0], case .string(var right) = parts[1]
      else { return nil }
      return left.withUTF8 { left in right.withUTF8 { merge(left, $0, &bytes) } }
    case .string(var text):
      return text.withUTF8 { utf8 in
        guard let space = utf8.firstIndex(of: 0x20), !utf8[(space + 1)...].contains(0x20) else {
          return nil
        }
        return merge(
          UnsafeBufferPointer(rebasing: utf8[..<space]),
          UnsafeBufferPointer(rebasing: utf8[(space + 1)...]), &bytes)
      }
    default: return nil
    }
  }

  private func merge(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>,
    _ bytes: inout [UInt8]
  ) -> (left: Int?, right: Int?, token: Int?) {
    bytes.removeAll(keepingCapacity: true)
    let isLeftDecoded = alphabet == .bytes && ByteAlphabet.decode(left, to: &bytes)
    if !isLeftDecoded { bytes.append(contentsOf: left) }
    let middle = bytes.count
    let isRightDecoded = alphabet == .bytes && ByteAlphabet.decode(right, to: &bytes)
    if !isRightDecoded { bytes.append(contentsOf: right) }
    let ids = bytes.withUnsafeBufferPointer { bytes in
      (
        left: id(bytes, 0..<middle, isVerbatim: !isLeftDecoded),
        right: id(bytes, middle..<bytes.count, isVerbatim: !isRightDecoded)
      )
    }
    // A join is in the alphabet only if both parts are.
    if isLeftDecoded != isRightDecoded {
      bytes.removeAll(keepingCapacity: true)
      bytes.append(contentsOf: left)
      bytes.append(contentsOf: right)
    }
    let isVerbatim = !(isLeftDecoded && isRightDecoded)
    let token = bytes.withUnsafeBufferPointer { id($0, 0..<$0.count, isVerbatim: isVerbatim) }
    return (ids.left, ids.right, token)
  }

  private func id(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, isVerbatim: Bool
  ) -> Int? {
    index.id(
      of: UnsafeBufferPointer(rebasing: bytes[range]), isVerbatim: isVerbatim, in: tokens)
  }
}
