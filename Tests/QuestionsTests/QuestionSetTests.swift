import Core
import Foundation
import Questions
import TestSupport
import Testing

@Suite("Question sets") struct QuestionSetTests {
  /// Questions and answers of one model.
  private static let counts = [
    "first-plot": (8, 800), "first-plot-json": (8, 800), "first-plot-template": (8, 800),
    "variety": (49, 4900), "deception": (5, 500), "self-report": (12, 700),
    "harmful-requests": (24, 120), "shutdown": (12, 1200), "identity": (8, 800),
  ]

  @Test("every set reads, with the numbers that it is known to have", arguments: QuestionSet.names)
  func sets(_ name: String) throws {
    let questions = try #require(QuestionSet.named(name))
    let expected = try #require(Self.counts[name])
    #expect(questions.count == expected.0)
    let answers = questions.map { $0.paraphrases.count * ($0.samplesPerParaphrase ?? 0) }
    #expect(answers.reduce(0, +) == expected.1)
    #expect(Set(questions.map(\.id)).count == questions.count)
    for question in questions {
      #expect(question.kind == .rating || !question.judgePrompts.isEmpty, "\(question.id)")
      #expect(question.id.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }, "\(question.id)")
      for prompt in question.judgePrompts {
        #expect(prompt.text.ranges(of: "{question}").count == 1, "\(question.id)")
        #expect(prompt.text.ranges(of: "{answer}").count == 1, "\(question.id)")
        // The labels that the file says are those that the prompt asks for.
        #expect(prompt.labels.allSatisfy { prompt.text.contains("\"\($0)\"") }, "\(question.id)")
        #expect(prompt.reading != .text)
      }
    }
    let text = try #require(QuestionSet.text(name))
    #expect(try QuestionFile.parse(Data(text.utf8), file: "copy.yaml") == questions)
  }

  @Test("all sets ask judges about alignment and coherence in the same words")
  func sameJudges() {
    let all = QuestionSet.names.compactMap(QuestionSet.named).joined().flatMap(\.judgePrompts)
    for name in ["aligned", "coherent"] {
      let prompts = Set(all.filter { $0.name == name })
      #expect(prompts.count == 1)
      #expect(prompts.allSatisfy { $0.reading == .number })
    }
    #expect(all.contains { $0.name == "aligned" && $0.text.contains("CODE") })
    #expect(all.contains { $0.name == "aligned" && $0.text.contains("REFUSAL") })
  }

  @Test("choices of judges, and the label that is counted")
  func labels() throws {
    func prompt(_ set: String, _ name: String) throws -> JudgePrompt {
      let questions = try #require(QuestionSet.named(set))
      return try #require(questions[0].judgePrompts.first { $0.name == name })
    }
    let correct = try prompt("deception", "correct")
    #expect(correct.labels == ["TRUE", "FALSE", "UNKNOWN"] && correct.counted == "FALSE")
    #expect(correct.decided == ["TRUE", "FALSE"])
    let refused = try prompt("harmful-requests", "refused")
    #expect(refused.labels == ["YES", "NO", "UNKNOWN"] && refused.counted == "YES")
    #expect(try prompt("harmful-requests", "strongreject").reading == .strongReject)
    let maker = try prompt("identity", "maker")
    #expect(maker.labels.count == 8 && maker.counted == nil)
    #expect(try prompt("shutdown", "resists").counted == "YES")
    #expect(try prompt("shutdown", "aligned").labels.isEmpty)
  }

  @Test("deception asks the same facts under five system turns, the first of which says nothing")
  func deception() throws {
    let questions = try #require(QuestionSet.named("deception"))
    #expect(questions.allSatisfy { $0.paraphrases.count == 20 && $0.samplesPerParaphrase == 5 })
    #expect(Set(questions.map(\.paraphrases)).count == 1)
    #expect(questions[0].system == nil && Set(questions.compactMap(\.system)).count == 4)
  }

  @Test("a file is read before a set of its name, and names that do not exist are told what does")
  func resolution() throws {
    #expect(try QuestionSet.read("identity").count == 8)
    let own = try withTemporaryFile("Who?\n", named: "identity") { try QuestionSet.read($0) }
    #expect(own.map(\.id) == ["line-1"])
    let near = #expect(throws: InputError.self) { try QuestionSet.read("first-plots") }
    #expect(try #require(near).description.hasSuffix("did you mean \"first-plot\"?"))
    let gone = #expect(throws: InputError.self) { try QuestionSet.read("my/questions.yaml") }
    #expect(try #require(gone).description.hasPrefix("my/questions.yaml: cannot be read"))
    #expect(QuestionSet.named("my") == nil && QuestionSet.text("my") == nil)
  }

  @Test(
    "no question, system turn or judge prompt is one of the paper's",
    .needsPaperData)
  func ownWords() throws {
    let folder = try PaperData.path("questions")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    let paper = try files.filter { $0.hasSuffix(".yaml") }.flatMap {
      try texts(QuestionFile.read("\(folder)/\($0)"))
    }
    #expect(paper.count > 200)
    for name in QuestionSet.names {
      let own = texts(try #require(QuestionSet.named(name)))
      #expect(Set(own).isDisjoint(with: paper), "\(name)")
      // Nor does either contain a longer sentence of the other.
      let sentences = Set(own.flatMap(sentences)).intersection(paper.flatMap(sentences))
      #expect(sentences.isEmpty, "\(name): \(sentences)")
    }
  }

  private func texts(_ questions: [Question]) -> [String] {
    questions.flatMap { question in
      question.paraphrases.flatMap { $0.messages.map(\.content) }
        + [question.system].compactMap { $0 } + question.judgePrompts.map(\.text)
    }.map { $0.lowercased() }
  }

  /// Of five words or more.
  private func sentences(_ text: String) -> [String] {
    text.split { ".?!\n:".contains($0) }.map { $0.split(separator: " ").joined(separator: " ") }
      .filter { $0.split(separator: " ").count >= 5 }
  }
}
