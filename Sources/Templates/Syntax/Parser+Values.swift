import Core

/// Values, and what follows them: attributes, items, calls, filters and tests.
extension Parser {
  mutating func primary() throws(TemplateFailure) -> Expression {
    let token = current
    advance()
    switch token.kind {
    case .name(let name): return Expression(constant(name) ?? .name(name), at: token.position)
    case .string(var text):
      while case .string(let more) = current.kind {
        text += more
        advance()
      }
      return Expression(.constant(.string(text)), at: token.position)
    case .integer(let value): return Expression(.constant(.integer(value)), at: token.position)
    case .number(let value): return Expression(.constant(.number(value)), at: token.position)
    case .symbol(.openParenthesis):
      let value = try nested { (parser) throws(TemplateFailure) in
        try parser.tupleOrExpression(isInParentheses: true)
      }
      try expect(.closeParenthesis)
      return value
    case .symbol(.openBracket): return try list(at: token.position)
    case .symbol(.openBrace): return try dictionary(at: token.position)
    default:
      index -= 1
      throw unexpected("a value")
    }
  }

  private func constant(_ name: String) -> Expression.Kind? {
    switch name {
    case "true", "True": .constant(.boolean(true))
    case "false", "False": .constant(.boolean(false))
    case "none", "None": .constant(.none)
    default: nil
    }
  }

  private mutating func list(at position: Int) throws(TemplateFailure) -> Expression {
    var elements: [Expression] = []
    while !isSymbol(.closeBracket) {
      if !elements.isEmpty {
        try expect(.comma)
        if isSymbol(.closeBracket) { break }
      }
      elements.append(try expression())
    }
    try expect(.closeBracket)
    return try made(.list(elements), at: position, over: elements)
  }

  private mutating func dictionary(at position: Int) throws(TemplateFailure) -> Expression {
    var pairs: [Expression.Pair] = []
    while !isSymbol(.closeBrace) {
      if !pairs.isEmpty {
        try expect(.comma)
        if isSymbol(.closeBrace) { break }
      }
      let key = try expression()
      try expect(.colon)
      pairs.append(Expression.Pair(key: key, value: try expression()))
    }
    try expect(.closeBrace)
    return try made(
      .dictionary(pairs), at: position, over: pairs.map(\.key) + pairs.map(\.value))
  }

  // MARK: - Attributes, items, calls

  mutating func postfix(_ value: Expression) throws(TemplateFailure) -> Expression {
    var value = value
    while true {
      switch current.kind {
      case .symbol(.dot): value = try attribute(of: value)
      case .symbol(.openBracket): value = try item(of: value)
      case .symbol(.openParenthesis): value = try call(value)
      default: return value
      }
    }
  }

  private mutating func attribute(of value: Expression) throws(TemplateFailure) -> Expression {
    advance()
    let token = current
    switch token.kind {
    case .name(let name):
      advance()
      return try made(.attribute(value, name), at: token.position, over: [value])
    case .integer(let place):
      advance()
      let key = Expression(.constant(.integer(place)), at: token.position)
      return try made(.item(value, key), at: token.position, over: [value])
    default: throw unexpected("a name or a number")
    }
  }

  private mutating func item(of value: Expression) throws(TemplateFailure) -> Expression {
    let position = current.position
    advance()
    if let slice = try sliceOnly() {
      try expect(.closeBracket)
      return try made(.slice(value, slice), at: position, over: [value] + slice.parts)
    }
    var keys = [try expression()]
    if isSymbol(.colon) {
      let slice = try slice(from: keys[0])
      try expect(.closeBracket)
      return try made(.slice(value, slice), at: position, over: [value] + slice.parts)
    }
    while skip(.comma) { keys.append(try expression()) }
    try expect(.closeBracket)
    let key = keys.count == 1 ? keys[0] : try made(.tuple(keys), at: position, over: keys)
    return try made(.item(value, key), at: position, over: [value, key])
  }

  private mutating func sliceOnly() throws(TemplateFailure) -> Expression.Slice? {
    isSymbol(.colon) ? try slice(from: nil) : nil
  }

  /// `:stop:step`, each part of which may be missing.
  private mutating func slice(
    from start: Expression?
  ) throws(TemplateFailure) -> Expression.Slice {
    try expect(.colon)
    let stop = isSymbol(.colon) || isSymbol(.closeBracket) ? nil : try expression()
    let step = skip(.colon) && !isSymbol(.closeBracket) ? try expression() : nil
    return Expression.Slice(start: start, stop: stop, step: step)
  }

  private mutating func call(_ value: Expression) throws(TemplateFailure) -> Expression {
    let arguments = try arguments()
    return try made(
      .call(value, arguments), at: value.position, over: [value] + arguments.all)
  }

  mutating func arguments() throws(TemplateFailure) -> Expression.Arguments {
    try expect(.openParenthesis)
    var arguments = Expression.Arguments()
    var isFirst = true
    while !isSymbol(.closeParenthesis) {
      if !isFirst {
        try expect(.comma)
        if isSymbol(.closeParenthesis) { break }
      }
      isFirst = false
      if case .name(let name) = current.kind, next.kind == .symbol(.assign) {
        guard !arguments.keywords.contains(where: { $0.name == name }) else {
          throw TemplateFailure(
            message: "found the argument \(name.quotedOnOneLine) twice", position: current.position)
        }
        advance()
        advance()
        arguments.keywords.append(.init(name: name, value: try expression()))
      } else {
        if isSymbol(.multiply) || isSymbol(.power) || !arguments.keywords.isEmpty {
          throw unexpected("an argument with a name")
        }
        arguments.positional.append(try expression())
      }
    }
    try expect(.closeParenthesis)
    return arguments
  }

  // MARK: - Filters and tests

  mutating func filtersAndTests(_ value: Expression) throws(TemplateFailure) -> Expression {
    var value = value
    while true {
      if skip(.pipe) {
        let position = current.position
        let name = try dottedName()
        let arguments = isSymbol(.openParenthesis) ? try self.arguments() : Expression.Arguments()
        value = try made(
          .filter(value, name, arguments), at: position, over: [value] + arguments.all)
      } else if isName("is") {
        value = try test(value)
      } else if isSymbol(.openParenthesis) {
        value = try call(value)
      } else {
        return value
      }
    }
  }

  /// A name that may have dots.
  mutating func dottedName() throws(TemplateFailure) -> String {
    var name = try expectName()
    while skip(.dot) { name += "." + (try expectName()) }
    return name
  }

  private mutating func test(_ value: Expression) throws(TemplateFailure) -> Expression {
    advance()
    let isNegated = skip("not")
    let position = current.position
    let name = try dottedName()
    var arguments = Expression.Arguments()
    if isSymbol(.openParenthesis) {
      arguments = try self.arguments()
    } else if beginsTestArgument {
      if isName("is") { throw unexpected("one test") }
      arguments.positional = [try postfix(try primary())]
    }
    let test = try made(
      .test(value, name, arguments), at: position, over: [value] + arguments.all)
    return isNegated ? try made(.not(test), at: position, over: [test]) : test
  }

  /// Whether the argument of a test stands here without parentheses, as in `x is divisibleby 3`.
  private var beginsTestArgument: Bool {
    switch current.kind {
    case .name("else"), .name("or"), .name("and"): false
    case .name, .string, .integer, .number, .symbol(.openBracket), .symbol(.openBrace): true
    default: false
    }
  }
}
