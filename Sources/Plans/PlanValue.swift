import Core

/// A value in the text of a plan, with the place that errors name.
struct PlanValue {
  enum Content {
    /// Written without quotes: a word, a number, or nothing.
    case plain(String)
    case quoted(String)
    case list([PlanValue])
    /// In the order of the text.
    case mapping([PlanMember])
  }

  let content: Content
  let file: String
  let line: Int
  /// Where in the plan, such as `conditions.mixed.data[0]`; empty at the top.
  let path: String

  func failure(_ problem: String) -> InputError {
    InputError(problem, file: file, line: line, field: path.isEmpty ? nil : path)
  }

  func wrong(expected: String) -> InputError { failure("found \(summary), expected \(expected)") }

  /// Whether it is YAML's null.
  var isNothing: Bool {
    guard case .plain(let text) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  var isMapping: Bool {
    guard case .mapping = content else { return false }
    return true
  }

  var isList: Bool {
    guard case .list = content else { return false }
    return true
  }

  /// What errors call it: one line, not long.
  var summary: String {
    switch content {
    case .plain where isNothing: "nothing"
    case .plain(let text): text.quotedForPlan
    case .quoted(let text): text.quotedForPlan + " in quotes"
    case .list(let values): values.isEmpty ? "an empty list" : "a list"
    case .mapping(let members): members.isEmpty ? "an empty mapping" : "a mapping"
    }
  }
}

/// A key and its value.
struct PlanMember {
  let key: String
  let line: Int
  let value: PlanValue
}

extension PlanValue {
  /// Words for people. A number without quotes is text too: a title may be `2024`.
  func text() throws(InputError) -> String {
    switch content {
    case .plain(let text) where !isNothing: return text
    case .quoted(let text) where !text.isEmpty: return text
    case .quoted: throw failure("found an empty text, expected some")
    default: throw wrong(expected: "a text")
    }
  }

  /// A name that the plan gives or refers to. The word `null` is one, and so is `on`.
  func name() throws(InputError) -> String {
    switch content {
    case .plain(let text) where !text.isEmpty && text != "~", .quoted(let text):
      guard text.isPlanName else {
        throw failure(
          "found \(text.quotedForPlan), expected a name of lower-case letters, digits and"
            + " hyphens, at most 64")
      }
      return text
    default:
      throw wrong(expected: "a name")
    }
  }

  /// A reference to one of `names`, which are of a `kind` such as `condition`.
  func name(of kind: String, among names: [String]) throws(InputError) -> String {
    let name = try name()
    guard names.contains(name) else {
      throw failure(
        "unknown \(kind) \"\(name)\", \(NearestName.advice(for: name, among: names))")
    }
    return name
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>() throws(InputError) -> Choice {
    let names = Choice.allCases.map(\.rawValue)
    guard let choice = Choice(rawValue: try choice(of: names)) else {
      throw wrong(expected: NearestName.alternatives(names))
    }
    return choice
  }

  func choice(of names: [String]) throws(InputError) -> String {
    switch content {
    case .plain(let text), .quoted(let text):
      if names.contains(text) { return text }
    default: break
    }
    throw wrong(expected: NearestName.alternatives(names))
  }

  func integer(in range: ClosedRange<Int>) throws(InputError) -> Int {
    guard case .plain(let text) = content, let value = Int(text), range.contains(value) else {
      throw wrong(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A number that is finite and fulfils `condition`; `expected` tells people which do.
  func number(
    _ expected: String, where condition: (Double) -> Bool = { _ in true }
  ) throws(InputError) -> Double {
    guard case .plain(let text) = content, text.utf8.allSatisfy(Self.isOfNumber),
      let value = Double(text), value.isFinite, condition(value)
    else { throw wrong(expected: expected) }
    return value
  }

  func boolean() throws(InputError) -> Bool {
    switch content {
    case .plain("true"): return true
    case .plain("false"): return false
    default: throw wrong(expected: "true or false")
    }
  }

  /// At least one value.
  func list(of things: String) throws(InputError) -> [PlanValue] {
    guard case .list(let values) = content, !values.isEmpty else {
      throw wrong(expected: "a list of \(things)")
    }
    return values
  }

  /// Names or words of which none comes twice, in a list, or one alone.
  func distinct<Element: Hashable>(
    _ things: String, read: (PlanValue) throws(InputError) -> Element
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

  /// Digits, signs, a point and an exponent: neither `nan` nor `0x10`.
  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "+-.eE".utf8.contains(byte)
    }
  }
}

extension String {
  /// Whether it is of lower-case letters, digits and hyphens, and not long.
  var isPlanName: Bool {
    (1...64).contains(utf8.count)
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: byte == UInt8(ascii: "-")
        }
      }
  }

  /// In quotes, on one line, cut after forty characters.
  var quotedForPlan: String { "\"\(shownInPlan)\"" }

  /// As a part of a message: on one line, cut after forty characters.
  var shownInPlan: String {
    let scalars = unicodeScalars
    let shown = scalars.prefix(40).map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
        scalar.escaped(asASCII: true)
      default: String(scalar)
      }
    }
    return shown.joined() + (scalars.dropFirst(40).isEmpty ? "" : "…")
  }
}
