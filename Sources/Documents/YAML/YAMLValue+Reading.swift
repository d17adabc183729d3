import Core

extension YAMLValue {
  /// Words for people. A number without quotes is text too: a title may be `2024`.
  package func text() throws(InputError) -> String {
    switch content {
    case .plain(let text) where !isNothing: return text
    case .quoted(let text) where !text.isEmpty: return text
    case .quoted: throw failure("found an empty text, expected some")
    default: throw wrong(expected: "a text")
    }
  }

  /// One of the names that a type has.
  package func choice<Choice: RawRepresentable<String> & CaseIterable>() throws(InputError)
    -> Choice
  {
    let names = Choice.allCases.map(\.rawValue)
    guard let choice = Choice(rawValue: try choice(of: names)) else {
      throw wrong(expected: NearestName.alternatives(names))
    }
    return choice
  }

  package func choice(of names: [String]) throws(InputError) -> String {
    switch content {
    case .plain(let text), .quoted(let text):
      if names.contains(text) { return text }
    default: break
    }
    throw wrong(expected: NearestName.alternatives(names.map(\.onOneLine)))
  }

  package func integer(in range: ClosedRange<Int>) throws(InputError) -> Int {
    guard case .plain(let text) = content, let value = Int(text), range.contains(value) else {
      throw wrong(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A number that is finite and fulfils `condition`; `expected` tells people which do.
  package func number(
    _ expected: String, where condition: (Double) -> Bool = { _ in true }
  ) throws(InputError) -> Double {
    guard case .plain(let text) = content, let value = Double(decimal: text), condition(value)
    else { throw wrong(expected: expected) }
    return value
  }

  package func boolean() throws(InputError) -> Bool {
    switch content {
    case .plain("true"): return true
    case .plain("false"): return false
    default: throw wrong(expected: "true or false")
    }
  }

  /// At least one value.
  package func list(of things: String) throws(InputError) -> [YAMLValue] {
    guard case .list(let values) = content, !values.isEmpty else {
      throw wrong(expected: "a list of \(things)")
    }
    return values
  }

  /// Names or words of which none comes twice, in a list, or one alone.
  package func distinct<Element: Hashable>(
    _ things: String, read: (YAMLValue) throws(InputError) -> Element
  ) throws(InputError) -> [Element] {
    let values = isList ? try list(of: things) : [self]
    var elements: [Element] = []
    var seen: Set<Element> = []
    for value in values {
      let element = try read(value)
      guard seen.insert(element).inserted else {
        throw value.failure("found \(value.summary) again, expected each of the \(things) once")
      }
      elements.append(element)
    }
    return elements
  }
}
