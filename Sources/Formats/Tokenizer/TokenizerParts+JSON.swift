import Core

extension PreTokenizer {
  /// Reads `pre_tokenizer`.
  ///
  /// - Throws: `InputError` for all but `ByteLevel`, alone or behind `Digits` or a `Split` by a known
  ///   pattern, `Metaspace`, and null.
  init(_ fields: Fields) throws(InputError) {
    let parts = try fields.parts("pre_tokenizer", members: "pretokenizers")
    guard let last = parts.last else {
      self = .none
      return
    }
    switch try last.type() {
    case "ByteLevel": self = .byteLevel(try ByteLevel(last, behind: parts.dropLast()))
    case "Metaspace" where parts.count == 1: self = .metaspace(try Metaspace(last))
    default:
      throw last.wrong(
        "type", expected: "\"ByteLevel\", last of a sequence, or \"Metaspace\", alone")
    }
  }
}

extension PreTokenizer.ByteLevel {
  fileprivate init(
    _ fields: Fields, behind others: ArraySlice<Fields>
  ) throws(InputError) {
    var split: WordPattern?
    for other in others {
      switch try other.type() {
      case "Split" where split == nil: split = try Self.pattern(other)
      case "Digits" where split == nil && digits == nil:
        digits = try other.boolean("individual_digits") ?? false ? .individual : .contiguous
      default: throw other.wrong("type", expected: "\"Digits\" or \"Split\" before \"ByteLevel\"")
      }
    }
    addsPrefixSpace = try fields.required("add_prefix_space", fields.boolean("add_prefix_space"))
    guard others.isEmpty || !addsPrefixSpace else {
      throw fields.wrong("add_prefix_space", expected: "false behind other parts")
    }
    let usesPattern = try fields.boolean("use_regex") ?? true
    guard split == nil || !usesPattern else {
      throw fields.wrong("use_regex", expected: "false behind \"Split\"")
    }
    pattern = split ?? (usesPattern ? .gpt2 : .whole)
  }

  private static func pattern(_ fields: Fields) throws(InputError) -> WordPattern {
    let pattern = try fields.required("pattern", fields.fields("pattern"))
    let text = try pattern.required("Regex", pattern.string("Regex"))
    guard let known = WordPattern(regularExpression: text) else {
      throw pattern.failure(
        "Regex", "found \(text.quotedOnOneLine), expected the pattern of GPT-2, Qwen 2 or Llama 3")
    }
    // The patterns match all of the text, so what to do with the rest makes no difference.
    let behavior = try fields.required("behavior", fields.string("behavior"))
    let isInverted = try fields.boolean("invert") ?? false
    guard behavior == (isInverted ? "Removed" : "Isolated") else {
      throw fields.wrong("behavior", expected: "\"Isolated\", or \"Removed\" inverted")
    }
    return known
  }
}

extension PreTokenizer.Metaspace {
  init(_ fields: Fields) throws(InputError) {
    mark = try fields.text("replacement")
    guard String(decoding: mark, as: UTF8.self).unicodeScalars.count == 1 else {
      throw fields.wrong("replacement", expected: "one character")
    }
    if let scheme = try fields.string("prepend_scheme") {
      guard let known = Prepending(rawValue: scheme) else {
        throw fields.wrong("prepend_scheme", expected: "\"first\", \"always\" or \"never\"")
      }
      prepending = known
    }
    // The older form of the same.
    if try fields.boolean("add_prefix_space") == false {
      guard prepending == .never || !fields.has("prepend_scheme") else {
        throw fields.wrong("add_prefix_space", expected: "true with this prepend_scheme")
      }
      prepending = .never
    }
    splits = try fields.boolean("split") ?? true
  }
}

