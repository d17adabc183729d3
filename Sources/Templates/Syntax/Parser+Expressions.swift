/// Operators, from the loosest to the tightest.
extension Parser {
  /// `nil` names end a list of values; so do closing brackets and ends of tags.
  mutating func tupleOrExpression(
    withConditional: Bool = true, endsAt end: String? = nil, isInParentheses: Bool = false
  ) throws(TemplateFailure) -> Expression {
    let position = current.position
    var parts: [Expression] = []
    var isTuple = false
    while true {
      if isTupleEnd(end) { break }
      parts.append(try withConditional ? expression() : disjunction())
      guard skip(.comma) else { break }
      isTuple = true
    }
    if !isTuple {
      if let only = parts.first { return only }
      guard isInParentheses else { throw unexpected("a value") }
    }
    return try made(.tuple(parts), at: position, over: parts)
  }

  private func isTupleEnd(_ end: String?) -> Bool {
    if let end, isName(end) { return true }
    switch current.kind {
    case .variableEnd, .blockEnd, .symbol(.closeParenthesis): return true
    default: return false
    }
  }

  /// `a if b else c`, and all that binds tighter.
  mutating func expression() throws(TemplateFailure) -> Expression {
    try nested { (parser) throws(TemplateFailure) in
      var value = try parser.disjunction()
      while parser.isName("if") {
        let position = parser.current.position
        parser.advance()
        let condition = try parser.disjunction()
        let otherwise = parser.skip("else") ? try parser.expression() : nil
        value = try parser.made(
          .conditional(condition, then: value, otherwise: otherwise), at: position,
          over: [condition, value] + (otherwise.map { [$0] } ?? []))
      }
      return value
    }
  }

  func made(
    _ kind: Expression.Kind, at position: Int, over parts: [Expression]
  ) throws(TemplateFailure) -> Expression {
    let expression = Expression(kind, at: position, over: parts)
    guard expression.depth <= Self.depthLimit else {
      throw TemplateFailure(
        message: "found an expression of more than \(Self.depthLimit) levels, expected fewer",
        position: position)
    }
    return expression
  }

  mutating func disjunction() throws(TemplateFailure) -> Expression {
    let position = current.position
    var parts = [try conjunction()]
    while skip("or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : try made(.or(parts), at: position, over: parts)
  }

  private mutating func conjunction() throws(TemplateFailure) -> Expression {
    let position = current.position
    var parts = [try negation()]
    while skip("and") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : try made(.and(parts), at: position, over: parts)
  }

  private mutating func negation() throws(TemplateFailure) -> Expression {
    guard isName("not") else { return try comparison() }
    let position = current.position
    advance()
    let operand = try nested { (parser) throws(TemplateFailure) in try parser.negation() }
    return try made(.not(operand), at: position, over: [operand])
  }

  private mutating func comparison() throws(TemplateFailure) -> Expression {
    let first = try sum()
    var comparisons: [Expression.Comparison] = []
    while let kind = comparisonKind() {
      let position = current.position
      if kind == .isNotIn { advance() }
      advance()
      comparisons.append(
        Expression.Comparison(kind: kind, operand: try sum(), position: position))
    }
    guard let opening = comparisons.first else { return first }
    return try made(
      .comparison(first, comparisons), at: opening.position,
      over: [first] + comparisons.map(\.operand))
  }

  private func comparisonKind() -> Expression.Comparison.Kind? {
    switch current.kind {
    case .symbol(.equal): .equal
    case .symbol(.notEqual): .notEqual
    case .symbol(.less): .less
    case .symbol(.lessOrEqual): .lessOrEqual
    case .symbol(.greater): .greater
    case .symbol(.greaterOrEqual): .greaterOrEqual
    case .name("in"): .isIn
    case .name("not") where next.kind == .name("in"): .isNotIn
    default: nil
    }
  }

  private mutating func sum() throws(TemplateFailure) -> Expression {
    try chain([.plus, .minus]) { (parser) throws(TemplateFailure) in try parser.concatenation() }
  }

  private mutating func concatenation() throws(TemplateFailure) -> Expression {
    let position = current.position
    var parts = [try product()]
    while skip(.concatenate) { parts.append(try product()) }
    return parts.count == 1 ? parts[0] : try made(.concatenation(parts), at: position, over: parts)
  }

  private mutating func product() throws(TemplateFailure) -> Expression {
    try chain([.multiply, .divide, .floorDivide, .remainder]) {
      (parser) throws(TemplateFailure) in
      try parser.chain([.power]) { (parser) throws(TemplateFailure) in try parser.unary() }
    }
  }

  private mutating func chain(
    _ symbols: [Symbol], operand: (inout Parser) throws(TemplateFailure) -> Expression
  ) throws(TemplateFailure) -> Expression {
    let first = try operand(&self)
    var operations: [Expression.Operation] = []
    while case .symbol(let symbol) = current.kind, symbols.contains(symbol) {
      let position = current.position
      advance()
      operations.append(
        Expression.Operation(symbol: symbol, operand: try operand(&self), position: position))
    }
    guard let opening = operations.first else { return first }
    return try made(
      .arithmetic(first, operations), at: opening.position,
      over: [first] + operations.map(\.operand))
  }

  /// - Parameter withFilters: false behind a sign, which binds tighter than filters.
  private mutating func unary(withFilters: Bool = true) throws(TemplateFailure) -> Expression {
    let position = current.position
    var value: Expression
    if isSymbol(.minus) || isSymbol(.plus) {
      let isMinus = isSymbol(.minus)
      advance()
      let operand = try nested { (parser) throws(TemplateFailure) in
        try parser.unary(withFilters: false)
      }
      value = try made(
        isMinus ? .negative(operand) : .positive(operand), at: position, over: [operand])
    } else {
      value = try primary()
    }
    value = try postfix(value)
    return withFilters ? try filtersAndTests(value) : value
  }
}
