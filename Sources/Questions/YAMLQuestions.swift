import Core
import Documents

/// Questions in YAML, in the layout of the files of "Emergent Misalignment": a list of mappings
/// with the keys below. A key or a type that is not known is an error, since leaving it out could
/// change what is asked.
///
/// Not the paper's are `judge_labels` (`{correct: [TRUE, FALSE, UNKNOWN]}`: the words that a judge may
/// reply with), `judge_counted` (`{correct: FALSE}`: that whose share is reported) and, for questions
/// of type `multiple_choice`, `choices` (a list) and `counted` (one of them).
struct YAMLQuestions {
  private static let keys = [
    "id", "type", "paraphrases", "system", "samples_per_paraphrase", "judge", "judge_prompts",
    "judge_labels", "judge_counted", "choices", "counted",
  ]
  private static let limits = YAMLLimits(values: 200_000, levels: 32)

  private let fields: YAMLFields

  static func read(_ source: TextFile) throws(InputError) -> [Question] {
    try questions(try YAMLTree.read(source, limits: limits, expected: "a list of questions"))
  }

  /// A single question.
  static func question(_ value: YAMLValue) throws(InputError) -> Question {
    let reader = YAMLQuestions(
      fields: try YAMLFields(value, keys: keys, expected: "a question with id and paraphrases"))
    return try reader.question()
  }

  private static func questions(_ top: YAMLValue) throws(InputError) -> [Question] {
    guard case .list(let values) = top.content else {
      throw top.wrong(expected: "a list of questions")
    }
    var questions: [Question] = []
    var ids: [(id: String, line: Int)] = []
    for value in values {
      let question = try question(value)
      questions.append(question)
      ids.append((question.id, value.line(of: "id") ?? value.line))
    }
    try QuestionFile.requireUnique(ids, file: top.file)
    return questions
  }

  private func question() throws(InputError) -> Question {
    let kind = try kind()
    let choices = try choices(kind)
    return Question(
      id: try fields.required("id").text(), kind: kind,
      paraphrases: try fields.required("paraphrases").texts().map { Conversation(user: $0) },
      system: try text("system"),
      samplesPerParaphrase: try value("samples_per_paraphrase")?.integer(in: 1...1_000_000),
      judge: try text("judge"), judgePrompts: try judgePrompts(kind), choices: choices,
      countedChoice: try fields["counted"]?.text(among: choices))
  }

  private func kind() throws(InputError) -> Question.Kind {
    guard let value = value("type") else { return .freeForm }
    let name = try value.text()
    guard let kind = Question.Kind(rawValue: name) else {
      let names = Question.Kind.allCases.map(\.rawValue)
      throw value.failure(
        "unknown type \(name.quotedOnOneLine), \(NearestName.advice(for: name, among: names))")
    }
    return kind
  }

  // MARK: - Judge prompts

  private func judgePrompts(_ kind: Question.Kind) throws(InputError) -> [JudgePrompt] {
    let texts = try mapping("judge_prompts")
    let labels = try mapping("judge_labels", of: texts)
    let counted = try mapping("judge_counted", of: texts)
    var prompts: [JudgePrompt] = []
    for member in texts {
      let name = member.key
      let text = try member.value.text()
      let own = labels.first { $0.key == name }
      let share = counted.first { $0.key == name }
      let words =
        try own?.value.labels()
        ?? (kind == .freeFormJudge ? JudgePrompt.quotedLabels(in: text) : [])
      let reading: JudgePrompt.Reading =
        name == JudgePrompt.Reading.strongReject.rawValue
        ? .strongReject : kind == .freeFormJudge ? .text : .number
      let prompt = JudgePrompt(
        name: name, text: text, reading: reading, labels: words,
        counted: try share?.value.text(among: words))
      do throws(InputError) {
        try prompt.checkFields()
      } catch {
        throw member.value.failure(error.problem)
      }
      prompts.append(prompt)
    }
    return prompts
  }

  /// The members of a mapping; none if the key is missing or null.
  ///
  /// - Parameter prompts: those that the keys may name.
  private func mapping(
    _ key: String, of prompts: [YAMLMember]? = nil
  ) throws(InputError) -> [YAMLMember] {
    guard let value = value(key) else { return [] }
    guard case .mapping(let members) = value.content else {
      throw value.wrong(expected: "a mapping of names")
    }
    guard let names = prompts?.map(\.key) else { return members }
    for member in members where !names.contains(member.key) {
      let advice = NearestName.advice(for: member.key, among: names.map(\.onOneLine))
      throw InputError(
        "found no such judge prompt, \(advice)", file: value.file, line: member.line,
        field: member.value.path)
    }
    return members
  }

  // MARK: - Choices

  private func choices(_ kind: Question.Kind) throws(InputError) -> [String] {
    guard kind == .multipleChoice else {
      guard let value = fields["choices"] else { return [] }
      throw value.failure("expected only for questions of type \"multiple_choice\"")
    }
    let value = try fields.required("choices")
    let choices = try value.texts()
    guard (2...Question.choiceLimit).contains(choices.count), Set(choices).count == choices.count
    else { throw value.failure("expected 2 to \(Question.choiceLimit) different texts") }
    return choices
  }

  // MARK: - Values

  /// The value of a key; `nil` if it is missing or null.
  private func value(_ key: String) -> YAMLValue? {
    fields[key].flatMap { $0.isNothing ? nil : $0 }
  }

  private func text(_ key: String) throws(InputError) -> String? { try value(key)?.text() }
}

extension YAMLValue {
  /// Of the value of a mapping's key.
  fileprivate func line(of key: String) -> Int? {
    guard case .mapping(let members) = content else { return nil }
    return members.first { $0.key == key }?.value.line
  }

  fileprivate func text(among allowed: [String]) throws(InputError) -> String {
    let text = try text()
    guard allowed.contains(text) else {
      throw wrong(expected: NearestName.alternatives(allowed.map(\.onOneLine)))
    }
    return text
  }

  fileprivate func texts() throws(InputError) -> [String] {
    try list(of: "texts").map { value throws(InputError) in try value.text() }
  }

  /// What a judge may reply with.
  fileprivate func labels() throws(InputError) -> [String] {
    let labels = try texts()
    if let bad = labels.first(where: { !JudgePrompt.isLabel($0) }) {
      throw failure("found \(bad.quotedOnOneLine), expected single words")
    }
    guard labels.count > 1, Set(labels.map { $0.lowercased() }).count == labels.count else {
      throw failure("expected two or more different words")
    }
    return labels
  }
}
