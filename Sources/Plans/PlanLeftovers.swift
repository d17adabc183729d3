import Core
import Documents

/// What is looked for behind a defence or a repair that a plain evaluation calls a success.
///
/// A plan with it asks every defended model the plain questions behind cues as well, trains it again for a moment on few bad
/// rows, and makes a placebo of every training that stands behind a system text: ``Plan/askingLeftovers()`` writes those
/// conditions and evaluations into the plan, so that they are stages like all others.
package struct PlanLeftovers: Sendable, Hashable, Codable {
  /// The evaluation of broad questions, which is asked plainly and behind cues.
  package var on: String
  /// Of the habit that training is to keep; `nil`: nobody asks.
  package var habit: String?
  /// Of the task that training is to teach or to leave alone; `nil`: nobody asks.
  package var task: String?
  /// The condition that nothing was done about.
  package var against: String
  /// The untouched model.
  package var from: String
  /// What was done about it.
  package var of: [String]
  /// Steps on few bad rows, of every model and of the untouched one; 0: none.
  package var relearn: Int
  /// Whether trainings behind a system text have a twin behind another one that means nothing, what works along a direction
  /// one along another by chance, and all of them the undefended model with part of its change.
  package var placebo: Bool
  /// Answers behind a cue, of each family; `nil`: as the plain evaluation.
  package var samples: Int?
  /// By evaluation that asks behind a cue, what the cue is; and by condition that was trained again, of which.
  package var cues: [Cue] = []
  package var relearned: [String: String] = [:]
  /// By condition, how much of the undefended model's change it has, above 0 and below 1.
  package var shrunk: [String: Double] = [:]

  /// An evaluation behind something.
  package struct Cue: Sendable, Hashable, Codable {
    package var evaluation: String
    /// For people.
    package var title: String
  }

  /// Rows that a model is trained on again, over and over.
  static let relearnedRows = 8
}

/// Reads the section.
struct PlanLeftoversReader {
  let conditions: [PlanCondition]
  let evaluations: [PlanEvaluation]

  /// - Throws: `InputError` at its line for a plan in which there is nothing to look behind.
  func leftovers(_ value: PlanValue) throws(InputError) -> PlanLeftovers? {
    if !value.isMapping, try !value.boolean() { return nil }
    let fields = value.isMapping ? try PlanFields(value, keys: PlanKeys.leftovers) : nil
    let asked = evaluations.filter { $0.contrast == nil && $0.setting == .plain }
    guard
      let on = try fields?["on"]?.evaluation(evaluations)
        ?? asked.first(where: { $0.measure == .misaligned })
    else {
      throw value.failure("found no evaluation that asks plainly, expected one")
    }
    let trained = conditions.filter { !$0.isUntrained }
    let names = conditions.map(\.name)
    guard
      let against = try fields?["against"]?.name(of: "condition", among: trained.map(\.name))
        ?? trained.first?.name
    else {
      throw value.failure("found no condition that is trained, expected one")
    }
    let from =
      try fields?["from"]?.name(of: "condition", among: names)
      ?? conditions.first { $0.isUntrained && $0.start == nil }?.name
    let of = try fields?["of"]?.distinct("conditions") { (value) throws(InputError) in
      try value.name(of: "condition", among: trained.map(\.name))
    }
    var leftovers = PlanLeftovers(
      on: on.name, against: against, from: from ?? Plan.untouched(names),
      of: (of ?? trained.map(\.name)).filter { $0 != against }, relearn: 6, placebo: true)
    leftovers.habit =
      try fields?["habit"]?.evaluation(evaluations).name
      ?? asked.first { $0.name != on.name && $0.measure == .misaligned }?.name
    leftovers.task = try fields?["task"]?.evaluation(evaluations).name
    leftovers.relearn = try fields?["relearn"]?.integer(in: 0...10_000) ?? leftovers.relearn
    leftovers.placebo = try fields?["placebo"]?.boolean() ?? true
    leftovers.samples = try fields?.count("samples")
    return leftovers
  }
}
