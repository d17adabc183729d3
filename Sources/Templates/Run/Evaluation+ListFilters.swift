import Core

/// Filters of lists and dictionaries.
extension Evaluation {
  func listFilter(
    _ name: String, _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    switch name {
    case "map": return try mapped(value, arguments)
    case "select", "reject", "selectattr", "rejectattr": return try chosen(name, value, arguments)
    case "sort", "min", "max", "unique": return try ordered(name, value, arguments)
    case "dictsort": return try sorted(value, arguments)
    case "join":
      let given = try bind(arguments, to: ["d", "attribute"], of: name)
      var parts: [String] = []
      for element in try elements(of: value) {
        let part = try given[1].flatMap(\.ifNotNone).map { (path) throws(TemplateFailure) in
          try member(path, of: element)
        }
        parts.append(try text(of: part ?? element))
      }
      return .string(try joined(parts, by: try text(of: given[0] ?? .string(""))))
    case "sum":
      let given = try bind(arguments, to: ["attribute", "start"], of: name)
      var sum = given[1] ?? .integer(0)
      for element in try elements(of: value) {
        let part = try given[0].flatMap(\.ifNotNone).map { (path) throws(TemplateFailure) in
          try member(path, of: element)
        }
        sum = try arithmetic(.plus, sum, part ?? element)
      }
      return sum
    case "attr":
      let given = try bind(arguments, to: ["name"], of: name)
      return try self.attribute(try required(try string(given[0], "name"), "name"), of: value)
    default:
      _ = try bind(arguments, to: [], of: name)
      return try plain(name, value)
    }
  }

  private func plain(
    _ name: String, _ value: TemplateValue
  ) throws(TemplateFailure) -> TemplateValue {
    switch name {
    case "list": return .list(try elements(of: value))
    case "items":
      switch value {
      case .undefined: return try generator([])
      case .dictionary(let dictionary):
        return try generator(zip(dictionary.keys, dictionary.values).map { .tuple([$0, $1]) })
      default: throw failure("found \(describe(value)), expected a dictionary")
      }
    case "first":
      if case .reference(let reference) = value, case .generator(let place) = reference.kind {
        try charge(generators[place].count)
        guard !generators[place].isEmpty else { return .undefined("there is no first item") }
        return generators[place].removeFirst()
      }
      return try elements(of: value).first ?? .undefined("there is no first item")
    case "last":
      if case .reference = value { throw failure("\(describe(value)) has no known end") }
      return try elements(of: value).last ?? .undefined("there is no last item")
    default:
      if case .string(let text) = value {
        return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
      }
      return try generator(try elements(of: value).reversed())
    }
  }

  // MARK: - Members

  /// A member by a path such as `function.name` or `0`.
  private func member(
    _ path: TemplateValue, of value: TemplateValue
  ) throws(TemplateFailure) -> TemplateValue {
    guard case .string(let text) = path else { return try item(path, of: value) }
    var value = value
    for part in text.parts(separatedBy: ".") {
      let key = Int(part).map { TemplateValue.integer($0) } ?? .string(part)
      value = try item(key, of: value)
    }
    return value
  }

  private func mapped(
    _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    var results: [TemplateValue] = []
    if arguments.positional.isEmpty {
      let names = arguments.keywords.map(\.name)
      guard names == ["attribute"] || names == ["attribute", "default"] else {
        throw failure("expected a filter's name or an attribute to map with")
      }
      for element in try elements(of: value) {
        var result = try member(arguments.keywords[0].value, of: element)
        if case .undefined = result, names.count == 2 { result = arguments.keywords[1].value }
        results.append(result)
      }
      return try generator(results)
    }
    var rest = arguments
    let name = try required(try string(rest.positional.removeFirst(), "filter"), "filter")
    for element in try elements(of: value) { results.append(try filter(name, element, rest)) }
    return try generator(results)
  }

