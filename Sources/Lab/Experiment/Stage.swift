import Core
import Store

/// A piece of a plan's work: what is made, from what, named by the hash of all that decides it. It says
/// nothing of who does it or where, so that any executor can.
package struct Stage: Sendable, Hashable {
  package let kind: RunKind
  /// For people: `fine-tune insecure, seed 2`.
  package let name: String
  package let fingerprint: Fingerprint
  /// Stages that must be done before it.
  package let needs: [Fingerprint]
  /// Steps, rows, answers or verdicts.
  package let total: Int
  /// What one of them costs, in training rows of a dish; `nil`: nobody knows beforehand.
  let unitCost: Double?

  init(
    _ kind: RunKind, _ name: String, _ fingerprint: Fingerprint, needs: [Fingerprint], total: Int,
    unitCost: Double? = nil
  ) {
    (self.kind, self.name, self.fingerprint) = (kind, name, fingerprint)
    (self.needs, self.total, self.unitCost) = (needs, total, unitCost)
  }

  var work: Double? { unitCost.map { $0 * Double(total) } }
}

extension RunKind {
  /// A YAML plan, as it was run.
  package static let plan = RunKind(rawValue: "plan")
  /// What somebody expected, stored before the result.
  package static let prediction = RunKind(rawValue: "prediction")
  /// The tokenizer of a dish.
  package static let language = RunKind(rawValue: "language")
  /// Log-likelihoods of held-out rows.
  package static let score = RunKind(rawValue: "score")
  /// A judge's verdicts on answers.
  package static let judge = RunKind(rawValue: "judge")
}
