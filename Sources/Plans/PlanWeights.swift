import Core
import Documents

/// What trainings have changed in the weights, and whether they changed the same.
package struct PlanWeights: Sendable, Hashable, Codable {
  /// Conditions whose models are held against what the plan's effect is the change from, and each other.
  package var of: [String]
  /// Leading directions of every matrix.
  package var rank: Int

  package init(of: [String], rank: Int = 8) { (self.of, self.rank) = (of, rank) }

  init(_ value: PlanValue, conditions: [String]) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.weights)
    of = try fields.required("of").distinct("conditions") { (value) throws(InputError) in
      try value.name(of: "condition", among: conditions)
    }
    rank = try fields["rank"]?.integer(in: 1...64) ?? 8
  }
}
