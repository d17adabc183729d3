/// Methods of texts, lists and dictionaries: those that change nothing.
extension Evaluation {
  private static let textMethods: Set<String> = [
    "split", "rsplit", "strip", "lstrip", "rstrip", "startswith", "endswith", "upper", "lower",
    "capitalize", "title", "replace", "find", "rfind", "count", "join", "splitlines", "format",
    "removeprefix", "removesuffix", "isdigit", "isspace", "partition", "rpartition",
  ]
  private static let dictionaryMethods: Set<String> = ["get", "items", "keys", "values", "copy"]
  private static let listMethods: Set<String> = ["index", "count", "copy"]

  func method(_ name: String, of owner: TemplateValue) -> TemplateValue? {
    let names: Set<String>
    switch owner {
    case .string: names = Self.textMethods
    case .dictionary: names = Self.dictionaryMethods
    case .sequence: names = Self.listMethods
    case .reference(let reference):
      guard case .loop = reference.kind else { return nil }
      names = ["cycle", "changed"]
    default: return nil
    }
    guard names.contains(name) else { return nil }
    return .reference(TemplateReference(kind: .method(owner, name)))
  }

  func callMethod(
    _ name: String, of owner: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    switch owner {
    case .string(let text):
      try charge(text.utf8.count / 8)
      return try callMethod(name, of: text, arguments)
    case .dictionary(let dictionary): return try callMethod(name, of: dictionary, arguments)
    case .sequence(let sequence): return try callMethod(name, of: sequence, arguments)
    case .reference(let reference):
      if case .loop(let number) = reference.kind {
        return try callLoop(name, number, arguments)
      }
      throw failure("cannot call \(describe(owner))")
    default: throw failure("cannot call \(describe(owner))")
    }
  }

  // MARK: - Dictionaries, lists, loops

  private func callMethod(
    _ name: String, of dictionary: TemplateDictionary, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    if name == "get" {
      let given = try bind(arguments, to: ["key", "default"], of: name)
      let key = try required(given[0], "key")
      return dictionary[try hashed(key)] ?? given[1] ?? .none
    }
    guard arguments.isEmpty else { throw failure("found arguments of \(name), expected none") }
    try charge(elements: dictionary.count)
    switch name {
    case "items": return .list(zip(dictionary.keys, dictionary.values).map { .tuple([$0, $1]) })
    case "keys": return .list(dictionary.keys)
    case "values": return .list(dictionary.values)
    default: return .dictionary(dictionary)
    }
  }

  private func callMethod(
    _ name: String, of sequence: TemplateSequence, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    if name == "copy" { return .sequence(sequence) }
    let given = try bind(arguments, to: ["value"], of: name)
    let value = try required(given[0], "value")
    var count = 0
    for (index, element) in sequence.elements.enumerated() where try areEqual(element, value) {
      if name == "index" { return .integer(index) }
      count += 1
    }
    if name == "index" { throw failure("\(describe(value)) is not in the list") }
    return .integer(count)
  }

  private func callLoop(
    _ name: String, _ number: Int, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    guard let place = loops.lastIndex(where: { $0.number == number }) else {
      throw failure("the loop is over, its variables are gone")
    }
    if name == "cycle" {
      guard !arguments.positional.isEmpty else { throw failure("found nothing to cycle through") }
      return arguments.positional[loops[place].index % arguments.positional.count]
    }
    let value = TemplateValue.tuple(arguments.positional)
    if let last = loops[place].last, try areEqual(last, value) { return .boolean(false) }
    loops[place].last = value
    return .boolean(true)
  }
}