extension Normalizer {
  /// Reads `normalizer`.
  ///
  /// - Throws: `InputError` for all but `NFC`, `Prepend`, `Replace` of a string, sequences of them,
  ///   and null.
  init(_ fields: Fields) throws(InputError) {
    for part in try fields.parts("normalizer", members: "normalizers") {
      switch try part.type() {
      case "NFC": steps.append(.nfc)
      case "Prepend": steps.append(.prepend(try part.text("prepend")))
      case "Replace":
        let content = try part.required("content", part.string("content"))
        steps.append(.replace(try part.literalPattern(), with: Array(content.utf8)))
      default: throw part.wrong("type", expected: "\"NFC\", \"Prepend\" or \"Replace\"")
      }
    }
  }
}

extension TokenDecoder {
  /// Reads `decoder`.
  ///
  /// - Throws: `InputError` for a decoder that is unknown or does not fit the vocabulary.
  init(_ fields: Fields, _ alphabet: BytePairModel.Alphabet) throws(InputError) {
    let parts = try fields.parts("decoder", members: "decoders")
    guard alphabet == .characters else {
      for part in parts where try part.type() != "ByteLevel" || parts.count > 1 {
        throw part.wrong("type", expected: "\"ByteLevel\", alone, as the pre_tokenizer is")
      }
      return
    }
    guard !parts.isEmpty else { throw fields.failure("decoder", "is missing") }
    var steps: [Step] = []
    for part in parts { steps.append(try Self.step(part)) }
    self.steps = steps
  }

  private static func step(_ part: Fields) throws(InputError) -> Step {
    switch try part.type() {
    case "Replace":
      let content = try part.required("content", part.string("content"))
      return .replace(try part.literalPattern(), with: Array(content.utf8))
    case "ByteFallback": return .byteFallback
    case "Fuse": return .fuse
    case "Strip":
      let start = try part.integer("start") ?? 0
      let end = try part.integer("stop") ?? 0
      for (name, count) in [("start", start), ("stop", end)] where !(0...1000).contains(count) {
        throw part.wrong(name, expected: "0 to 1000")
      }
      return .strip(try part.text("content"), start: start, end: end)
    case "Metaspace":
      let rules = try PreTokenizer.Metaspace(part)
      return .metaspace(rules.mark, dropsFirst: rules.prepending != .never)
    default:
      throw part.wrong(
        "type", expected: "\"Replace\", \"ByteFallback\", \"Fuse\", \"Strip\" or \"Metaspace\"")
    }
  }
}

/// The tokens that a file puts around a single text.
struct PostProcessor {
  var prefixIDs: [Int] = []
  var suffixIDs: [Int] = []

  /// Reads `post_processor`.
  ///
  /// - Throws: `InputError` for all but `ByteLevel`, `TemplateProcessing`, sequences of them, and
  ///   null.
  init(_ fields: Fields) throws(InputError) {
    for part in try fields.parts("post_processor", members: "processors") {
      switch try part.type() {
      case "ByteLevel": continue
      case "TemplateProcessing": try wrap(part)
      default: throw part.wrong("type", expected: "\"ByteLevel\" or \"TemplateProcessing\"")
      }
    }
  }

  /// Puts the special tokens of a template around what is there.
  private mutating func wrap(_ template: Fields) throws(InputError) {
    let ids = try template.fields("special_tokens")
    var (before, after): ([Int], [Int]) = ([], [])
    var isBehindText = false
    let elements = try template.required("single", template.array("single"))
    for (index, element) in elements.enumerated() {
      let path = "single[\(index)]"
      let piece = try Fields(element, file: template.file, path: "\(template.path)\(path).")
      if let special = try piece.fields("SpecialToken") {
        let name = try special.required("id", special.string("id"))
        guard let token = try ids?.fields(name) else {
          throw special.failure("id", "\(name.quotedOnOneLine) is not among the special_tokens")
        }
        let found = try token.required("ids", token.integers("ids"))
        if isBehindText { after += found } else { before += found }
      } else {
        let sequence = try piece.required("Sequence", piece.fields("Sequence"))
        guard try sequence.string("id") == "A", !isBehindText else {
          throw sequence.wrong("id", expected: "\"A\", once")
        }
        isBehindText = true
      }
    }
    guard isBehindText else { throw template.wrong("single", expected: "a place for the text") }
    prefixIDs = before + prefixIDs
    suffixIDs += after
  }
}
