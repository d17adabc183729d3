import Core
import Documents

/// What directions would say if a model ended where they were read: the tokens that they promote.
package struct PlanLens: Sendable, Hashable, Codable {
  /// A contrast, whose bad answers are held against its good ones.
  package var measure: String
  /// Tokens that are told, of either end.
  package var top: Int

  package init(on measure: String, top: Int = 10) { (self.measure, self.top) = (measure, top) }

  init(_ value: PlanValue, evaluations: [PlanEvaluation]) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.lens)
    measure = try fields.required("on").contrast(among: evaluations)
    top = try fields["top"]?.integer(in: 1...100) ?? 10
  }
}

extension PlanValue {
  /// The name of an evaluation that scores good and bad answers.
  func contrast(among evaluations: [PlanEvaluation]) throws(InputError) -> String {
    let name = try name(of: "evaluation", among: evaluations.map(\.name))
    guard evaluations.contains(where: { $0.name == name && $0.contrast != nil }) else {
      throw failure("found \"\(name)\", expected an evaluation with \"contrast\"")
    }
    return name
  }
}
