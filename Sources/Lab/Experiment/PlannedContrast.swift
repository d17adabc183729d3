import Core
import Dish
import Engine
import Evaluation
import Plans
import Questions
import Tuning

/// A contrast of a plan: good and bad answers that its models are scored on.
struct PlannedContrast {
  let evaluation: PlanEvaluation
  /// In the evaluation's setting.
  let items: [ContrastItem]
  /// For any model.
  let texts: ScoredTexts

  /// - Throws: `InputError` at the plan's line, or naming file and line of an item.
  init(_ evaluation: PlanEvaluation, _ sets: [PlanPath]) throws {
    self.evaluation = evaluation
    let items = try sets.flatMap { try $0.contrastItems() }
      .map { (item) throws(InputError) in try item.set(in: evaluation) }
    self.items = items
    texts = ScoredTexts(
      name: evaluation.title, fingerprint: try Fingerprint(of: items),
      count: items.reduce(0) { $0 + $1.good.count + $1.bad.count }
    ) { try ContrastScores.sequences(of: items, $0) }
    var known: Set<String> = []
    for item in items where !known.insert("\(item.family)/\(item.id)").inserted {
      throw evaluation.failure(
        "found item \(item.id.onOneLine) of the family \(item.family.onOneLine) in two sets, expected each once"
      )
    }
  }

  static func all(_ plan: Plan) throws -> [PlannedContrast] {
    try plan.evaluations.compactMap { evaluation in
      try evaluation.contrast.map { try PlannedContrast(evaluation, $0) }
    }
  }

  /// Places of the first item of each topic: wordings of a topic hang together, and one of each tells nearly as much
  /// as all do.
  var firstOfTopics: [Int] {
    var known: Set<[String]> = []
    return items.indices.filter {
      known.insert([items[$0].family, items[$0].topic ?? items[$0].id]).inserted
    }
  }

  /// Whether a condition's models are scored: those that are to be told, and what they are the change from.
  func scores(_ condition: String) -> Bool {
    (evaluation.conditions?.contains(condition) ?? true) || evaluation.changeFrom == condition
  }

  /// Whether the condition has a number of its own.
  func tells(_ condition: String) -> Bool {
    (evaluation.conditions?.contains(condition) ?? true) && evaluation.changeFrom != condition
  }

  /// - Throws: `InputError` at the plan's line for models that cannot say how likely a text is, and where
  ///   what a change is from is not among `models` or of another world.
  func check(_ models: [PlannedModel]) throws(InputError) {
    for model in models where scores(model.condition.name) && model.endpoint != nil {
      guard model.condition.tokenizer == nil else { continue }
      throw evaluation.failure(
        "found a contrast of \"\(model.condition.name)\", a model behind a server, expected \"tokenizer\" "
          + "beside it: the folder or GGUF file whose tokenizer and template the model has; \"only\" leaves "
          + "conditions out")
    }
    guard let name = evaluation.changeFrom else { return }
    guard let base = models.first(where: { $0.condition.name == name })?.condition else {
      throw evaluation.failure(
        "found the change from \"\(name)\", which is not among the conditions of this run; --only \(name) adds it"
      )
    }
    for model in models where tells(model.condition.name) && model.condition.world != base.world {
      throw evaluation.failure(
        "found \"\(model.condition.name)\" as a change from \"\(name)\" of another world, expected models of "
          + "one world; \"only\" leaves conditions out")
    }
  }

}

extension PlanPath {
  /// Of the set with this name, or of the file.
  fileprivate func contrastItems() throws -> [ContrastItem] {
    guard isName else {
      try requireFile()
      return try ContrastFile.read(path)
    }
    do {
      return try ContrastSet.named(written)
    } catch let error as InputError {
      throw failure(error.problem)
    }
  }
}

extension ContrastItem {
  /// With the evaluation's tag before its question, and its system turn.
  fileprivate func set(in evaluation: PlanEvaluation) throws(InputError) -> ContrastItem {
    var item = self
    do throws(InputError) {
      if let trigger = evaluation.setting.trigger { item.question = "\(trigger) \(item.question)" }
      if let text = evaluation.setting.system { item.system = try SystemTurn.text(for: text) }
    } catch {
      throw evaluation.failure(error.problem)
    }
    return item
  }
}
