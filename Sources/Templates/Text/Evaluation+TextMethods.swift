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
      return try changed(name, text)
    }
  }

  private func changed(_ name: String, _ text: String) throws(TemplateFailure) -> TemplateValue {
    switch name {
    case "upper": return .string(text.uppercased())
    case "lower": return .string(text.lowercased())
    case "capitalize": return .string(text.capitalizedAsInPython())
    case "title": return .string(text.titled())
    case "splitlines":
      let lines = text.lines(limit: limits.listElements + 1)
      try charge(elements: lines.count)
      return .list(lines.map { .string($0) })
    case "isdigit":
      let scalars = text.unicodeScalars
      let isNumber = scalars.allSatisfy { $0.properties.numericType.isDigitInPython }
      return .boolean(isNumber && !text.isEmpty)
    default:
      return .boolean(!text.isEmpty && text.unicodeScalars.allSatisfy(\.isPythonSpace))
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
    // One part more than a list may have tells that there are too many.
    let most = fromRight || limit < 0 ? limits.listElements : min(limit, limits.listElements)
    let parts: [String]
    if let separator = try characters(given[0]) {
      guard !separator.isEmpty else { throw failure("cannot split at an empty text") }
      try charge(searching: text, for: separator)
      parts = text.parts(separatedBy: separator, limit: most)
    } else {
      parts = text.words(limit: most)
    }
    try charge(elements: parts.count)
    if fromRight, limit >= 0, parts.count - 1 > limit {
      guard let separator = try characters(given[0]) else {
        throw failure("rsplit at white space with a number of cuts is not supported here")
      }
      let head = parts.dropLast(limit).joined(separator: separator)
      return .list(([head] + parts.suffix(limit)).map { .string($0) })
    }
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
    if old.isEmpty {
      // Python puts the new text around every scalar.
      try charge(elements: text.unicodeScalars.count)
      var parts = [""] + text.unicodeScalars.map { String($0) } + [""]
      if limit >= 0, parts.count - 1 > limit {
        parts = Array(parts[..<limit]) + [parts[limit...].joined()]
      }
      return try joined(parts, by: new)
    }
    try charge(searching: text, for: old)
    var result = ""
    var start = text.startIndex
    var count = 0
    while count != limit, let range = text.firstRange(of: old, from: start) {
      result += text[start..<range.lowerBound]
      result += new
      start = range.upperBound
      count += 1
      try charge(new.utf8.count / 16)
      if result.utf8.count > limits.textBytes { try charge(textBytes: result.utf8.count) }
    }
    result += text[start...]
    try charge(textBytes: result.utf8.count)
    return result
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
    try charge(searching: text, for: part)
    func place(_ range: Range<String.Index>?) -> TemplateValue {
      guard let range else { return .integer(-1) }
      return .integer(text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound))
    }
    switch name {
    case "find": return place(text.firstRange(of: part))
    case "rfind": return place(text.lastRange(of: part))
    case "count":
      if part.isEmpty { return .integer(text.unicodeScalars.count + 1) }
      let parts = text.parts(separatedBy: part, limit: limits.listElements)
      try charge(elements: parts.count)
      return .integer(parts.count - 1)
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
