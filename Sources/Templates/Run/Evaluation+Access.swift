import Core

/// Attributes, items and slices.
extension Evaluation {
  /// `owner.name`: a method, or else a member.
  func attribute(
    _ name: String, of owner: TemplateValue
  ) throws(TemplateFailure) -> TemplateValue {
    if case .undefined(let message) = owner { throw failure(message) }
    if name.hasPrefix("_") { return .undefined("attributes that begin with \"_\" are not allowed") }
    if let method = method(name, of: owner) { return method }
    switch owner {
    case .dictionary(let dictionary):
      if let value = dictionary[name] { return value }
    case .reference(let reference):
      if case .namespace(let place) = reference.kind, let value = namespaces[place][name] {
        return value
      }
      if case .loop(let number) = reference.kind {
        return try loopAttribute(name, number)
      }
    default: break
    }
    return .undefined("\(describe(owner)) has no attribute \(name.quotedOnOneLine)")
  }

  /// `owner[key]`: a member, or else a method.
  func item(
    _ key: TemplateValue, of owner: TemplateValue
  ) throws(TemplateFailure) -> TemplateValue {
    if case .undefined(let message) = owner { throw failure(message) }
    switch (owner, key) {
    case (.dictionary(let dictionary), _):
      if let hash = try self.key(of: key), let value = dictionary[hash] { return value }
    case (.sequence(let sequence), .integer(let place)):
      let count = sequence.elements.count
      if place < count, place >= -count {
        return sequence.elements[place < 0 ? place + count : place]
      }
    case (.sequence(let sequence), .boolean(let place)):
      if (place ? 1 : 0) < sequence.elements.count { return sequence.elements[place ? 1 : 0] }
    case (.string(let text), .integer(let place)):
      try charge(textBytes: text.utf8.count)
      let scalars = text.unicodeScalars
      let start = place < 0 ? scalars.endIndex : scalars.startIndex
      let end = place < 0 ? scalars.startIndex : scalars.endIndex
      if let index = scalars.index(start, offsetBy: place, limitedBy: end),
        index < scalars.endIndex
      {
        return .string(String(scalars[index]))
      }
    case (.reference(let reference), .string(let name)):
      if case .namespace = reference.kind { return try attribute(name, of: owner) }
    default: break
    }
    if case .string(let name) = key { return try attribute(name, of: owner) }
    return .undefined("\(describe(owner)) has no element \(describe(key))")
  }

  /// A slice as Python cuts it.
  func cut(
    _ value: TemplateValue, from start: Int?, to stop: Int?, by step: Int
  ) throws(TemplateFailure) -> TemplateValue {
    guard step != 0 else { throw failure("cannot cut by a step of 0") }
    switch value {
    case .undefined(let message): throw failure(message)
    case .sequence(let sequence):
      let places = places(count: sequence.elements.count, from: start, to: stop, by: step)
      try charge(elements: places.count)
      return .sequence(
        TemplateSequence(places.map { sequence.elements[$0] }, isTuple: sequence.isTuple))
    case .string(let text):
      try charge(text.utf8.count / 8)
      let scalars = Array(text.unicodeScalars)
      var result = String.UnicodeScalarView()
      for place in places(count: scalars.count, from: start, to: stop, by: step) {
        result.append(scalars[place])
      }
      return .string(String(result))
    default: throw failure("cannot cut \(describe(value)), expected a text or a list")
    }
  }

  private func places(count: Int, from start: Int?, to stop: Int?, by step: Int) -> [Int] {
    func clamped(_ bound: Int, _ range: ClosedRange<Int>) -> Int {
      let place = bound < 0 ? max(bound, -count - 1) + count : bound
      return min(max(place, range.lowerBound), range.upperBound)
    }
    if step > 0 {
      let first = start.map { clamped($0, 0...count) } ?? 0
      let end = stop.map { clamped($0, 0...count) } ?? count
      return first < end ? Array(stride(from: first, to: end, by: min(step, count + 1))) : []
    }
    let first = start.map { clamped($0, -1...(count - 1)) } ?? count - 1
    let end = stop.map { clamped($0, -1...(count - 1)) } ?? -1
    return first > end ? Array(stride(from: first, to: end, by: max(step, -count - 1))) : []
  }

  // MARK: - Loops

  private func loopAttribute(
    _ name: String, _ number: Int
  ) throws(TemplateFailure) -> TemplateValue {
    guard let loop = loops.last(where: { $0.number == number }) else {
      throw failure("the loop is over, its variables are gone")
    }
    let count = loop.values.count
    switch name {
    case "index": return .integer(loop.index + 1)
    case "index0": return .integer(loop.index)
    case "revindex": return .integer(count - loop.index)
    case "revindex0": return .integer(count - loop.index - 1)
    case "first": return .boolean(loop.index == 0)
    case "last": return .boolean(loop.index == count - 1)
    case "length": return .integer(count)
    case "depth": return .integer(1)
    case "depth0": return .integer(0)
    case "previtem":
      return loop.index > 0
        ? loop.values[loop.index - 1] : .undefined("there is no previous item")
    case "nextitem":
      return loop.index + 1 < count
        ? loop.values[loop.index + 1] : .undefined("there is no next item")
    default: return .undefined("a loop has no attribute \(name.quotedOnOneLine)")
    }
  }

  // MARK: - Elements

  /// What a loop over `value` goes through. Generators give theirs once.
  func elements(of value: TemplateValue) throws(TemplateFailure) -> [TemplateValue] {
    switch value {
    case .undefined: return []
    case .sequence(let sequence):
      try charge(sequence.elements.count)
      return sequence.elements
    case .dictionary(let dictionary):
      try charge(dictionary.count)
      return dictionary.keys
    case .string(let text):
      try charge(text.utf8.count / 8)
      let scalars = text.unicodeScalars
      try charge(elements: scalars.count)
      return scalars.map { .string(String($0)) }
    case .reference(let reference):
      if case .generator(let place) = reference.kind {
        let values = generators[place]
        generators[place] = []
        return values
      }
      throw failure("cannot go through \(describe(value))")
    default: throw failure("cannot go through \(describe(value))")
    }
  }

  func generator(_ values: [TemplateValue]) throws(TemplateFailure) -> TemplateValue {
    try charge(elements: values.count)
    generators.append(values)
    return .reference(TemplateReference(kind: .generator(generators.count - 1)))
  }

  func hashed(_ value: TemplateValue) throws(TemplateFailure) -> TemplateKey {
    guard let key = try key(of: value) else {
      throw failure("cannot use \(describe(value)) as a key")
    }
    return key
  }

  /// What finds a member; `nil` for what has no hash. Counts the parts of tuples: there may be
  /// more of them than there is memory, when each is held twice by the next.
  private func key(of value: TemplateValue) throws(TemplateFailure) -> TemplateKey? {
    try charge()
    switch value {
    case .none: return TemplateKey.none
    case .boolean(let value): return .integer(value ? 1 : 0)
    case .integer(let value): return .integer(value)
    case .number(let value): return Int(exactly: value).map(TemplateKey.integer) ?? .number(value)
    case .string(let value):
      try charge(value.utf8.count / 16)
      return .text(ExactText(value))
    case .sequence(let sequence) where sequence.isTuple:
      var keys: [TemplateKey] = []
      for element in sequence.elements {
        guard let key = try key(of: element) else { return nil }
        keys.append(key)
      }
      return .tuple(keys)
    case .undefined, .sequence, .dictionary, .reference: return nil
    }
  }
}
