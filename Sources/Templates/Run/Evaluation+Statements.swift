import Core

extension Evaluation {
  /// How a body ends.
  enum Outcome { case normal, breakLoop, continueLoop }

  func run(_ body: [Statement], in scope: Scope) throws(TemplateFailure) -> Outcome {
    for statement in body {
      let outcome = try nested(at: statement.position) { () throws(TemplateFailure) in
        try run(statement, in: scope)
      }
      if outcome != .normal { return outcome }
    }
    return .normal
  }

  private func run(_ statement: Statement, in scope: Scope) throws(TemplateFailure) -> Outcome {
    switch statement.kind {
    case .text(let text): try write(text)
    case .output(let expression):
      try write(try text(of: try evaluate(expression, in: scope)))
    case .branches(let branches, let otherwise):
      return try run(branches, otherwise: otherwise, in: scope)
    case .loop(let loop): return try run(loop, in: scope)
    case .set(let target, let expression):
      try assign(try evaluate(expression, in: scope), to: target, in: scope)
    case .setBlock(let target, let filters, let body):
      let inner = Scope(in: scope)
      var outcome = Outcome.normal
      let text = try captured { () throws(TemplateFailure) in outcome = try run(body, in: inner) }
      if outcome != .normal { return outcome }
      var value = TemplateValue.string(text)
      for filter in filters {
        let arguments = try evaluate(filter.arguments, in: scope)
        value = try nested(at: filter.position) { () throws(TemplateFailure) in
          try self.filter(filter.name, value, arguments)
        }
      }
      try assign(value, to: target, in: scope)
    case .macro(let macro):
      macros.append(DefinedMacro(macro: macro, scope: scope))
      scope.values[macro.name] = .reference(TemplateReference(kind: .macro(macros.count - 1)))
    case .generation(let body):
      let start = output.utf8.count
      _ = try run(body, in: Scope(in: scope))
      if captures == 0 { generated.append(start..<output.utf8.count) }
    case .breakLoop: return .breakLoop
    case .continueLoop: return .continueLoop
    }
    return .normal
  }

  private func run(
    _ branches: [Statement.Branch], otherwise: [Statement], in scope: Scope
  ) throws(TemplateFailure) -> Outcome {
    for branch in branches where isTrue(try evaluate(branch.condition, in: scope)) {
      return try run(branch.body, in: scope)
    }
    return try run(otherwise, in: scope)
  }

  // MARK: - Loops

  private func run(_ loop: Statement.Loop, in scope: Scope) throws(TemplateFailure) -> Outcome {
    var values = try elements(of: try evaluate(loop.values, in: scope))
    if let condition = loop.condition {
      var kept: [TemplateValue] = []
      for value in values {
        let inner = Scope(in: scope)
        try assign(value, to: loop.target, in: inner)
        if isTrue(try evaluate(condition, in: inner)) { kept.append(value) }
      }
      values = kept
    }
    if values.isEmpty { return try run(loop.otherwise, in: Scope(in: scope)) }
    loopCount += 1
    loops.append(LoopState(number: loopCount, values: values))
    defer { loops.removeLast() }
    let reference = TemplateValue.reference(TemplateReference(kind: .loop(loopCount)))
    for (index, value) in values.enumerated() {
      loops[loops.count - 1].index = index
      let inner = Scope(in: scope)
      inner.values["loop"] = reference
      try assign(value, to: loop.target, in: inner)
      if try run(loop.body, in: inner) == .breakLoop { break }
    }
    return .normal
  }

  // MARK: - Assignment

  func assign(
    _ value: TemplateValue, to target: Statement.Target, in scope: Scope
  ) throws(TemplateFailure) {
    switch target {
    case .name(let name): scope.values[name] = value
    case .member(let name, let member):
      guard case .reference(let reference) = self.value(of: name, in: scope),
        case .namespace(let place) = reference.kind
      else {
        throw failure("cannot assign to a member of \(name.quotedOnOneLine), which is no namespace")
      }
      guard !member.hasPrefix("_") else {
        throw failure("cannot assign to the member \(member.quotedOnOneLine): it begins with \"_\"")
      }
      namespaces[place].set(.text(ExactText(member)), .string(member), value)
    case .tuple(let targets):
      let values = try elements(of: value)
      guard values.count == targets.count else {
        throw failure("found \(values.count) values, expected \(targets.count) to take apart")
      }
      for (target, value) in zip(targets, values) { try assign(value, to: target, in: scope) }
    }
  }
}
