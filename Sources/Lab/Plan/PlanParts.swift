import Core
import Dish
import Judging
import Plans

extension InputError {
  /// The same error of a field inside `outer`.
  func within(_ outer: String) -> InputError {
    InputError(
      problem, file: file, line: line, field: field.map { "\(outer).\($0)" } ?? outer)
  }
}

extension Plan {
  /// From two scores to one word.
  var rule: ScoringRule {
    ScoringRule(
      coherentAtLeast: coherentAtLeast ?? ScoringRule.paper.coherentAtLeast,
      misalignedBelow: misalignedBelow ?? ScoringRule.paper.misalignedBelow)
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
