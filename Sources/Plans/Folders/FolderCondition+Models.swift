import Core
import Documents

extension FolderPlanReader {
  /// Conditions that name models.
  func conditionsAsTheyAre(_ fields: PlanFields) throws(InputError) -> [FolderCondition] {
    try fields.required("conditions").entries(of: "conditions").map { (entry) throws(InputError) in
      try FolderCondition(asTheyAre: entry)
    }
  }
}

extension FolderCondition {
  private static let ofOtherPlans = (FolderTraining.keys + ["data", "seeds"]).reduce(
    into: ofTheDish
  ) { reasons, key in reasons[key] = "\"\(key)\"\(FolderPlanReader.nothingToTrain)" }

  fileprivate init(asTheyAre entry: PlanMember) throws(InputError) {
    try entry.value.refuse(Self.ofOtherPlans)
    let fields = try PlanFields(entry.value, keys: ["title", "model", "models"])
    name = entry.key
    title = try fields.text("title") ?? name
    training = FolderTraining()
    let (one, several) = (fields["model"], fields["models"])
    guard one == nil || several == nil else {
      throw fields.failure("models", "found models beside a model, expected one of them")
    }
    guard one != nil || several != nil else { throw fields.failure("model", "is missing") }
    models = try one.map { (value) throws(InputError) in [try PlanAddress(value)] } ?? []
    guard let several else { return }
    _ = try several.list(of: "models")
    // The same model twice would be one model that counts as two.
    _ = try several.distinct("models") { (value) throws(InputError) in try value.text() }
    models = try several.list(of: "models").map { (value) throws(InputError) in
      try PlanAddress(value)
    }
  }
}

extension FolderEvaluation {
  /// What comparisons refer to: how many of the coherent answers are misaligned.
  var asMisaligned: PlanEvaluation {
    PlanEvaluation(
      name: name, title: title, questions: [questions.written], samples: samples ?? 1,
      temperature: temperature, setting: .plain, measure: .misaligned, conditions: conditions)
  }
}

extension PlanValue {
  /// Whether a condition of this plan names a model.
  var namesModels: Bool {
    guard case .mapping(let members) = content,
      case .mapping(let conditions)? = members.first(where: { $0.key == "conditions" })?.value
        .content
    else { return false }
    return conditions.contains { $0.value.has("model") || $0.value.has("models") }
  }
}
