import Core

/// The two ways of Python to fill values into a text, as far as templates use them.
extension Evaluation {
  /// `"%s and %d" % values`.
  func filled(_ format: String, _ values: TemplateValue) throws(TemplateFailure) -> String {
    var given: [TemplateValue] = [values]
    if case .sequence(let sequence) = values, sequence.isTuple { given = sequence.elements }
    try charge(format.utf8.count / 8)
    var text = ""
    var rest = given[...]
    var scalars = format.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "%" else {
        text.unicodeScalars.append(scalar)
        continue
      }
      let kind = scalars.next()
      if kind == "%" {
        text += "%"
        continue
      }
      guard let value = rest.popFirst() else { throw failure("found too few values to fill in") }
      switch (kind, value) {
      case ("s", _): text += try self.text(of: value)
      case ("r", .string(let value)): text += value.pythonRepresentation
      case ("r", _): text += try self.text(of: value)
      case ("d", .integer), ("i", .integer): text += try self.text(of: value)
      case ("d", .boolean(let value)), ("i", .boolean(let value)): text += value ? "1" : "0"
      default:
        let shown = kind.map { String($0) } ?? ""
        throw failure("cannot fill \(describe(value)) into %\(shown): not supported here")
      }
      try charge(textBytes: text.utf8.count)
    }
    if case .sequence(let sequence) = values, sequence.isTuple, !rest.isEmpty {
      throw failure("found \(sequence.elements.count) values to fill in, expected fewer")
    }
    return text
  }

  /// `"{} and {name}".format(value, name=value)`, without format specifications.
  func formatted(
    _ format: String, _ arguments: CallArguments
  ) throws(TemplateFailure) -> String {
    var text = ""
    var automatic = 0
    var scalars = format.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      if scalar == "{" || scalar == "}", scalars.first == scalar {
        scalars.removeFirst()
        text.unicodeScalars.append(scalar)
      } else if scalar == "{" {
        guard let end = scalars.firstIndex(of: "}") else {
          throw failure("found \"{\" without \"}\" in a format")
        }
        let name = String(String.UnicodeScalarView(scalars[..<end]))
        scalars = scalars[scalars.index(after: end)...]
        text += try self.text(of: try argument(name, arguments, &automatic))
        try charge(textBytes: text.utf8.count)
      } else if scalar == "}" {
        throw failure("found \"}\" without \"{\" in a format")
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private func argument(
    _ name: String, _ arguments: CallArguments, _ automatic: inout Int
  ) throws(TemplateFailure) -> TemplateValue {
    var place = Int(name)
    if name.isEmpty {
      place = automatic
      automatic += 1
    }
    if let place {
      guard arguments.positional.indices.contains(place) else {
        throw failure("found no value number \(place) to fill in")
      }
      return arguments.positional[place]
    }
    guard let keyword = arguments.keywords.first(where: { $0.name.isSame(as: name) }) else {
      throw failure("found no value \(name.quotedOnOneLine) to fill in")
    }
    return keyword.value
  }
}
