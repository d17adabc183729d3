import Core

extension JudgePrompt {
  /// How a prompt's braces are read.
  package enum Format: String, Sendable, Hashable, Codable {
    /// As Python's `str.format` reads them, which the papers' code fills prompts with: `{{` and `}}`
    /// stand for braces.
    case python
  }

  /// Checks that Python would fill the prompt with a question and an answer and nothing else.
  ///
  /// - Throws: `InputError` that names the field that is not one of the two.
  package func checkFields() throws(InputError) { _ = try Piece.pieces(of: text) }

  /// The prompt about one answer. Both are put in at once: braces in a question or an answer stay as
  /// they are.
  package func filled(question: String, answer: String) -> String {
    // Prompts of earlier stores, and others that Python refuses, are sent as they always were.
    guard format == .python, let pieces = try? Piece.pieces(of: text) else {
      return filledAsItStands(question: question, answer: answer)
    }
    return pieces.map { piece in
      switch piece {
      case .literal(let text): text
      case .question: question
      case .answer: answer
      }
    }.joined()
  }

  private func filledAsItStands(question: String, answer: String) -> String {
    var result = ""
    var rest = text[...]
    while let brace = rest.firstIndex(of: "{") {
      result += rest[..<brace]
      rest = rest[brace...]
      if rest.hasPrefix("{question}") {
        result += question
        rest = rest.dropFirst("{question}".count)
      } else if rest.hasPrefix("{answer}") {
        result += answer
        rest = rest.dropFirst("{answer}".count)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result + rest
  }
}

/// A part of a prompt.
private enum Piece {
  case literal(String)
  case question, answer

  /// - Throws: `InputError` for what Python's `str.format` refuses, and for other fields.
  static func pieces(of text: String) throws(InputError) -> [Piece] {
    var pieces: [Piece] = []
    var literal = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    func say(_ found: String) -> InputError {
      InputError(
        "found \(found), expected {question} or {answer}; a brace of the text is written twice, "
          + "{{ or }}")
    }
    while let scalar = rest.popFirst() {
      guard scalar == "{" || scalar == "}" else {
        literal.append(scalar)
        continue
      }
      if rest.first == scalar {
        literal.append(rest.removeFirst())
        continue
      }
      guard scalar == "{" else { throw say("a single }") }
      guard let end = rest.firstIndex(of: "}") else { throw say("a { that is not closed") }
      let name = String(rest[..<end])
      if !literal.isEmpty { pieces.append(.literal(String(literal))) }
      literal.removeAll()
      switch name {
      case "question": pieces.append(.question)
      case "answer": pieces.append(.answer)
      default: throw say("{\(name.onOneLine(limit: 30))}")
      }
      rest = rest[rest.index(after: end)...]
    }
    if !literal.isEmpty { pieces.append(.literal(String(literal))) }
    return pieces
  }
}
