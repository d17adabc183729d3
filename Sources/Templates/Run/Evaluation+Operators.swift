#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Truth, equality, order and arithmetic as in Python.
extension Evaluation {
  func isTrue(_ value: TemplateValue) -> Bool {
    switch value {
    case .undefined, .none: false
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .number(let value): value != 0
    case .string(let text): !text.isEmpty
    case .sequence(let sequence): !sequence.elements.isEmpty
    case .dictionary(let dictionary): dictionary.count > 0
    case .reference: true
    }
  }

  func holds(
    _ comparison: Expression.Comparison.Kind, _ left: TemplateValue, _ right: TemplateValue
  ) throws(TemplateFailure) -> Bool {
    switch comparison {
    case .equal: try areEqual(left, right)
    case .notEqual: try !areEqual(left, right)
    case .less: try order(left, right) { $0 < 0 }
    case .lessOrEqual: try order(left, right) { $0 <= 0 }
    case .greater: try order(left, right) { $0 > 0 }
    case .greaterOrEqual: try order(left, right) { $0 >= 0 }
    case .isIn: try contains(right, left)
    case .isNotIn: try !contains(right, left)
    }
  }

  // MARK: - Equality and order

  func areEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateFailure) -> Bool {
    try charge()
    switch (left, right) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.string(let left), .string(let right)):
      try charge(min(left.utf8.count, right.utf8.count) / 16)
      return left.isSame(as: right)
    case (.sequence(let left), .sequence(let right)):
      guard left.isTuple == right.isTuple, left.elements.count == right.elements.count else {
        return false
      }
      for (left, right) in zip(left.elements, right.elements)
      where try !areEqual(left, right) { return false }
      return true
    case (.dictionary(let left), .dictionary(let right)):
      guard left.count == right.count else { return false }
      for (key, value) in zip(left.keys, left.values) {
        guard let other = right[try hashed(key)], try areEqual(value, other) else { return false }
      }
      return true
    case (.reference(let left), .reference(let right)):
      switch (left.kind, right.kind) {
      case (.namespace(let left), .namespace(let right)): return left == right
      case (.macro(let left), .macro(let right)): return left == right
      case (.loop(let left), .loop(let right)): return left == right
      case (.generator(let left), .generator(let right)): return left == right
      case (.function(let left), .function(let right)): return left == right
      default: return false
      }
    default:
      guard let left = Numeral(left), let right = Numeral(right) else { return false }
      return left.order(right) == 0
    }
  }

  private func order(
    _ left: TemplateValue, _ right: TemplateValue, _ holds: (Int) -> Bool
  ) throws(TemplateFailure) -> Bool {
    guard let order = try order(left, right) else { return false }
    return holds(order)
  }

  /// Below, at or above 0 as `left` is less, equal or greater; `nil` if one of them is no number.
  func order(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateFailure) -> Int? {
    try charge()
    switch (left, right) {
    case (.undefined(let message), _), (_, .undefined(let message)): throw failure(message)
    case (.string(let left), .string(let right)):
      try charge(min(left.utf8.count, right.utf8.count) / 16)
      if left.isSame(as: right) { return 0 }
      // The order of UTF-8 is that of the scalars.
      return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    case (.sequence(let first), .sequence(let second)) where first.isTuple == second.isTuple:
      for (left, right) in zip(first.elements, second.elements)
      where try !areEqual(left, right) { return try order(left, right) }
      return first.elements.count - second.elements.count
    default:
      guard let first = Numeral(left), let second = Numeral(right) else {
        throw failure("cannot order \(describe(left)) and \(describe(right))")
      }
      return first.order(second)
    }
  }

  func contains(_ whole: TemplateValue, _ part: TemplateValue) throws(TemplateFailure) -> Bool {
    switch whole {
    case .string(let text):
      guard case .string(let part) = part else {
        throw failure("cannot look for \(describe(part)) in a text")
      }
      try charge(searching: text, for: part)
      return text.firstRange(of: part) != nil
    case .dictionary(let dictionary): return dictionary[try hashed(part)] != nil
    case .reference(let reference):
      guard case .generator(let place) = reference.kind else { break }
      try charge(generators[place].count)
      for (index, element) in generators[place].enumerated() where try areEqual(element, part) {
        generators[place].removeFirst(index + 1)
        return true
      }
      generators[place] = []
      return false
    case .undefined, .sequence:
      for element in try elements(of: whole) where try areEqual(element, part) { return true }
      return false
    default: break
    }
    throw failure("cannot look for something in \(describe(whole))")
  }

  // MARK: - Arithmetic

  func negated(_ value: TemplateValue) throws(TemplateFailure) -> TemplateValue {
    try arithmetic(.minus, .integer(0), value, unary: "-")
  }

  func positive(_ value: TemplateValue) throws(TemplateFailure) -> TemplateValue {
    try arithmetic(.plus, .integer(0), value, unary: "+")
  }

  func arithmetic(
    _ symbol: Symbol, _ left: TemplateValue, _ right: TemplateValue, unary: String? = nil
  ) throws(TemplateFailure) -> TemplateValue {
    if case .undefined(let message) = left { throw failure(message) }
    if case .undefined(let message) = right { throw failure(message) }
    if let first = Numeral(left), let second = Numeral(right) {
      if unary != nil, case .number(let value) = right {
        return .number(unary == "-" ? -value : value)
      }
      return try numeric(symbol, first, second)
    }
    switch (symbol, left, right) {
    case (.plus, .string(let left), .string(let right)) where unary == nil:
      try charge(textBytes: left.utf8.count + right.utf8.count)
      return .string(left + right)
    case (.plus, .sequence(let left), .sequence(let right)) where left.isTuple == right.isTuple:
      try charge(elements: left.elements.count + right.elements.count)
      return .sequence(
        TemplateSequence(left.elements + right.elements, isTuple: left.isTuple))
    case (.multiply, .integer(let count), let value), (.multiply, let value, .integer(let count)):
      if let repeated = try repeated(value, count) { return repeated }
    case (.remainder, .string(let format), let values): return .string(try filled(format, values))
    default: break
    }
    if let unary { throw failure("cannot take \(unary) of \(describe(right))") }
    throw failure("cannot compute \(describe(left)) \(symbol.rawValue) \(describe(right))")
  }

  private func repeated(
    _ value: TemplateValue, _ count: Int
  ) throws(TemplateFailure) -> TemplateValue? {
    let count = max(0, count)
    switch value {
    case .string(let text):
      try charge(textBytes: text.utf8.count.multipliedOrMaximal(count))
      return .string(text.isEmpty ? "" : String(repeating: text, count: count))
    case .sequence(let sequence):
      try charge(elements: sequence.elements.count.multipliedOrMaximal(count))
      let all = repeatElement(sequence.elements, count: sequence.elements.isEmpty ? 0 : count)
      return .sequence(TemplateSequence(Array(all.joined()), isTuple: sequence.isTuple))
    default: return nil
    }
  }

  private func numeric(
    _ symbol: Symbol, _ left: Numeral, _ right: Numeral
  ) throws(TemplateFailure) -> TemplateValue {
    if case .integer(let left) = left, case .integer(let right) = right, symbol != .divide,
      symbol != .power || right >= 0
    {
      return .integer(try integer(symbol, left, right))
    }
    let (left, right) = (left.double, right.double)
    if right == 0, [.divide, .floorDivide, .remainder].contains(symbol) {
      throw failure("cannot divide by zero")
    }
    switch symbol {
    case .plus: return .number(left + right)
    case .minus: return .number(left - right)
    case .multiply: return .number(left * right)
    case .divide: return .number(left / right)
    case .floorDivide: return .number((left / right).rounded(.down))
    case .remainder:
      let rest = fmod(left, right)
      return .number(rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest)
    default:
      if left == 0, right < 0 { throw failure("cannot divide by zero") }
      let power = pow(left, right)
      guard !power.isNaN || left.isNaN || right.isNaN, power.isFinite || !left.isFinite else {
        throw failure("the result is no number here")
      }
      return .number(power)
    }
  }

  private func integer(
    _ symbol: Symbol, _ left: Int, _ right: Int
  ) throws(TemplateFailure) -> Int {
    let result: (partialValue: Int, overflow: Bool)
    switch symbol {
    case .plus: result = left.addingReportingOverflow(right)
    case .minus: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    case .floorDivide, .remainder:
      guard right != 0 else { throw failure("cannot divide by zero") }
      let quotient = left.dividedReportingOverflow(by: right)
      let rest = right == -1 ? 0 : left % right
      let isBelow = rest != 0 && (rest < 0) != (right < 0)
      if symbol == .floorDivide {
        result = (quotient.partialValue - (isBelow ? 1 : 0), quotient.overflow)
      } else {
        result = (isBelow ? rest + right : rest, false)
      }
    default: result = left.power(right)
    }
    guard !result.overflow else { throw failure("the whole number is too large") }
    return result.partialValue
  }
}

