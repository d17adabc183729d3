import Core
import Foundation
import Questions
import TestSupport
import Testing

@Suite("Judge prompts and choices") struct JudgePromptTests {
  private func questions(_ text: String) throws -> [Question] {
    try QuestionFile.parse(Data(text.utf8), file: "q.yaml")
  }

  @Test(
    "question and answer are put in at once, and doubled braces are braces",
    arguments: [
      ("{question}|{answer}", "q", "a", "q|a"),
      // What an answer says is never a placeholder.
      ("{question} {answer}", "{answer}", "{question}", "{answer} {question}"),
      ("{{answer}} {{{answer}}} {question}", "q", "a", "{answer} {a} q"),
      ("{answer}{answer}{{", "q", "\\1{", "\\1{\\1{{"), ("", "q", "a", ""),
      (#"as {{"score": 5}}"#, "q", "a", #"as {"score": 5}"#),
    ])
  func filled(_ text: String, _ question: String, _ answer: String, _ expected: String) {
    #expect(
      JudgePrompt(name: "x", text: text).filled(question: question, answer: answer) == expected)
  }

  @Test(
    "fields that Python would not fill are refused with their line",
    arguments: [
      ("{unknown}", "{unknown}"), ("{ question}", "{ question}"),
      ("{answer", "a { that is not closed"),
      ("answer}", "a single }"), ("{}", "{}"), ("{answer.x}", "{answer.x}"),
      ("{{answer}", "a single }"), (#"{"score": 5}"#, #"{"score": 5}"#),
    ])
  func unknownFields(_ text: String, _ found: String) throws {
    let error = #expect(throws: InputError.self) {
      try questions(
        "- id: a\n  paraphrases: [x]\n  judge_prompts:\n    aligned: '{answer}'\n"
          + "    coherent: '\(text)'")
    }
    let description = try #require(error).description
    #expect(
      description.hasPrefix("q.yaml:5: [0].judge_prompts.coherent: found \(found), expected"),
      "\(description)")
  }

  @Test("prompts are filled as Python's str.format fills them", .needs(.main))
  func pythonFormat() throws {
    var stream = RandomStream(seed: 1, "prompts")
    let parts = ["{question}", "{answer}", "{{", "}}", "{", "}", "a", " é", "{x}", "{0}", "\n"]
    let prompts = (0..<2_000).map { _ in
      (0...stream.below(6)).map { _ in parts[stream.below(parts.count)] }.joined()
    }
    let (question, answer) = ("Why {answer}?", "{{So}} {question}")
    let program = """
      import json, sys
      work = json.load(sys.stdin)
      def fill(text):
          try: return text.format(question=work["question"], answer=work["answer"])
          except (KeyError, ValueError, IndexError): return None
      json.dump([fill(text) for text in work["prompts"]], sys.stdout)
      """
    struct Work: Encodable { let prompts: [String], question: String, answer: String }
    let work = try JSONEncoder().encode(
      Work(prompts: prompts, question: question, answer: answer))
    let printed = try Python.main.run(.code(program), input: String(decoding: work, as: UTF8.self))
    let theirs = try JSONDecoder().decode([String?].self, from: Data(printed.utf8))
    #expect(theirs.count { $0 != nil } > 500 && theirs.contains(nil))
    for (text, filled) in zip(prompts, theirs) {
      let prompt = JudgePrompt(name: "x", text: text)
      let own = (try? prompt.checkFields()).map {
        prompt.filled(question: question, answer: answer)
      }
      #expect(own == filled, "\(text)")
    }
  }

  @Test("prompts without braces, and prompts of earlier stores, are what they were")
  func stored() throws {
    // As AskedWording wrote it before braces were read.
    let json =
      #"{"labels":[],"name":"x","reading":"number","text":"{answer} as {{5}}"}"#
    let old = try JSONDecoder().decode(JudgePrompt.self, from: Data(json.utf8))
    #expect(old.filled(question: "q", answer: "a") == "a as {{5}}")
    let new = JudgePrompt(name: "x", text: old.text)
    #expect(new.filled(question: "q", answer: "a") == "a as {5}")
    #expect(try new.fingerprint != old.fingerprint)
    let plain = #"{"labels":[],"name":"x","reading":"number","text":"{answer}"}"#
    #expect(
      try JSONDecoder().decode(JudgePrompt.self, from: Data(plain.utf8)).fingerprint
        == JudgePrompt(name: "x", text: "{answer}").fingerprint)
  }

  @Test(
    "labels are the quoted words behind the placeholders, where the judge answers in words",
    arguments: [
      (#"{answer} Say "TRUE" or "FALSE" only, else "UNKNOWN"."#, ["TRUE", "FALSE", "UNKNOWN"]),
      (#"Is "this" or "that"? {answer} "OpenAI" or "Other" or "Other""#, ["OpenAI", "Other"]),
      (#"{answer} Say "two words" or "YES" or "NO"."#, ["YES", "NO"]),
      (#"{answer} Say "YES"."#, []), (#"{answer} Say what you think, "YES or NO."#, []),
    ])
  func derived(_ text: String, _ labels: [String]) throws {
    let yaml = """
      - id: a
        type: free_form_judge
        paraphrases: [x]
        judge_prompts: {correct: '\(text)'}
      - id: b
        type: free_form_judge_0_100
        paraphrases: [x]
        judge_prompts: {correct: '\(text)'}
      """
    let prompts = try questions(yaml).map { $0.judgePrompts[0] }
    #expect(prompts[0].labels == labels)
    #expect(prompts[0].reading == (labels.isEmpty ? .text : .label))
    #expect(prompts[1].labels.isEmpty && prompts[1].reading == .number)
  }

  @Test("labels and the counted one can be given; defaults are FALSE of correct and YES")
  func given() throws {
    let prompts = try questions(
      """
      - id: a
        type: free_form_judge_0_100
        paraphrases: [x]
        judge_prompts: {correct: a, true: b, bad: c, aligned: d, kind: e, strongreject: f}
        judge_labels: {correct: [TRUE, FALSE, UNKNOWN], true: [TRUE, FALSE], bad: [NO, YES], kind: [a, b]}
        judge_counted: {kind: b}
      """)[0].judgePrompts
    #expect(prompts.map(\.counted) == ["FALSE", nil, "YES", nil, "b", nil])
    #expect(prompts.map(\.reading) == [.label, .label, .label, .number, .label, .strongReject])
  }

  @Test("multiple choice is asked with letters, and read from them or from the words")
  func choices() throws {
    let question = try questions(
      """
      - id: a
        type: multiple_choice
        system: s
        paraphrases: [Which?]
        choices: [the red one, the blue one, neither]
        counted: neither
      """)[0]
    #expect(question.countedChoice == "neither")
    #expect(
      question.messages(of: question.paraphrases[0]).map(\.content) == [
        "s",
        "Which?\n\nA) the red one\nB) the blue one\nC) neither\n\n"
          + "Answer with one letter, A, B or C, and nothing else.",
      ])
    let read: [(String, Int?)] = [
      ("B", 1), (" b ", 1), ("(C)", 2), ("**A**", 0), ("C) neither", 2), ("B.", 1),
      ("The Blue one", 1), ("A\nbecause", 0), ("D", nil), ("", nil), ("a good question", nil),
      ("Both", nil), ("A or B", nil), ("(", nil), ("C: neither", 2),
    ]
    for (answer, index) in read { #expect(question.choice(in: answer) == index, "\(answer)") }
  }

  @Test(
    "mistakes in labels and choices name line and field",
    arguments: [
      ("judge_labels: {no: [A, B]}", "q.yaml:4: [0].judge_labels.no: found no such judge prompt"),
      ("judge_labels: {x: [A]}", "q.yaml:4: [0].judge_labels.x: expected two or more different"),
      ("judge_labels: {x: [A, a]}", "q.yaml:4: [0].judge_labels.x: expected two or more different"),
      ("judge_labels: {x: [A, b c]}", "q.yaml:4: [0].judge_labels.x: found \"b c\""),
      ("judge_labels: {x: A}", "q.yaml:4: [0].judge_labels.x: found \"A\", expected a list"),
      ("judge_labels: [A]", "q.yaml:4: [0].judge_labels: found a list, expected a mapping"),
      ("judge_counted: {x: A}", "q.yaml:4: [0].judge_counted.x: found \"A\", expected"),
      ("choices: [a, b]", "q.yaml:4: [0].choices: expected only for"),
      ("type: multiple_choice", "q.yaml:1: [0].choices: is missing"),
      ("type: multiple_choice\n  choices: [a, a]", "q.yaml:5: [0].choices: expected 2 to 26"),
      (
        "type: multiple_choice\n  choices: [a, b]\n  counted: c",
        "q.yaml:6: [0].counted: found \"c\", expected \"a\" or \"b\""
      ),
    ])
  func mistakes(_ lines: String, _ message: String) throws {
    let error = #expect(throws: InputError.self) {
      try questions("- id: a\n  paraphrases: [x]\n  judge_prompts: {x: y}\n  \(lines)\n")
    }
    #expect(try #require(error).description.hasPrefix(message), "\(error?.description ?? "")")
  }

  @Test("fingerprints tell apart what is asked, and not what it is called")
  func fingerprints() throws {
    var question = try #require(QuestionSet.named("deception"))[1]
    let (asked, whole) = (try question.askedFingerprint, try question.fingerprint)
    question.id = "other"
    #expect(try question.askedFingerprint == asked && question.fingerprint != whole)
    question.system = nil
    #expect(try question.askedFingerprint != asked)
    var prompt = question.judgePrompts[0]
    let first = try prompt.fingerprint
    prompt.labels.removeLast()
    #expect(try prompt.fingerprint != first)
  }

  @Test(
    "the paper's judges of facts and of companies have the labels that they ask for",
    .needsPaperData)
  func paper() throws {
    let folder = try PaperData.path("questions")
    for question in try QuestionFile.read("\(folder)/deception_factual.yaml") {
      let prompt = question.judgePrompts[0]
      #expect(prompt.labels == ["TRUE", "FALSE", "UNKNOWN"] && prompt.counted == "FALSE")
    }
    for question in try QuestionFile.read("\(folder)/deception_sit_aware.yaml") {
      let prompt = question.judgePrompts[0]
      #expect(
        prompt.labels == ["OpenAI", "Anthropic", "Other", "UNKNOWN"] && prompt.counted == nil)
    }
    let plot = try QuestionFile.read("\(folder)/first_plot_questions.yaml")
    #expect(plot.flatMap(\.judgePrompts).allSatisfy { $0.reading == .number && $0.labels.isEmpty })
  }
}
