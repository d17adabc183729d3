import Core

/// Reads tokens as statements, with Jinja's grammar.
struct Parser {
  let tokens: [Token]
  var index = 0
  private var level = 0
  /// Loops around the place, as far as `break` and `continue` reach.
  private var loops = 0

  /// Statements in statements and brackets in brackets; real templates stay below twenty.
  static let levelLimit = 50
  /// Levels of one expression.
  static let depthLimit = 100

  init(_ tokens: [Token]) { self.tokens = tokens }

  mutating func template() throws(TemplateFailure) -> [Statement] {
    let body = try statements(until: [])
    guard current.kind == .end else { throw unexpected() }
    return body
  }

  // MARK: - Tokens

  /// There is always an end.
  var current: Token { tokens[min(index, tokens.count - 1)] }

  var next: Token { tokens[min(index + 1, tokens.count - 1)] }

  mutating func advance() { index += 1 }

  func isName(_ name: String) -> Bool { current.kind == .name(name) }

  func isSymbol(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }

  mutating func skip(_ symbol: Symbol) -> Bool {
    guard isSymbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func skip(_ name: String) -> Bool {
    guard isName(name) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: Symbol) throws(TemplateFailure) {
    guard skip(symbol) else { throw unexpected("\"\(symbol.rawValue)\"") }
  }

  mutating func expect(_ name: String) throws(TemplateFailure) {
    guard skip(name) else { throw unexpected(name.quotedOnOneLine) }
  }

  mutating func expectName() throws(TemplateFailure) -> String {
    guard case .name(let name) = current.kind else { throw unexpected("a name") }
    advance()
    return name
  }

  func unexpected(_ expected: String? = nil) -> TemplateFailure {
    TemplateFailure(
      message: "found \(current.summary)\(expected.map { ", expected \($0)" } ?? "")",
      position: current.position)
  }

  /// Runs `body` one level deeper.
  mutating func nested<Result>(
    _ body: (inout Parser) throws(TemplateFailure) -> Result
  ) throws(TemplateFailure) -> Result {
    level += 1
    guard level <= Self.levelLimit else {
      throw TemplateFailure(
        message: "found more than \(Self.levelLimit) levels, expected fewer",
        position: current.position)
    }
    let result = try body(&self)
    level -= 1
    return result
  }

  // MARK: - Statements

  /// The statements before a block that begins with one of `ends`; the position is at that word.
  private mutating func statements(until ends: [String]) throws(TemplateFailure) -> [Statement] {
    try nested { (parser) throws(TemplateFailure) in try parser.body(until: ends) }
  }

  private mutating func body(until ends: [String]) throws(TemplateFailure) -> [Statement] {
    var body: [Statement] = []
    while true {
      let token = current
      switch token.kind {
      case .data(let text):
        advance()
        body.append(Statement(kind: .text(text), position: token.position))
      case .variableBegin:
        advance()
        let value = try tupleOrExpression()
        guard current.kind == .variableEnd else { throw unexpected("\"}}\"") }
        advance()
        body.append(Statement(kind: .output(value), position: token.position))
      case .blockBegin:
        advance()
        if case .name(let name) = current.kind, ends.contains(name) { return body }
        body.append(try statement())
        try blockEnd()
      case .end where ends.isEmpty: return body
      case .end:
        throw unexpected("{% \(ends.joined(separator: " %} or {% ")) %}")
      default: throw unexpected()
      }
    }
  }

  private mutating func blockEnd() throws(TemplateFailure) {
    guard current.kind == .blockEnd else { throw unexpected("\"%}\"") }
    advance()
  }

  private mutating func statement() throws(TemplateFailure) -> Statement {
    let position = current.position
    let name = try expectName()
    let kind: Statement.Kind
    switch name {
    case "if": kind = try branches()
    case "for": kind = try loop()
    case "set": kind = try set()
    case "macro": kind = try macro()
    case "generation": kind = .generation(try closedBody("endgeneration"))
    case "break", "continue":
      guard loops > 0 else {
        throw TemplateFailure(
          message: "found \(name.quotedOnOneLine) outside of a loop", position: position)
      }
      kind = name == "break" ? .breakLoop : .continueLoop
    default:
      throw TemplateFailure(
        message: "found the tag \(name.quotedOnOneLine), which is not supported here",
        position: position)
    }
    return Statement(kind: kind, position: position)
  }

  /// A body whose loops are its own: Jinja makes a function of it.
  private mutating func closedBody(_ end: String) throws(TemplateFailure) -> [Statement] {
    try blockEnd()
    let outer = loops
    loops = 0
    let body = try statements(until: [end])
    loops = outer
    advance()
    return body
  }

  private mutating func branches() throws(TemplateFailure) -> Statement.Kind {
    var branches: [Statement.Branch] = []
    var otherwise: [Statement] = []
    while true {
      let condition = try tupleOrExpression(withConditional: false)
      try blockEnd()
      let body = try statements(until: ["elif", "else", "endif"])
      branches.append(Statement.Branch(condition: condition, body: body))
      if skip("elif") { continue }
      if skip("else") {
        try blockEnd()
        otherwise = try statements(until: ["endif"])
      }
      advance()
      return .branches(branches, otherwise: otherwise)
    }
  }

  private mutating func loop() throws(TemplateFailure) -> Statement.Kind {
    let target = try self.target(endsAt: "in", allowsMembers: false)
    try expect("in")
    let values = try tupleOrExpression(withConditional: false, endsAt: "recursive")
    let condition = skip("if") ? try expression() : nil
    if isName("recursive") {
      throw TemplateFailure(
        message: "found a recursive loop, which is not supported here", position: current.position)
    }
    try blockEnd()
    loops += 1
    let body = try statements(until: ["endfor", "else"])
    loops -= 1
    var otherwise: [Statement] = []
    if skip("else") {
      try blockEnd()
      otherwise = try statements(until: ["endfor"])
    }
    advance()
    return .loop(
      Statement.Loop(
        target: target, values: values, condition: condition, body: body, otherwise: otherwise))
  }

  private mutating func set() throws(TemplateFailure) -> Statement.Kind {
    let target = try self.target(endsAt: nil, allowsMembers: true)
    if skip(.assign) { return .set(target, try tupleOrExpression()) }
    var filters: [Statement.FilterCall] = []
    while skip(.pipe) {
      let position = current.position
      let name = try dottedName()
      let arguments = isSymbol(.openParenthesis) ? try self.arguments() : Expression.Arguments()
      filters.append(
        Statement.FilterCall(name: name, arguments: arguments, position: position))
    }
    try blockEnd()
    let body = try statements(until: ["endset"])
    advance()
    return .setBlock(target, filters, body)
  }

  private mutating func macro() throws(TemplateFailure) -> Statement.Kind {
    let name = try expectName()
    try expect(.openParenthesis)
    var parameters: [Statement.Macro.Parameter] = []
    while !isSymbol(.closeParenthesis) {
      if !parameters.isEmpty { try expect(.comma) }
      let position = current.position
      let parameter = try expectName()
      let standard = skip(.assign) ? try expression() : nil
      if standard == nil, parameters.last?.standard != nil {
        throw TemplateFailure(
          message:
            "found the parameter \(parameter.quotedOnOneLine) without a default behind one with",
          position: position)
      }
      parameters.append(Statement.Macro.Parameter(name: parameter, standard: standard))
    }
    try expect(.closeParenthesis)
    let body = try closedBody("endmacro")
    return .macro(Statement.Macro(name: name, parameters: parameters, body: body))
  }

  // MARK: - Targets

  private mutating func target(
    endsAt end: String?, allowsMembers: Bool
  ) throws(TemplateFailure) -> Statement.Target {
    var targets: [Statement.Target] = []
    var isTuple = false
    while true {
      if isTargetEnd(end) { break }
      targets.append(try singleTarget(allowsMembers: allowsMembers))
      guard skip(.comma) else { break }
      isTuple = true
    }
    if !isTuple, let only = targets.first { return only }
    guard !targets.isEmpty else { throw unexpected("a name") }
    return .tuple(targets)
  }

  private func isTargetEnd(_ end: String?) -> Bool {
    if let end, isName(end) { return true }
    switch current.kind {
    case .blockEnd, .symbol(.closeParenthesis), .symbol(.assign): return true
    default: return false
    }
  }

  private mutating func singleTarget(
    allowsMembers: Bool
  ) throws(TemplateFailure) -> Statement.Target {
    if skip(.openParenthesis) {
      let inner = try nested { (parser) throws(TemplateFailure) in
        try parser.target(endsAt: nil, allowsMembers: false)
      }
      try expect(.closeParenthesis)
      return inner
    }
    let position = current.position
    let name = try expectName()
    if ["true", "false", "none", "True", "False", "None"].contains(name) {
      throw TemplateFailure(message: "found \(name), expected a name", position: position)
    }
    guard allowsMembers, skip(.dot) else { return .name(name) }
    return .member(of: name, try expectName())
  }
}
