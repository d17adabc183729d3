/// Cuts a template into tokens as Jinja does with `trim_blocks` and `lstrip_blocks`: the first line
/// break after a block or comment goes, and so does white space before one on its line; `-` takes
/// all white space, `+` keeps it.
struct Lexer {
  let source: [Unicode.Scalar]
  var position = 0
  var tokens: [Token] = []
  /// Whether what came before the position ended a line, as far as `lstrip_blocks` sees.
  private var isLineStart = true

  /// - Parameter source: with line feeds as its only line breaks, see ``normalized(_:)``.
  init(_ source: [Unicode.Scalar]) { self.source = source }

  /// Line breaks become line feeds, and one at the very end goes.
  static func normalized(_ text: String) -> [Unicode.Scalar] {
    var source: [Unicode.Scalar] = []
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if scalar == "\r" {
        source.append("\n")
      } else if scalar != "\n" || previous != "\r" {
        source.append(scalar)
      }
      previous = scalar
    }
    if source.last == "\n" { source.removeLast() }
    return source
  }

  mutating func run() throws(TemplateFailure) -> [Token] {
    while position < source.count {
      guard let tag = nextTag() else {
        append(data: position..<source.count)
        position = source.count
        break
      }
      switch tag.kind {
      case "%":
        if let end = endOfRawBegin(at: tag.start) {
          endData(at: tag.start, sign: tag.sign, stripsLine: true)
          try raw(from: end, opening: tag.start)
        } else {
          endData(at: tag.start, sign: tag.sign, stripsLine: true)
          try self.tag(tag, begin: .blockBegin, end: .blockEnd)
        }
      case "#":
        endData(at: tag.start, sign: tag.sign, stripsLine: true)
        try comment(tag)
      default:
        endData(at: tag.start, sign: tag.sign, stripsLine: false)
        try self.tag(tag, begin: .variableBegin, end: .variableEnd)
      }
    }
    tokens.append(Token(kind: .end, position: source.count))
    return tokens
  }

  // MARK: - Text

  private struct Tag {
    let start: Int
    /// The second scalar of the opening: `%`, `{` or `#`.
    let kind: Unicode.Scalar
    /// `-` or `+` behind the opening.
    let sign: Unicode.Scalar?

    /// The first scalar behind the opening.
    var bodyStart: Int { start + (sign == nil ? 2 : 3) }
  }

  private func nextTag() -> Tag? {
    var index = position
    while index + 1 < source.count {
      if source[index] == "{" {
        let kind = source[index + 1]
        if kind == "%" || kind == "{" || kind == "#" {
          let sign = index + 2 < source.count ? source[index + 2] : " "
          return Tag(start: index, kind: kind, sign: sign == "-" || sign == "+" ? sign : nil)
        }
      }
      index += 1
    }
    return nil
  }

  /// Keeps the text before a tag, without the white space that the tag takes.
  private mutating func endData(at tagStart: Int, sign: Unicode.Scalar?, stripsLine: Bool) {
    var end = tagStart
    if sign == "-" {
      while end > position, source[end - 1].isPythonSpace { end -= 1 }
    } else if sign == nil, stripsLine {
      var start = tagStart
      while start > position, source[start - 1] != "\n", source[start - 1].isPythonSpace {
        start -= 1
      }
      let reachesLine = start > position ? source[start - 1] == "\n" : isLineStart
      if reachesLine { end = start }
    }
    append(data: position..<end)
  }

  private mutating func append(data range: Range<Int>) {
    guard !range.isEmpty else { return }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: source[range])
    tokens.append(Token(kind: .data(String(text)), position: range.lowerBound))
  }

  // MARK: - Ends of tags

  /// The end of a closing such as `%}` with its sign at `index`, and of the white space it takes.
  private func endOfClosing(_ first: Unicode.Scalar, at index: Int, trims: Bool = true) -> Int? {
    let sign = at(index)
    let isSigned = sign == "-" || sign == "+" && trims
    let start = isSigned ? index + 1 : index
    guard at(start) == first, at(start + 1) == "}" else { return nil }
    var end = start + 2
    if sign == "-" {
      while let scalar = at(end), scalar.isPythonSpace { end += 1 }
    } else if !isSigned, trims, at(end) == "\n" {
      end += 1
    }
    return end
  }

  private func at(_ index: Int) -> Unicode.Scalar? {
    source.indices.contains(index) ? source[index] : nil
  }

  private mutating func move(to end: Int) {
    position = end
    isLineStart = end > 0 && source[end - 1] == "\n"
  }

  private mutating func comment(_ tag: Tag) throws(TemplateFailure) {
    var index = tag.bodyStart
    while index < source.count {
      if let end = endOfClosing("#", at: index) { return move(to: end) }
      index += 1
    }
    throw TemplateFailure(message: "found a comment without an end", position: tag.start)
  }

  /// The end of `{% raw %}`, which takes no line break, if that is what begins at `index`.
  private func endOfRawBegin(at index: Int) -> Int? {
    guard let word = end(ofWord: "raw", at: index) else { return nil }
    return endOfClosing("%", at: word, trims: false)
  }

  /// The end of `{%`, a sign, a word and white space.
  private func end(ofWord word: String, at index: Int) -> Int? {
    guard at(index) == "{", at(index + 1) == "%" else { return nil }
    var end = index + 2
    if at(end) == "-" || at(end) == "+" { end += 1 }
    while let scalar = at(end), scalar.isPythonSpace { end += 1 }
    for scalar in word.unicodeScalars {
      guard at(end) == scalar else { return nil }
      end += 1
    }
    while let scalar = at(end), scalar.isPythonSpace { end += 1 }
    return end
  }

  private mutating func raw(from start: Int, opening: Int) throws(TemplateFailure) {
    move(to: start)
    var index = start
    while index + 1 < source.count {
      if source[index] == "{", let word = end(ofWord: "endraw", at: index),
        let end = endOfClosing("%", at: word)
      {
        let sign = source[index + 2]
        endData(
          at: index, sign: sign == "-" || sign == "+" ? sign : nil, stripsLine: true)
        return move(to: end)
      }
      index += 1
    }
    throw TemplateFailure(message: "found a raw block without an end", position: opening)
  }

  // MARK: - Tags

  private mutating func tag(
    _ tag: Tag, begin: Token.Kind, end: Token.Kind
  ) throws(TemplateFailure) {
    tokens.append(Token(kind: begin, position: tag.start))
    position = tag.bodyStart
    var open: [(closing: Symbol, position: Int)] = []
    while position < source.count {
      if open.isEmpty, let closing = closing(of: end, at: position) {
        tokens.append(Token(kind: end, position: position))
        return move(to: closing)
      }
      if source[position].isPythonSpace {
        position += 1
      } else {
        try lexElement(&open)
      }
    }
  }

  private func closing(of end: Token.Kind, at index: Int) -> Int? {
    if end == .blockEnd { return endOfClosing("%", at: index) }
    return endOfClosing("}", at: index, trims: false)
  }

  private mutating func lexElement(
    _ open: inout [(closing: Symbol, position: Int)]
  ) throws(TemplateFailure) {
    let start = position
    let kind = try element()
    if case .symbol(let symbol) = kind {
      if let closing = symbol.closing {
        open.append((closing, start))
      } else if [.closeBracket, .closeParenthesis, .closeBrace].contains(symbol) {
        guard let expected = open.popLast() else {
          throw TemplateFailure(
            message: "found \"\(symbol.rawValue)\" that nothing opens", position: start)
        }
        guard symbol == expected.closing else {
          throw TemplateFailure(
            message: "found \"\(symbol.rawValue)\", expected \"\(expected.closing.rawValue)\"",
            position: start)
        }
      }
    }
    tokens.append(Token(kind: kind, position: start))
  }
}
