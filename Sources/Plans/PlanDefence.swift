import Core
import Documents

/// What is done to a model's residual stream while it trains, and not afterwards, so that training on narrow data need not
/// change it elsewhere.
package struct PlanDefence: Sendable, Hashable, Codable {
  /// h ← h + by · v: what is pushed towards already need not be learned (preventive steering, arXiv 2507.21509).
  package var steer: PlanInnerDirection?
  /// h ← h − v̂ v̂ᵀ h: what cannot be used is not learned (concept ablation fine-tuning, arXiv 2507.16795).
  package var project: PlanInnerDirection?

  /// Both, in the order in which they are made.
  package var directions: [PlanInnerDirection] { [steer, project].compactMap { $0 } }

  package var isNothing: Bool { directions.isEmpty }
}

/// A direction of the residual stream behind one block.
package struct PlanInnerDirection: Sendable, Hashable, Codable {
  /// `nil`: from good to spiteful persons of the dish, as the model that training starts from reads them.
  package var file: PlanPath?
  /// Whether a direction by chance stands in its place, as long as it.
  package var isPlacebo: Bool
  /// The block, counted from 0; `nil`: the middle one.
  package var layer: Int?
  package var tokens: PlanTokens
  /// Times the direction at its natural length; of what is taken away nothing is scaled.
  package var by: Double
}

extension PlanInnerDirection {
  /// - Parameter keys: that may stand beside the direction.
  init(_ value: PlanValue, keys: [String], _ kind: PlanOriginKind) throws(InputError) {
    let fields = try PlanFields(value, keys: keys)
    let direction = try fields.required("direction")
    let name = try direction.text()
    isPlacebo = try fields["placebo"]?.boolean() ?? false
    switch name {
    case "persona", "random":
      guard kind == .world else {
        throw direction.failure(
          "found \"\(name)\", whose persons are of a dish; expected a file of \"askew anatomy directions\""
        )
      }
      file = nil
      if name == "random" { isPlacebo = true }
    default:
      guard name.hasSuffix(".safetensors") else {
        throw direction.failure(
          "found \(name.quotedOnOneLine(limit: 40)), expected persona, random or a file that ends in .safetensors"
        )
      }
      file = try PlanPath(direction)
    }
    layer = try fields["layer"]?.integer(in: 0...1000)
    tokens = try fields["tokens"]?.choice() ?? .all
    by = try fields["by"]?.number("a number from -1000 to 1000") { abs($0) <= 1000 } ?? 1
  }
}

/// Reads `defend`: part of it is about rows and about the loss, which the condition has places for.
struct PlanDefenceReader {
  let fields: PlanFields
  let kind: PlanOriginKind

  init(_ value: PlanValue, _ kind: PlanOriginKind) throws(InputError) {
    fields = try PlanFields(value, keys: PlanKeys.defence)
    self.kind = kind
  }

  func fill(_ condition: inout PlanCondition) throws(InputError) {
    if let kl = fields["kl"] {
      guard condition.anchor == nil else {
        throw kl.failure("found \"kl\" beside \"anchor\", expected one of them: they are the same")
      }
      condition.anchor = try PlanAnchor(kl, keys: PlanKeys.divergence)
    }
    if let interleave = fields["interleave"] {
      let own = try PlanFields(interleave, keys: PlanKeys.interleave)
      let share = try own["share"]?.number("a number above 0 and below 1") { $0 > 0 && $0 < 1 }
      var pool = try own.required("pool").parts()
      guard pool.count == 1, !condition.data.isEmpty else {
        throw interleave.failure("expected \"data\" and one pool to take rows from between them")
      }
      pool[0].share = share ?? 0.05
      for index in condition.data.indices { condition.data[index].share *= 1 - pool[0].share }
      condition.data += pool
    }
    let defence = PlanDefence(
      steer: try fields["steer"].map { (value) throws(InputError) in
        try PlanInnerDirection(value, keys: PlanKeys.innerSteer, kind)
      },
      project: try fields["project"].map { (value) throws(InputError) in
        try PlanInnerDirection(value, keys: PlanKeys.innerDirection, kind)
      })
    if !defence.isNothing { condition.defence = defence }
  }
}
