/// What a template's variables hold: JSON's kinds, tuples, and what is not there.
///
/// Strings are compared, cut and counted by Unicode scalars, as Python does, never by Swift's
/// canonical equivalence.
package enum TemplateValue: Sendable {
  /// Falsy and printed as nothing; its attributes are an error, which says the text.
  case undefined(String)
  case none
  case boolean(Bool)
  /// Python's have no end; here what does not fit is an error.
  case integer(Int)
  case number(Double)
  case string(String)
  /// A list or a tuple.
  case sequence(TemplateSequence)
  case dictionary(TemplateDictionary)
  /// What only a template makes: functions, macros, namespaces, loops, generators.
  case reference(TemplateReference)

  package static func list(_ elements: [TemplateValue]) -> TemplateValue {
    .sequence(TemplateSequence(elements))
  }

  static func tuple(_ elements: [TemplateValue]) -> TemplateValue {
    .sequence(TemplateSequence(elements, isTuple: true))
  }

  /// Members in their order.
  package static func object(_ members: [(String, TemplateValue)]) -> TemplateValue {
    var dictionary = TemplateDictionary()
    for (name, value) in members { dictionary.set(.text(ExactText(name)), .string(name), value) }
    return .dictionary(dictionary)
  }

  /// How deeply lists and dictionaries are nested; 0 for what holds nothing.
  var depth: Int {
    switch self {
    case .sequence(let sequence): sequence.depth
    case .dictionary(let dictionary): dictionary.depth
    case .reference(let reference): reference.depth
    default: 0
    }
  }
}

/// A list or a tuple.
package struct TemplateSequence: Sendable {
  package let elements: [TemplateValue]
  let isTuple: Bool
  let depth: Int

  init(_ elements: [TemplateValue], isTuple: Bool = false) {
    self.elements = elements
    self.isTuple = isTuple
    depth = 1 + elements.reduce(0) { max($0, $1.depth) }
  }
}

/// Keys and values in the order in which the keys came first.
package struct TemplateDictionary: Sendable {
  private(set) var keys: [TemplateValue] = []
  private(set) var values: [TemplateValue] = []
  private var order: [TemplateKey] = []
  /// Only of dictionaries with more than a few members.
  private var places: [TemplateKey: Int] = [:]
  private(set) var depth = 1

  private static let fewMembers = 8

  init() {}

  package var count: Int { keys.count }

  subscript(key: TemplateKey) -> TemplateValue? { place(of: key).map { values[$0] } }

  subscript(name: String) -> TemplateValue? { self[.text(ExactText(name))] }

  /// Of equal keys, the first one stays and gets the last one's value.
  mutating func set(_ key: TemplateKey, _ shown: TemplateValue, _ value: TemplateValue) {
    depth = max(depth, 1 + value.depth, 1 + shown.depth)
    if let place = place(of: key) {
      values[place] = value
      return
    }
    keys.append(shown)
    values.append(value)
    order.append(key)
    if keys.count == Self.fewMembers + 1 {
      for (place, key) in order.enumerated() { places[key] = place }
    } else if keys.count > Self.fewMembers {
      places[key] = keys.count - 1
    }
  }

  private func place(of key: TemplateKey) -> Int? {
    keys.count > Self.fewMembers ? places[key] : order.firstIndex(of: key)
  }
}

/// What a dictionary's members are found by. Numbers of different kinds and booleans are equal if
/// their values are, as in Python.
enum TemplateKey: Hashable, Sendable {
  case none
  case integer(Int)
  case number(Double)
  case text(ExactText)
  case tuple([TemplateKey])
}

/// A string that equals only what is written with the same scalars.
struct ExactText: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: ExactText, right: ExactText) -> Bool { left.text.isSame(as: right.text) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension String {
  /// Whether both are written with the same scalars.
  func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

/// Something that lives as long as one rendering.
package struct TemplateReference: Sendable {
  indirect enum Kind: Sendable {
    /// A function that every template has.
    case function(String)
    /// A method and the value that it belongs to.
    case method(TemplateValue, String)
    case macro(Int)
    case namespace(Int)
    /// By its number; known only while it runs.
    case loop(Int)
    /// Yields its values once.
    case generator(Int)
  }

  let kind: Kind

  var depth: Int {
    if case .method(let owner, _) = kind { return 1 + owner.depth }
    return 0
  }
}
