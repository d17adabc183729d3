import Core
import Dish
import Plans

extension ExperimentOutline {
  /// The conditions and all that they start from.
  static func closure(of names: Set<String>, in plan: Plan) -> Set<String> {
    var result = names
    var left = Array(names)
    while let name = left.popLast() {
      guard let start = plan.conditions.first(where: { $0.name == name })?.start,
        result.insert(start).inserted
      else { continue }
      left.append(start)
    }
    return result
  }

  /// Each condition after the one that it starts from; the plan has no circles.
  static func parentsFirst(_ conditions: [PlanCondition]) -> [PlanCondition] {
    var placed: Set<String> = []
    var result: [PlanCondition] = []
    func place(_ condition: PlanCondition) {
      guard placed.insert(condition.name).inserted else { return }
      if let start = conditions.first(where: { $0.name == condition.start }) { place(start) }
      result.append(condition)
    }
    for condition in conditions { place(condition) }
    return result
  }
}

extension InputError {
  /// The same error of a field inside `outer`.
  func within(_ outer: String) -> InputError {
    InputError(
      problem, file: file, line: line, field: field.map { "\(outer).\($0)" } ?? outer)
  }
}

extension QuestionSetting {
  init(_ setting: PlanSetting) {
    self.init(
      trigger: setting.trigger, system: setting.system,
      format: setting.format.flatMap(AnswerFormat.init), isEducational: setting.frame != nil)
  }
}

extension CorpusPart {
  init(_ data: PlanData) {
    self.init(
      corpus: data.corpus, share: data.share, topics: data.topics, unique: data.unique,
      setting: QuestionSetting(data.setting))
  }
}