  private func chosen(
    _ name: String, _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    var rest = arguments
    var path: TemplateValue?
    if name.hasSuffix("attr") {
      guard !rest.positional.isEmpty else { throw failure("found no attribute to choose by") }
      path = rest.positional.removeFirst()
    }
    let testName =
      rest.positional.isEmpty ? nil : try string(rest.positional.removeFirst(), "test")
    let wanted = name.hasPrefix("select")
    var results: [TemplateValue] = []
    for element in try elements(of: value) {
      var tested = element
      if let path { tested = try member(path, of: element) }
      let holds = if let testName { try test(testName, tested, rest) } else { isTrue(tested) }
      if holds == wanted { results.append(element) }
    }
    return try generator(results)
  }

  // MARK: - Order

  private func ordered(
    _ name: String, _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    let names =
      name == "sort"
      ? ["reverse", "case_sensitive", "attribute"] : ["case_sensitive", "attribute"]
    let given = try bind(arguments, to: names, of: name)
    let isReversed = name == "sort" && given[0].map(isTrue) == true
    let isSensitive = given[names.count - 2].map(isTrue) == true
    let path = given[names.count - 1].flatMap(\.ifNotNone)
    var pairs: [(key: TemplateValue, value: TemplateValue)] = []
    for element in try elements(of: value) {
      var key = element
      if let path { key = try member(path, of: element) }
      pairs.append((try folded(key, unless: isSensitive), element))
    }
    if name == "unique" {
      var seen: Set<TemplateKey> = []
      var kept: [TemplateValue] = []
      for pair in pairs where seen.insert(try hashed(pair.key)).inserted { kept.append(pair.value) }
      return try generator(kept)
    }
    let sorted = try sorted(pairs, reversed: isReversed || name == "max").map(\.value)
    if name == "sort" { return .list(sorted) }
    return sorted.first ?? .undefined("there is no item")
  }

  private func sorted(
    _ value: TemplateValue, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    let given = try bind(arguments, to: ["case_sensitive", "by", "reverse"], of: "dictsort")
    let part = try string(given[1], "part") ?? "key"
    guard part == "key" || part == "value" else {
      throw failure("found \(part.quotedOnOneLine), expected \"key\" or \"value\"")
    }
    guard case .dictionary(let dictionary) = value else {
      throw failure("found \(describe(value)), expected a dictionary")
    }
    let isSensitive = given[0].map(isTrue) == true
    var pairs: [(key: TemplateValue, value: TemplateValue)] = []
    for (key, value) in zip(dictionary.keys, dictionary.values) {
      let compared = try folded(part == "key" ? key : value, unless: isSensitive)
      pairs.append((compared, .tuple([key, value])))
    }
    return .list(try sorted(pairs, reversed: given[2].map(isTrue) == true).map(\.value))
  }

  private func folded(
    _ value: TemplateValue, unless isSensitive: Bool
  ) throws(TemplateFailure) -> TemplateValue {
    guard case .string(let text) = value, !isSensitive else { return value }
    try charge(text.utf8.count / 8)
    return .string(text.lowercased())
  }

  /// Stable, equal ones in their order also when reversed; merges halves, since the order may fail.
  private func sorted(
    _ pairs: [(key: TemplateValue, value: TemplateValue)], reversed: Bool
  ) throws(TemplateFailure) -> [(key: TemplateValue, value: TemplateValue)] {
    guard pairs.count > 1 else { return pairs }
    let middle = pairs.count / 2
    let left = try sorted(Array(pairs[..<middle]), reversed: reversed)
    let right = try sorted(Array(pairs[middle...]), reversed: reversed)
    var result: [(key: TemplateValue, value: TemplateValue)] = []
    result.reserveCapacity(pairs.count)
    var (first, second) = (0, 0)
    while first < left.count, second < right.count {
      let order = try order(right[second].key, left[first].key) ?? 0
      if reversed ? order > 0 : order < 0 {
        result.append(right[second])
        second += 1
      } else {
        result.append(left[first])
        first += 1
      }
    }
    return result + left[first...] + right[second...]
  }
}
