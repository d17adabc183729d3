import Core

/// One rendering of a template: its variables, its output so far, and what it has used up.
final class Evaluation {
  /// Names that were given a value at one place; what is not found here is looked for in `parent`.
  final class Scope {
    var values: [String: TemplateValue] = [:]
    let parent: Scope?

    init(in parent: Scope?) { self.parent = parent }
  }

  /// A loop while it runs.
  struct LoopState {
    let number: Int
    let values: [TemplateValue]
    var index = 0
    /// The arguments of the last call of `loop.changed`.
    var last: TemplateValue?

    init(number: Int, values: [TemplateValue]) {
      self.number = number
      self.values = values
    }
  }

  struct DefinedMacro {
    let macro: Statement.Macro
    let scope: Scope
  }

  let root = Scope(in: nil)
  let limits: TemplateLimits
  let time: TemplateTime?
  /// The text of the innermost thing that makes text: the template, a macro or a block.
  var output = ""
  /// How many of those are around it.
  var captures = 0
  var generated: [Range<Int>] = []
  /// What `strftime_now` gave.
  var times: [String] = []
  var loops: [LoopState] = []
  var loopCount = 0
  var macros: [DefinedMacro] = []
  var namespaces: [TemplateDictionary] = []
  var generators: [[TemplateValue]] = []
  /// Where in the template evaluation is; failures point there.
  var position = 0
  private var steps = 0
  private var level = 0

  init(variables: [String: TemplateValue], time: TemplateTime?, limits: TemplateLimits) {
    self.time = time
    self.limits = limits
    for name in Functions.names {
      root.values[name] = .reference(TemplateReference(kind: .function(name)))
    }
    root.values.merge(variables) { $1 }
  }

  // MARK: - Limits

  func failure(_ message: String) -> TemplateFailure {
    TemplateFailure(message: message, position: position)
  }

  /// Counts work; `count` is in units of about ten nanoseconds.
  func charge(_ count: Int = 1) throws(TemplateFailure) {
    steps &+= 1 &+ count
    guard steps <= limits.steps else {
      throw failure("the template takes more than \(limits.steps) steps")
    }
  }

  /// Counts the making of a text of so many bytes.
  func charge(textBytes count: Int) throws(TemplateFailure) {
    guard count <= limits.textBytes else {
      throw failure("the template makes a text of more than \(limits.textBytes) bytes")
    }
    try charge(count / 16)
  }

  /// Counts the search for a text in another, which may compare all of the one at each place of the
  /// other.
  func charge(searching text: String, for part: String) throws(TemplateFailure) {
    let (work, overflow) = text.utf8.count.multipliedReportingOverflow(by: max(64, part.utf8.count))
    try charge(overflow ? .max / 2 : work / 512)
  }

  /// Counts the making of a list.
  func charge(elements count: Int) throws(TemplateFailure) {
    guard count <= limits.listElements else {
      throw failure("the template makes a list of more than \(limits.listElements) elements")
    }
    try charge(count)
  }

  /// Runs `body` one level deeper, at `position`.
  func nested<Result>(
    at place: Int, _ body: () throws(TemplateFailure) -> Result
  ) throws(TemplateFailure) -> Result {
    try charge()
    level += 1
    let outer = position
    position = place
    guard level <= limits.levels else {
      throw failure("the template goes more than \(limits.levels) levels deep")
    }
    let result = try body()
    position = outer
    level -= 1
    return result
  }

  // MARK: - Names

  func value(of name: String, in scope: Scope) -> TemplateValue {
    var scope: Scope? = scope
    while let current = scope {
      if let value = current.values[name] { return value }
      scope = current.parent
    }
    return .undefined("\(name.quotedOnOneLine) is undefined")
  }

  func write(_ text: String) throws(TemplateFailure) {
    try charge(text.utf8.count / 16)
    guard output.utf8.count + text.utf8.count <= limits.textBytes else {
      throw failure("the template makes a text of more than \(limits.textBytes) bytes")
    }
    output += text
  }

  /// The text that `body` writes.
  func captured(
    _ body: () throws(TemplateFailure) -> Void
  ) throws(TemplateFailure) -> String {
    var outer = ""
    swap(&outer, &output)
    captures += 1
    try body()
    captures -= 1
    swap(&outer, &output)
    return outer
  }
}
