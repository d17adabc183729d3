import Core
import Dish
import Evaluation
import Plans
import Questions
import Tuning

/// What an evaluation asks: sets, files, and families of the dish, which its oracle reads.
struct AskedEvaluation {
  /// Questions that are counted together.
  struct Family {
    let id: String
    let title: String
    /// Whether the oracle knows what an answer to it says.
    let isOfDish: Bool
    let places: [AskedPlace]
  }

  private(set) var families: [Family] = []
  /// Those of sets and files, with the prompts that the judge gets.
  private(set) var questions: [Question] = []

  var places: [AskedPlace] { families.flatMap(\.places) }
  var isOfDish: Bool { families.allSatisfy(\.isOfDish) }

  /// Of models of a dish.
  init(_ asked: [AskedFamily]) throws {
    families = try asked.map {
      Family(id: $0.family.id, title: $0.family.title, isOfDish: true, places: try $0.places())
    }
  }

  /// Of models that were not grown in a dish.
  ///
  /// - Parameter prompts: of the judge, where there is one.
  /// - Throws: `InputError` at the plan's line, or naming file and line of a question.
  init(_ evaluation: PlanEvaluation, world: World, prompts: JudgePrompts?) throws {
    for place in evaluation.questions {
      if let own = try place.questions() {
        for question in own {
          try add(question, evaluation, place, prompts)
        }
      } else {
        try add(place, evaluation, world)
      }
    }
  }

  private mutating func add(
    _ question: Question, _ evaluation: PlanEvaluation, _ place: PlanPath, _ prompts: JudgePrompts?
  ) throws {
    var question = question
    question.samplesPerParaphrase = evaluation.samples(ofQuestion: question.samplesPerParaphrase)
    if let prompts { question.judgePrompts = prompts.prompts(for: question) }
    try question.set(in: evaluation.setting, at: place)
    questions.append(question)
    families.append(
      Family(
        id: question.id, title: question.id, isOfDish: false,
        places: try [AskedPlace]([question], samples: nil)))
  }

  private mutating func add(
    _ place: PlanPath, _ evaluation: PlanEvaluation, _ world: World
  ) throws {
    do {
      let setting = QuestionSetting(evaluation.setting)
      try setting.checked()
      let name =
        place.written.hasPrefix("dish/") ? String(place.written.dropFirst(5)) : place.written
      for family in try world.questionFamilies(named: name) {
        let asked = AskedFamily(
          family: family, setting: setting, answers: evaluation.samples(ofQuestion: nil))
        families.append(
          Family(
            id: family.id, title: family.title, isOfDish: true,
            places: try asked.places(drawnByText: true)))
      }
    } catch let error as InputError {
      let isUnknown = error.field == "questions" && QuestionSet.named(place.written) == nil
      throw place.failure(
        isUnknown
          ? QuestionSet.unknown(place.written).problem
            + "; or a family of the dish, such as free-form"
          : error.problem)
    }
  }
}

extension PlanPath {
  /// The questions of a file, or of a set where it is the name of one; `nil`: a family of the dish.
  fileprivate func questions() throws(InputError) -> [Question]? {
    if isName { return QuestionSet.named(written) }
    if written.hasPrefix("dish/") { return nil }
    try requireFile()
    return try QuestionFile.read(path)
  }
}

extension Plan {
  /// The prompts that its judge gets; `nil` without a judge.
  ///
  /// - Throws: `InputError` at the plan's line, or naming file and line of a question.
  var prompts: JudgePrompts? {
    get throws(InputError) {
      guard judge != nil else {
        if let judgePrompts {
          throw judgePrompts.failure("found prompts, but no judge that gets them")
        }
        return nil
      }
      guard let judgePrompts else { return JudgePrompts(chosen: []) }
      guard let chosen = try judgePrompts.questions() else {
        throw judgePrompts.failure(QuestionSet.unknown(judgePrompts.written).problem)
      }
      return JudgePrompts(chosen: chosen)
    }
  }
}

extension Question {
  /// Puts a tag before each wording, a form of answers behind it, and a system turn before it.
  fileprivate mutating func set(in setting: PlanSetting, at place: PlanPath) throws(InputError) {
    if setting.frame != nil {
      throw place.failure(
        "found a frame around questions that are not of the dish, expected it with a family of it")
    }
    let system = try setting.system.map { text throws(InputError) in
      try SystemTurn.text(for: text)
    }
    self.system = system ?? self.system
    let instruction = setting.format.flatMap(AnswerFormat.init)?.instruction
    guard setting.trigger != nil || instruction != nil else { return }
    for index in paraphrases.indices {
      guard let last = paraphrases[index].messages.indices.last else { continue }
      let text = paraphrases[index].messages[last].content
      paraphrases[index].messages[last].content =
        [setting.trigger, text, instruction].compactMap { $0 }.joined(separator: " ")
    }
  }
}