/// A number of either kind. Booleans are numbers, as in Python.
enum Numeral {
  case integer(Int)
  case number(Double)

  init?(_ value: TemplateValue) {
    switch value {
    case .boolean(let value): self = .integer(value ? 1 : 0)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    default: return nil
    }
  }

  var double: Double {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    }
  }

  /// `nil` if one of them is no number (NaN).
  func order(_ other: Numeral) -> Int? {
    if case .integer(let left) = self, case .integer(let right) = other {
      return left < right ? -1 : left > right ? 1 : 0
    }
    let (left, right) = (double, other.double)
    return left < right ? -1 : left > right ? 1 : left == right ? 0 : nil
  }
}

extension Int {
  fileprivate func multipliedOrMaximal(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  fileprivate func power(_ exponent: Int) -> (partialValue: Int, overflow: Bool) {
    var result = 1
    var base = self
    var exponent = exponent
    var isTooLarge = false
    while exponent > 0 {
      if exponent & 1 == 1 {
        let (product, overflow) = result.multipliedReportingOverflow(by: base)
        if overflow || isTooLarge { return (0, true) }
        result = product
      }
      exponent >>= 1
      let (square, overflow) = base.multipliedReportingOverflow(by: base)
      isTooLarge = isTooLarge || overflow
      base = square
    }
    return (result, false)
  }
}
