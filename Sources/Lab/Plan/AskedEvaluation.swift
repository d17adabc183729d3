import Core
import Dish
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
  /// - Parameter fallback: prompts for questions that a judge is to read and that have none.
  /// - Throws: `InputError` at the plan's line, or naming file and line of a question.
  init(_ evaluation: PlanEvaluation, world: World, fallback: [JudgePrompt]) throws {
    for place in evaluation.questions {
      if let own = try place.questions() {
        for question in own {
          try add(question, evaluation, place, fallback: fallback)
        }
      } else {
        try add(place, evaluation, world)
      }
    }
  }

  private mutating func add(
    _ question: Question, _ evaluation: PlanEvaluation, _ place: PlanPath, fallback: [JudgePrompt]
  ) throws {
    var question = question
    let own = question.samplesPerParaphrase
    question.samplesPerParaphrase = evaluation.samples ?? own ?? PlanEvaluation.usualSamples
    if question.judgePrompts.isEmpty, question.needsJudge { question.judgePrompts = fallback }
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
          family: family, setting: setting,
          answers: evaluation.samples ?? PlanEvaluation.usualSamples)
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

extension Question {
  /// Numbers and letters of choices are read without one.
  fileprivate var needsJudge: Bool { kind != .rating && kind != .multipleChoice }

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
