/// The methods of texts.
extension Evaluation {
  func callMethod(
    _ name: String, of text: String, _ arguments: CallArguments
  ) throws(TemplateFailure) -> TemplateValue {
    switch name {
    case "split", "rsplit": return try split(text, arguments, fromRight: name == "rsplit")
    case "strip", "lstrip", "rstrip":
      let given = try bind(arguments, to: ["chars"], of: name)
      return .string(
        text.stripped(
          try characters(given[0]), left: name != "rstrip", right: name != "lstrip"))
    case "startswith", "endswith": return try .boolean(edge(name, text, arguments))
    case "replace":
      let given = try bind(arguments, to: ["old", "new", "count"], of: name)
      return .string(
        try replaced(
          text, required(string(given[0], "old text"), "old text"),
          with: required(string(given[1], "new text"), "new text"),
          limit: integer(given[2], "count") ?? -1))
    case "find", "rfind", "count", "removeprefix", "removesuffix", "partition", "rpartition":
      let given = try bind(arguments, to: ["text"], of: name)
      let part = try required(try string(given[0], "text"), "text")
      return try search(name, text, part)
    case "join":
      let given = try bind(arguments, to: ["values"], of: name)
      var parts: [String] = []
      for element in try elements(of: try required(given[0], "values")) {
        parts.append(try required(try string(element, "part"), "part"))
      }
      return .string(try joined(parts, by: text))
    case "format": return .string(try formatted(text, arguments))
    default:
      guard arguments.isEmpty else { throw failure("found arguments of \(name), expected none") }
      return changed(name, text)
    }
  }

  private func changed(_ name: String, _ text: String) -> TemplateValue {
    switch name {
    case "upper": .string(text.uppercased())
    case "lower": .string(text.lowercased())
    case "capitalize": .string(text.capitalizedAsInPython())
    case "title": .string(text.titled())
    case "splitlines": .list(text.lines().map { .string($0) })
    case "isdigit":
      .boolean(
        !text.isEmpty
          && text.unicodeScalars.allSatisfy { $0.properties.numericType.isDigitInPython })
    default:
      .boolean(!text.isEmpty && text.unicodeScalars.allSatisfy(\.isPythonSpace))
    }
  }

  private func characters(_ value: TemplateValue?) throws(TemplateFailure) -> String? {
    if case .some(.none) = value { return nil }
    return try string(value, "set of characters")
  }

  private func split(
    _ text: String, _ arguments: CallArguments, fromRight: Bool
  ) throws(TemplateFailure) -> TemplateValue {
    let given = try bind(arguments, to: ["sep", "maxsplit"], of: "split")
    let limit = try integer(given[1], "number of cuts") ?? -1
    let most = limit < 0 ? Int.max : limit
    let parts: [String]
    if let separator = try characters(given[0]) {
      guard !separator.isEmpty else { throw failure("cannot split at an empty text") }
      parts =
        fromRight
        ? text.parts(fromRightSeparatedBy: separator, limit: most)
        : text.parts(separatedBy: separator, limit: most)
    } else if fromRight, most < .max {
      throw failure("rsplit at white space with a number of cuts is not supported here")
    } else {
      parts = text.words(limit: most)
    }
    try charge(elements: parts.count)
    return .list(parts.map { .string($0) })
  }

  /// `startswith` and `endswith`, also of any of a tuple.
  private func edge(
    _ name: String, _ text: String, _ arguments: CallArguments
  ) throws(TemplateFailure) -> Bool {
    let given = try bind(arguments, to: ["text"], of: name)
    let value = try required(given[0], "text")
    var parts = [value]
    if case .sequence(let sequence) = value, sequence.isTuple { parts = sequence.elements }
    for part in parts {
      let part = try required(try string(part, "text"), "text")
      if name == "startswith" ? text.starts(withScalarsOf: part) : text.ends(withScalarsOf: part) {
        return true
      }
    }
    return false
  }

  func replaced(
    _ text: String, _ old: String, with new: String, limit: Int
  ) throws(TemplateFailure) -> String {
    var parts: [String]
    if old.isEmpty {
      // Python puts the new text around every scalar.
      parts = [""] + text.unicodeScalars.map { String($0) } + [""]
      if limit >= 0, parts.count - 1 > limit {
        parts = Array(parts[..<limit]) + [parts[limit...].joined()]
      }
    } else {
      parts = text.parts(separatedBy: old, limit: limit < 0 ? .max : limit)
    }
    return try joined(parts, by: new)
  }

  func joined(_ parts: [String], by separator: String) throws(TemplateFailure) -> String {
    let bytes = parts.reduce(0) { $0 + $1.utf8.count }
    let (between, overflow) = separator.utf8.count.multipliedReportingOverflow(
      by: max(0, parts.count - 1))
    try charge(textBytes: overflow ? .max : bytes + between)
    return parts.joined(separator: separator)
  }

  private func search(
    _ name: String, _ text: String, _ part: String
  ) throws(TemplateFailure) -> TemplateValue {
    func place(_ range: Range<String.Index>?) -> TemplateValue {
      guard let range else { return .integer(-1) }
      return .integer(text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound))
    }
    switch name {
    case "find": return place(text.firstRange(of: part))
    case "rfind": return place(text.lastRange(of: part))
    case "count":
      if part.isEmpty { return .integer(text.unicodeScalars.count + 1) }
      return .integer(text.parts(separatedBy: part).count - 1)
    case "removeprefix":
      guard text.starts(withScalarsOf: part) else { return .string(text) }
      return .string(String(decoding: text.utf8.dropFirst(part.utf8.count), as: UTF8.self))
    case "removesuffix":
      guard text.ends(withScalarsOf: part) else { return .string(text) }
      return .string(String(decoding: text.utf8.dropLast(part.utf8.count), as: UTF8.self))
    default:
      guard !part.isEmpty else { throw failure("cannot split at an empty text") }
      let range = name == "partition" ? text.firstRange(of: part) : text.lastRange(of: part)
      guard let range else {
        let parts = name == "partition" ? [text, "", ""] : ["", "", text]
        return .tuple(parts.map { .string($0) })
      }
      return .tuple([
        .string(String(text[..<range.lowerBound])), .string(part),
        .string(String(text[range.upperBound...])),
      ])
    }
  }
}

extension Unicode.NumericType? {
  fileprivate var isDigitInPython: Bool { self == .decimal || self == .digit }
}

extension String {
  /// Every run of letters with a capital, as Python's `title`.
  fileprivate func titled() -> String {
    var text = ""
    var isInside = false
    for scalar in unicodeScalars {
      let properties = scalar.properties
      text += isInside ? properties.lowercaseMapping : properties.titlecaseMapping
      isInside = properties.isCased
    }
    return text
  }
}
