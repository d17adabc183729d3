import Core

/// Questions in YAML, in the layout of the files of "Emergent Misalignment": a list of mappings
/// with the keys below. A key or a type that is not known is an error, since leaving it out could
/// change what is asked.
struct YAMLQuestions {
  private static let keys = [
    "id", "type", "paraphrases", "system", "samples_per_paraphrase", "judge", "judge_prompts",
  ]

  private let file: String
  /// Where in the file, such as `[3].`.
  private let path: String
  private let line: Int
  private let members: [String: YAMLMember]

  static func read(_ text: String, file: String) throws(InputError) -> [Question] {
    let top = try YAMLTree.read(text, file: file)
    guard case .list(let values) = top.content else {
      throw InputError(
        "found \(top.summary), expected a list of questions", file: file, line: top.line)
    }
    var questions: [Question] = []
    var ids: [(id: String, line: Int)] = []
    for (index, value) in values.enumerated() {
      let reader = try YAMLQuestions(value, file: file, path: "[\(index)]")
      questions.append(try reader.question())
      ids.append((questions[index].id, reader.members["id"]?.line ?? value.line))
    }
    try QuestionFile.requireUnique(ids, file: file)
    return questions
  }

  private init(_ value: YAMLValue, file: String, path: String) throws(InputError) {
    guard case .mapping(let members) = value.content else {
      throw InputError(
        "found \(value.summary), expected a question with id and paraphrases", file: file,
        line: value.line, field: path)
    }
    for member in members where !Self.keys.contains(member.key) {
      throw InputError(
        "unknown key, \(NearestName.advice(for: member.key, among: Self.keys))", file: file,
        line: member.line, field: "\(path).\(member.key.onOneLine)")
    }
    self.file = file
    self.path = path
    line = value.line
    // Keys are unique since the tree was read.
    self.members = Dictionary(members.map { ($0.key, $0) }) { first, _ in first }
  }

  private func question() throws(InputError) -> Question {
    guard let id = try text("id") else { throw failure("id", "is missing") }
    return Question(
      id: id, kind: try kind(), paraphrases: try paraphrases(), system: try text("system"),
      samplesPerParaphrase: try samples(), judge: try text("judge"),
      judgePrompts: try judgePrompts())
  }

  private func kind() throws(InputError) -> Question.Kind {
    guard let name = try text("type") else { return .freeForm }
    guard let kind = Question.Kind(rawValue: name) else {
      let names = Question.Kind.allCases.map(\.rawValue)
      throw failure(
        "type",
        "unknown type \(name.quotedOnOneLine), \(NearestName.advice(for: name, among: names))")
    }
    return kind
  }

  private func paraphrases() throws(InputError) -> [Conversation] {
    guard let member = members["paraphrases"] else { throw failure("paraphrases", "is missing") }
    guard case .list(let values) = member.value.content, !values.isEmpty else {
      throw failure(
        "paraphrases", "found \(member.value.summary), expected a list of texts")
    }
    var paraphrases: [Conversation] = []
    for (index, value) in values.enumerated() {
      guard case .text(let text) = value.content, !text.isEmpty else {
        throw InputError(
          "found \(value.summary), expected a text", file: file, line: value.line,
          field: "\(path).paraphrases[\(index)]")
      }
      paraphrases.append(Conversation(user: text))
    }
    return paraphrases
  }

  private func samples() throws(InputError) -> Int? {
    guard let text = try text("samples_per_paraphrase") else { return nil }
    guard let count = Int(text), (1...1_000_000).contains(count) else {
      throw failure(
        "samples_per_paraphrase",
        "found \(text.quotedOnOneLine), expected a whole number from 1 to 1000000")
    }
    return count
  }

  private func judgePrompts() throws(InputError) -> [JudgePrompt] {
    guard let member = members["judge_prompts"] else { return [] }
    switch member.value.content {
    case .null: return []
    case .mapping(let members):
      var prompts: [JudgePrompt] = []
      for member in members {
        guard case .text(let text) = member.value.content, !text.isEmpty else {
          throw InputError(
            "found \(member.value.summary), expected a text", file: file, line: member.line,
            field: "\(path).judge_prompts.\(member.key.onOneLine)")
        }
        prompts.append(JudgePrompt(name: member.key, text: text))
      }
      return prompts
    default:
      throw failure(
        "judge_prompts", "found \(member.value.summary), expected a mapping of names to texts")
    }
  }

  /// A text that is not empty; `nil` if the key is missing or null.
  private func text(_ key: String) throws(InputError) -> String? {
    switch members[key]?.value.content {
    case nil, .null?: return nil
    case .text(let text)? where !text.isEmpty: return text
    default:
      throw failure(key, "found \(members[key]?.value.summary ?? "nothing"), expected a text")
    }
  }

  private func failure(_ key: String, _ problem: String) -> InputError {
    InputError(
      problem, file: file, line: members[key]?.line ?? line, field: "\(path).\(key)")
  }
}
