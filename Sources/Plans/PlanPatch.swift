import Core
import Documents

/// What becomes of one model with another one's residual stream at a place: where along the layers, and at which
/// tokens, the difference between the two is decided.
package struct PlanPatch: Sendable, Hashable, Codable {
  /// A contrast.
  package var measure: String
  /// A condition whose models are patched in as well, for what any training would do; `nil`: none.
  package var control: String?

  package init(on measure: String, control: String? = nil) {
    (self.measure, self.control) = (measure, control)
  }

  init(
    _ value: PlanValue, conditions: [String], evaluations: [PlanEvaluation]
  ) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.patch)
    measure = try fields.required("on").contrast(among: evaluations)
    control = try fields["control"]?.name(of: "condition", among: conditions)
  }
}
