/// What a template computes.
struct Expression: Sendable {
  indirect enum Kind: Sendable {
    case constant(TemplateValue)
    case name(String)
    case list([Expression])
    case tuple([Expression])
    case dictionary([Pair])
    case attribute(Expression, String)
    case item(Expression, Expression)
    case slice(Expression, Slice)
    case call(Expression, Arguments)
    case filter(Expression, String, Arguments)
    case test(Expression, String, Arguments)
    case not(Expression)
    case negative(Expression)
    case positive(Expression)
    /// Operators of one rank from left to right.
    case arithmetic(Expression, [Operation])
    case concatenation([Expression])
    /// Each value is compared with its neighbour.
    case comparison(Expression, [Comparison])
    case and([Expression])
    case or([Expression])
    case conditional(Expression, then: Expression, otherwise: Expression?)
  }

  struct Pair: Sendable {
    let key: Expression
    let value: Expression
  }

  struct Slice: Sendable {
    let start: Expression?
    let stop: Expression?
    let step: Expression?

    var parts: [Expression] { [start, stop, step].compactMap(\.self) }
  }

  struct Operation: Sendable {
    let symbol: Symbol
    let operand: Expression
    let position: Int
  }

  struct Comparison: Sendable {
    enum Kind: Sendable {
      case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, isIn, isNotIn
    }

    let kind: Kind
    let operand: Expression
    let position: Int
  }

  struct Arguments: Sendable {
    struct Keyword: Sendable {
      let name: String
      let value: Expression
    }

    var positional: [Expression] = []
    var keywords: [Keyword] = []

    var all: [Expression] { positional + keywords.map(\.value) }
  }

  let kind: Kind
  /// Where errors point to.
  let position: Int
  /// Levels of expressions in expressions, so that recursion has a bound.
  let depth: Int

  init(_ kind: Kind, at position: Int, over parts: [Expression] = []) {
    self.kind = kind
    self.position = position
    depth = 1 + parts.reduce(0) { max($0, $1.depth) }
  }
}

/// What a template does.
struct Statement: Sendable {
  indirect enum Kind: Sendable {
    case text(String)
    case output(Expression)
    case branches([Branch], otherwise: [Statement])
    case loop(Loop)
    case set(Target, Expression)
    /// The text of the body, through filters, becomes the value.
    case setBlock(Target, [FilterCall], [Statement])
    case macro(Macro)
    case generation([Statement])
    case breakLoop
    case continueLoop
  }

  struct Branch: Sendable {
    let condition: Expression
    let body: [Statement]
  }

  struct FilterCall: Sendable {
    let name: String
    let arguments: Expression.Arguments
    let position: Int
  }

  struct Loop: Sendable {
    let target: Target
    let values: Expression
    let condition: Expression?
    let body: [Statement]
    let otherwise: [Statement]
  }

  struct Macro: Sendable {
    struct Parameter: Sendable {
      let name: String
      let standard: Expression?
    }

    let name: String
    let parameters: [Parameter]
    let body: [Statement]
  }

  /// What a value is given to.
  indirect enum Target: Sendable {
    case name(String)
    case member(of: String, String)
    case tuple([Target])
  }

  let kind: Kind
  let position: Int
}
