import Core

/// Functions, macros and the reading of arguments.
enum Functions {
  /// What every template can call.
  static let names = ["raise_exception", "strftime_now", "namespace", "dict", "range"]
}

extension Evaluation {
  func call(
    _ callee: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    if case .undefined(let message) = callee { throw failure(message) }
    guard case .reference(let reference) = callee else {
      throw failure("cannot call \(describe(callee))")
    }
    switch reference.kind {
    case .function(let name): return try callFunction(name, arguments)
    case .method(let owner, let name): return try callMethod(name, of: owner, arguments)
    case .macro(let place): return try call(macros[place], arguments)
    case .namespace, .loop, .generator: throw failure("cannot call \(describe(callee))")
    }
  }

  private func call(
    _ defined: DefinedMacro, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    let macro = defined.macro
    let given = try bind(
      arguments, to: macro.parameters.map(\.name), of: "the macro \(macro.name.quotedOnOneLine)")
    let scope = Scope(in: defined.scope)
    for (parameter, value) in zip(macro.parameters, given) {
      if let value {
        scope.values[parameter.name] = value
      } else if let standard = parameter.standard {
        scope.values[parameter.name] = try evaluate(standard, in: scope)
      } else {
        scope.values[parameter.name] = .undefined(
          "the parameter \(parameter.name.quotedOnOneLine) was not provided")
      }
    }
    return .string(
      try captured { () throws(TemplateFailure) in _ = try run(macro.body, in: scope) })
  }

  // MARK: - Arguments

  /// The values of parameters, by place or by name; `nil` for those not given.
  func bind(
    _ arguments: CallArguments, to parameters: [String], of callee: String
  ) throws(TemplateFailure) -> [TemplateValue?] {
    guard arguments.positional.count <= parameters.count else {
      throw failure(
        "found \(arguments.positional.count) arguments of \(callee), expected at most"
          + " \(parameters.count)")
    }
    var values: [TemplateValue?] = arguments.positional
    values += Array(repeating: nil, count: parameters.count - values.count)
    for (name, value) in arguments.keywords {
      guard let place = parameters.firstIndex(of: name) else {
        throw failure("found an argument \(name.quotedOnOneLine) of \(callee), which has none")
      }
      guard values[place] == nil else {
        throw failure("found the argument \(name.quotedOnOneLine) of \(callee) twice")
      }
      values[place] = value
    }
    return values
  }

  func integer(_ value: TemplateValue?, _ what: String) throws(TemplateFailure) -> Int? {
    switch value {
    case nil: nil
    case .integer(let value): value
    case .boolean(let value): value ? 1 : 0
    case .undefined(let message): throw failure(message)
    case .some(let other):
      throw failure("found \(describe(other)) as \(what), expected a whole number")
    }
  }

  func string(_ value: TemplateValue?, _ what: String) throws(TemplateFailure) -> String? {
    switch value {
    case nil: nil
    case .string(let text): text
    case .undefined(let message): throw failure(message)
    case .some(let other): throw failure("found \(describe(other)) as \(what), expected a text")
    }
  }

  func required<Value>(_ value: Value?, _ what: String) throws(TemplateFailure) -> Value {
    guard let value else { throw failure("found no \(what)") }
    return value
  }

  // MARK: - Functions

  private func callFunction(
    _ name: String, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    switch name {
    case "raise_exception":
      let given = try bind(arguments, to: ["message"], of: name)
      let message = try text(of: try required(given[0], "message"))
      throw TemplateFailure(message: message, position: position, isRaised: true)
    case "strftime_now":
      let given = try bind(arguments, to: ["format"], of: name)
      let format = try required(try string(given[0], "format"), "format")
      guard let text = (time ?? .now).text(format: format) else {
        throw failure("cannot write the time as \(format.quotedOnOneLine)")
      }
      times.append(text)
      return .string(text)
    case "range": return try range(arguments)
    case "namespace":
      let members = try dictionary(arguments)
      for key in members.keys {
        if case .string(let name) = key, name.hasPrefix("_") {
          throw failure("cannot keep the member \(name.quotedOnOneLine): it begins with \"_\"")
        }
      }
      namespaces.append(members)
      return .reference(TemplateReference(kind: .namespace(namespaces.count - 1)))
    default: return .dictionary(try dictionary(arguments))
    }
  }

  /// `dict(mapping, name=value)`, or of a list of pairs.
  private func dictionary(
    _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateDictionary {
    var members = TemplateDictionary()
    guard arguments.positional.count <= 1 else {
      throw failure("found \(arguments.positional.count) arguments, expected at most 1")
    }
    switch arguments.positional.first {
    case nil: break
    case .dictionary(let dictionary):
      // Adding to it makes a copy.
      try charge(elements: dictionary.count)
      members = dictionary
    case .some(let value):
      for pair in try elements(of: value) {
        let parts = try elements(of: pair)
        guard parts.count == 2 else {
          throw failure("found \(parts.count) values, expected a key and a value")
        }
        members.set(try hashed(parts[0]), parts[0], parts[1])
      }
    }
    for (name, value) in arguments.keywords {
      members.set(.text(ExactText(name)), .string(name), value)
    }
    return members
  }

  private func range(_ arguments: CallArguments) throws(TemplateFailure) -> TemplateValue {
    guard arguments.keywords.isEmpty, (1...3).contains(arguments.positional.count) else {
      throw failure("expected one to three arguments of range, without names")
    }
    var bounds: [Int] = []
    for argument in arguments.positional {
      bounds.append(try required(try integer(argument, "bound of a range"), "bound"))
    }
    let start = bounds.count > 1 ? bounds[0] : 0
    let end = bounds.count > 1 ? bounds[1] : bounds[0]
    let step = bounds.count > 2 ? bounds[2] : 1
    guard step != 0 else { throw failure("found a range with a step of 0") }
    guard step > 0 ? start < end : start > end else { return .list([]) }
    let (distance, overflow) = (step > 0 ? end : start).subtractingReportingOverflow(
      step > 0 ? start : end)
    guard !overflow else { throw failure("the range is too long") }
    let size = step.magnitude
    try charge(elements: Int((distance.magnitude - 1) / size) + 1)
    return .list(stride(from: start, to: end, by: step).map { .integer($0) })
  }
}
