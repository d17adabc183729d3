import Core

/// What stands behind `is`.
extension Evaluation {
  func test(
    _ name: String, _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> Bool {
    if let answer = try comparison(name, value, arguments) { return answer }
    guard arguments.isEmpty else {
      throw failure("found arguments of the test \(name.quotedOnOneLine), expected none")
    }
    switch (name, value) {
    case ("defined", .undefined), ("undefined", .undefined): return name == "undefined"
    case ("defined", _), ("undefined", _): return name == "defined"
    case ("none", .none), ("string", .string), ("mapping", .dictionary), ("boolean", .boolean),
      ("integer", .integer), ("float", .number), ("true", .boolean(true)),
      ("false", .boolean(false)):
      return true
    case ("none", _), ("string", _), ("mapping", _), ("boolean", _), ("integer", _),
      ("float", _), ("true", _), ("false", _):
      return false
    case ("number", _): return Numeral(value) != nil
    case ("odd", _): return try integer(.remainder, value, 2) == 1
    case ("even", _): return try integer(.remainder, value, 2) == 0
    case ("iterable", .reference(let reference)):
      if case .generator = reference.kind { return true }
      if case .loop = reference.kind { return true }
      return false
    case ("iterable", .undefined), ("iterable", .string), ("iterable", .sequence),
      ("iterable", .dictionary):
      return true
    case ("iterable", _): return false
    // Undefined has a length, and every attribute that is asked for is an error: Jinja says yes.
    case ("sequence", .undefined), ("sequence", .string), ("sequence", .sequence),
      ("sequence", .dictionary):
      return true
    case ("sequence", _): return false
    case ("callable", .reference(let reference)):
      switch reference.kind {
      case .function, .method, .macro, .loop: return true
      case .namespace, .generator: return false
      }
    case ("callable", .undefined): return true
    case ("callable", _): return false
    case ("lower", _), ("upper", _): return try isCased(text(of: value), upper: name == "upper")
    default: throw failure("found the test \(name.quotedOnOneLine), which is not supported here")
    }
  }

  private func comparison(
    _ name: String, _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> Bool? {
    let kind: Expression.Comparison.Kind
    switch name {
    case "equalto", "eq", "sameas": kind = .equal
    case "ne": kind = .notEqual
    case "lt", "lessthan": kind = .less
    case "le": kind = .lessOrEqual
    case "gt", "greaterthan": kind = .greater
    case "ge": kind = .greaterOrEqual
    case "in": kind = .isIn
    case "divisibleby":
      let given = try bind(arguments, to: ["number"], of: name)
      let divisor = try required(try integer(given[0], "number"), "number")
      return try integer(.remainder, value, divisor) == 0
    default: return nil
    }
    let given = try bind(arguments, to: ["other"], of: name)
    let other = try required(given[0], "value to compare with")
    if name == "sameas" { return try isSame(value, other) }
    return try holds(kind, value, other)
  }

  /// Identity, which only values without parts have here.
  private func isSame(
    _ value: TemplateValue, _ other: TemplateValue
  ) throws(TemplateFailure) -> Bool {
    switch (value, other) {
    case (.none, .none): return true
    case (.boolean(let left), .boolean(let right)): return left == right
    case (.none, _), (_, .none), (.boolean, _), (_, .boolean): return false
    default: throw failure("the test \"sameas\" is supported for none, true and false only")
    }
  }

  private func integer(
    _ symbol: Symbol, _ value: TemplateValue, _ divisor: Int
  ) throws(TemplateFailure) -> Int? {
    guard case .integer(let rest) = try arithmetic(symbol, value, .integer(divisor)) else {
      return nil
    }
    return rest
  }

  /// Whether there is a letter with case, and none of the other case.
  private func isCased(_ text: String, upper: Bool) throws(TemplateFailure) -> Bool {
    try charge(text.utf8.count / 8)
    var found = false
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      if upper ? properties.isLowercase : properties.isUppercase { return false }
      if upper ? properties.isUppercase : properties.isLowercase { found = true }
    }
    return found
  }
}
