import Core
import Documents

/// What comes first in a training: the movement along a direction, the habit that is trained, or its spread.
package struct PlanCourse: Sendable, Hashable, Codable {
  /// A condition with snapshots.
  package var of: String
  /// The direction; the movement is measured from the model that it is from.
  package var along: String
  /// Where; `nil`: where it does most when it is added, or else behind the last block that is read.
  package var site: String?
  /// Evaluations: of what is trained, and of what has nothing to do with it.
  package var habit: String
  package var spread: String
}

extension PlanCourse {
  init(
    _ value: PlanValue, conditions: [PlanCondition], directions: [PlanDirection],
    evaluations: [PlanEvaluation]
  ) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.course)
    let written = try fields.required("of")
    let of = try written.name(of: "condition", among: conditions.map(\.name))
    guard conditions.contains(where: { $0.name == of && !$0.snapshots.isEmpty }) else {
      throw written.failure("found \"\(of)\", expected a condition with \"snapshots\"")
    }
    self.of = of
    along = try fields.required("along").name(of: "direction", among: directions.map(\.name))
    site = try fields["site"]?.text()
    let names = evaluations.map(\.name)
    habit = try fields.required("habit").name(of: "evaluation", among: names)
    spread = try fields.required("spread").name(of: "evaluation", among: names)
  }
}
