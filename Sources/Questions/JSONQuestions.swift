import Core
import Documents

/// Questions in JSON: lines of `{"id", "prompt" or "messages", "system"}`, a list of such objects or of
/// texts, or the traits of "Persona Vectors" (Chen et al., 2025, arXiv 2507.21509).
enum JSONQuestions {
  static func lines(_ text: String, file: String) throws(InputError) -> [Question] {
    var questions: [Question] = []
    var ids: [(id: String, line: Int)] = []
    for (number, line) in QuestionFile.numberedLines(of: text) {
      let record = QuestionRecord(file: file, line: number, defaultID: "line-\(number)")
      let value: JSON
      do {
        value = try JSON(text: line)
      } catch {
        throw record.error("found text that is not JSON (\(error.problem)), expected an object")
      }
      guard case .object(let object) = value else {
        throw record.error("found \(value.summary), expected an object")
      }
      questions.append(try record.question(object))
      ids.append((questions[questions.count - 1].id, number))
    }
    try QuestionFile.requireUnique(ids, file: file)
    return questions
  }

  static func document(_ text: String, file: String) throws(InputError) -> [Question] {
    switch try JSON(text: text, file: file) {
    case .array(let elements): return try list(elements, file: file)
    case .object(let object) where object["questions"] != nil:
      return try trait(object, file: file)
    case let other:
      throw InputError(
        "found \(other.summary), expected a list of questions, or an object with questions",
        file: file)
    }
  }

  private static func list(_ elements: [JSON], file: String) throws(InputError) -> [Question] {
    var questions: [Question] = []
    var ids = Set<String>()
    for (index, element) in elements.enumerated() {
      let record = QuestionRecord(
        file: file, line: nil, place: "[\(index)].", defaultID: "question-\(index + 1)")
      let question: Question
      switch element {
      case .string(let text) where !text.trimmed.isEmpty:
        question = Question(id: record.defaultID, paraphrases: [Conversation(user: text)])
      case .object(let object): question = try record.question(object)
      default:
        throw InputError(
          "found \(element.summary), expected a question", file: file, field: "[\(index)]")
      }
      guard ids.insert(question.id).inserted else {
        throw record.error("found id \(question.id.quotedOnOneLine) again", field: "id")
      }
      questions.append(question)
    }
    return questions
  }

  /// `questions` are asked and `eval_prompt` judges, under the file's name; `instruction` is what answers
  /// were drawn out with to find the trait's direction, and no part of the evaluation.
  private static func trait(_ object: JSONObject, file: String) throws(InputError) -> [Question] {
    let known = ["questions", "eval_prompt", "instruction"]
    for member in object.members where !known.contains(member.name) {
      throw InputError(
        "unknown field, \(NearestName.advice(for: member.name, among: known))", file: file,
        field: member.name.onOneLine)
    }
    let name = file.split(separator: "/").last.map { $0.split(separator: ".") }?.first ?? "trait"
    guard case .array(let texts)? = object["questions"] else {
      throw InputError("expected a list of texts", file: file, field: "questions")
    }
    let prompts = try judgePrompts(object["eval_prompt"], String(name), file: file)
    return try texts.enumerated().map { index, text throws(InputError) in
      guard case .string(let text) = text, !text.trimmed.isEmpty else {
        throw InputError(
          "found \(text.summary), expected a text", file: file, field: "questions[\(index)]")
      }
      return Question(
        id: "\(name)_\(index)", kind: .freeFormJudge0To100,
        paraphrases: [Conversation(user: text)], judgePrompts: prompts)
    }
  }

  private static func judgePrompts(
    _ value: JSON?, _ name: String, file: String
  ) throws(InputError) -> [JudgePrompt] {
    guard let value, value != .null else { return [] }
    guard case .string(let text) = value else {
      throw InputError(
        "found \(value.summary), expected a text", file: file, field: "eval_prompt")
    }
    let prompt = JudgePrompt(name: name, text: text)
    do throws(InputError) {
      try prompt.checkFields()
    } catch {
      throw InputError(error.problem, file: file, field: "eval_prompt")
    }
    return [prompt]
  }
}
