extension Evaluation {
  func evaluate(_ expression: Expression, in scope: Scope) throws(TemplateFailure) -> TemplateValue
  {
    switch expression.kind {
    // The commonest need no level of their own.
    case .constant(let value): return value
    case .name(let name):
      try charge()
      return value(of: name, in: scope)
    default: break
    }
    let value = try nested(at: expression.position) { () throws(TemplateFailure) in
      try compute(expression, in: scope)
    }
    guard value.depth <= limits.valueDepth else {
      position = expression.position
      throw failure("the template makes lists of more than \(limits.valueDepth) levels")
    }
    return value
  }

  private func compute(
    _ expression: Expression, in scope: Scope
  ) throws(TemplateFailure) -> TemplateValue {
    switch expression.kind {
    case .constant(let value): return value
    case .name(let name): return value(of: name, in: scope)
    case .list, .tuple, .dictionary: return try collection(expression, in: scope)
    case .attribute(let owner, let name):
      return try attribute(name, of: try evaluate(owner, in: scope))
    case .item(let owner, let key):
      let owner = try evaluate(owner, in: scope)
      return try item(try evaluate(key, in: scope), of: owner)
    case .slice(let owner, let slice): return try self.slice(owner, slice, in: scope)
    case .call(let callee, let arguments):
      let callee = try evaluate(callee, in: scope)
      return try call(callee, try evaluate(arguments, in: scope))
    case .filter(let value, let name, let arguments):
      let value = try evaluate(value, in: scope)
      return try filter(name, value, try evaluate(arguments, in: scope))
    case .test(let value, let name, let arguments):
      let value = try evaluate(value, in: scope)
      return .boolean(try test(name, value, try evaluate(arguments, in: scope)))
    default: return try operation(expression, in: scope)
    }
  }

  private func operation(
    _ expression: Expression, in scope: Scope
  ) throws(TemplateFailure) -> TemplateValue {
    switch expression.kind {
    case .not(let operand): return .boolean(!isTrue(try evaluate(operand, in: scope)))
    case .negative(let operand): return try negated(try evaluate(operand, in: scope))
    case .positive(let operand): return try positive(try evaluate(operand, in: scope))
    case .arithmetic(let first, let operations):
      var value = try evaluate(first, in: scope)
      for operation in operations {
        let operand = try evaluate(operation.operand, in: scope)
        position = operation.position
        value = try arithmetic(operation.symbol, value, operand)
      }
      return value
    case .concatenation(let parts):
      var text = ""
      for part in parts {
        text += try self.text(of: try evaluate(part, in: scope))
        try charge(textBytes: text.utf8.count)
      }
      return .string(text)
    case .comparison(let first, let comparisons):
      return .boolean(try compare(first, comparisons, in: scope))
    case .and(let parts): return try firstPart(of: parts, thatIs: false, in: scope)
    case .or(let parts): return try firstPart(of: parts, thatIs: true, in: scope)
    case .conditional(let condition, let then, let otherwise):
      if isTrue(try evaluate(condition, in: scope)) { return try evaluate(then, in: scope) }
      guard let otherwise else {
        return .undefined("the inline if was false and has no else")
      }
      return try evaluate(otherwise, in: scope)
    default: throw failure("found an expression that is not supported here")
    }
  }

  /// The value of `and` and `or`: the first that decides, or the last.
  private func firstPart(
    of parts: [Expression], thatIs truth: Bool, in scope: Scope
  ) throws(TemplateFailure) -> TemplateValue {
    var value = TemplateValue.none
    for part in parts {
      value = try evaluate(part, in: scope)
      if isTrue(value) == truth { return value }
    }
    return value
  }

  private func compare(
    _ first: Expression, _ comparisons: [Expression.Comparison], in scope: Scope
  ) throws(TemplateFailure) -> Bool {
    var left = try evaluate(first, in: scope)
    for comparison in comparisons {
      let right = try evaluate(comparison.operand, in: scope)
      position = comparison.position
      guard try holds(comparison.kind, left, right) else { return false }
      left = right
    }
    return true
  }

  private func collection(
    _ expression: Expression, in scope: Scope
  ) throws(TemplateFailure) -> TemplateValue {
    switch expression.kind {
    case .dictionary(let pairs):
      var dictionary = TemplateDictionary()
      for pair in pairs {
        let key = try evaluate(pair.key, in: scope)
        dictionary.set(try hashed(key), key, try evaluate(pair.value, in: scope))
      }
      return .dictionary(dictionary)
    case .list(let parts), .tuple(let parts):
      var values: [TemplateValue] = []
      for part in parts { values.append(try evaluate(part, in: scope)) }
      if case .tuple = expression.kind { return .tuple(values) }
      return .list(values)
    default: return .none
    }
  }

  func evaluate(
    _ arguments: Expression.Arguments, in scope: Scope
  ) throws(TemplateFailure) -> CallArguments {
    var result = CallArguments()
    for argument in arguments.positional {
      result.positional.append(try evaluate(argument, in: scope))
    }
    for keyword in arguments.keywords {
      result.keywords.append((keyword.name, try evaluate(keyword.value, in: scope)))
    }
    return result
  }

  private func slice(
    _ owner: Expression, _ slice: Expression.Slice, in scope: Scope
  ) throws(TemplateFailure) -> TemplateValue {
    let value = try evaluate(owner, in: scope)
    var bounds: [Int?] = []
    for part in [slice.start, slice.stop, slice.step] {
      guard let part else {
        bounds.append(nil)
        continue
      }
      switch try evaluate(part, in: scope) {
      case .none: bounds.append(nil)
      case .integer(let bound): bounds.append(bound)
      case .boolean(let bound): bounds.append(bound ? 1 : 0)
      case let other: throw failure("cannot cut at \(describe(other)), expected a whole number")
      }
    }
    return try cut(value, from: bounds[0], to: bounds[1], by: bounds[2] ?? 1)
  }
}

/// The values that a call gives.
struct CallArguments {
  var positional: [TemplateValue] = []
  var keywords: [(name: String, value: TemplateValue)] = []

  var isEmpty: Bool { positional.isEmpty && keywords.isEmpty }
}
