import Core
import Documents

/// What comes first in a training: the movement along a direction, the habit that is trained, or its spread.
package struct PlanCourse: Sendable, Hashable, Codable {
  /// A condition with snapshots; or several, each with the step that it stands for as `x`: what a training elsewhere
  /// has left on its way.
  package var of: [String]
  /// The direction; the movement is measured from the model that it is from.
  package var along: String
  /// Where; `nil`: where it does most when it is added, or else behind the last block that is read.
  package var site: String?
  /// Evaluations: of what is trained, and of what has nothing to do with it.
  package var habit: String
  package var spread: String
}

extension PlanCourse {
  /// In the order of a training.
  package init(of: [String], along: String, habit: String, spread: String, site: String? = nil) {
    (self.of, self.along, self.habit, self.spread, self.site) = (of, along, habit, spread, site)
  }

  init(
    _ value: PlanValue, conditions: [PlanCondition], directions: [PlanDirection],
    evaluations: [PlanEvaluation]
  ) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.course)
    let written = try fields.required("of")
    let names = conditions.map(\.name)
    let list = try written.isList ? written.list(of: "conditions") : [written]
    let of = try list.map { (value) throws(InputError) in
      try value.name(of: "condition", among: names)
    }
    let own = conditions.filter { of.contains($0.name) }
    if let one = own.first, of.count == 1 {
      guard !one.snapshots.isEmpty else {
        throw written.failure(
          "found \"\(one.name)\", expected a condition with \"snapshots\", or a list of conditions with \"x\""
        )
      }
    } else if let one = own.first(where: { $0.x == nil }) {
      throw written.failure(
        "found \"\(one.name)\" without \"x\", expected the step of the training that it stands for")
    }
    self.of = of
    along = try fields.required("along").name(of: "direction", among: directions.map(\.name))
    site = try fields["site"]?.text()
    let measures = evaluations.map(\.name)
    habit = try fields.required("habit").name(of: "evaluation", among: measures)
    spread = try fields.required("spread").name(of: "evaluation", among: measures)
  }
}
