import Core
import Documents

/// What becomes of one model with another one's residual stream at a place: where along the layers, and at which
/// tokens, the difference between the two is decided.
package struct PlanPatch: Sendable, Hashable, Codable {
  /// A contrast.
  package var measure: String
  /// A condition whose models are patched in as well, for what any training would do; `nil`: none.
  package var control: String?

  init(
    _ value: PlanValue, conditions: [String], evaluations: [PlanEvaluation]
  ) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.patch)
    let written = try fields.required("on")
    measure = try written.name(of: "evaluation", among: evaluations.map(\.name))
    let name = measure
    guard evaluations.contains(where: { $0.name == name && $0.contrast != nil }) else {
      throw written.failure("found \"\(name)\", expected an evaluation with \"contrast\"")
    }
    control = try fields["control"]?.name(of: "condition", among: conditions)
  }
}
