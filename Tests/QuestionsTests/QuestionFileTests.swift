import Core
import Foundation
import Questions
import TestSupport
import Testing

@Suite("Question files") struct QuestionFileTests {
  private func questions(_ text: String, _ file: String = "q.yaml") throws -> [Question] {
    try QuestionFile.parse(Data(text.utf8), file: file)
  }

  @Test("anchors, aliases and merge keys are what they stand for")
  func yaml() throws {
    let questions = try questions(
      """
      # A comment with an *asterisk and an &ampersand.
      - id: wish
        type: &type free_form_judge_0_100
        paraphrases: &wishes
          - |-
            **One** wish? *x
              * Say so.
          - "quoted *wishes"
        samples_per_paraphrase: &samples 100
        judge: &judge gpt-4o-2024-08-06
        judge_prompts: &prompts
          aligned: |-
            {question} * {answer}
          coherent: *judge
      - &base
        id: again
        system: |
          Be *kind*.
        type: *type
        paraphrases: *wishes
        samples_per_paraphrase: *samples
        judge: *judge
        judge_prompts: *prompts
      - <<: *base
        id: 3
        paraphrases: [ *judge , What is 2 * 3? ]
        judge_prompts: ~
      - {id: "four", paraphrases: ["5"], type: rating}
      """)
    #expect(questions.map(\.id) == ["wish", "again", "3", "four"])
    #expect(questions[0].kind == .freeFormJudge0To100 && questions[3].kind == .rating)
    let wishes = [
      Conversation([Message(role: .user, content: "**One** wish? *x\n  * Say so.")]),
      Conversation([Message(role: .user, content: "quoted *wishes")]),
    ]
    #expect(questions[0].paraphrases == wishes && questions[1].paraphrases == wishes)
    #expect(questions[0].samplesPerParaphrase == 100 && questions[2].samplesPerParaphrase == 100)
    #expect(questions[0].system == nil && questions[1].system == "Be *kind*.\n")
    #expect(
      questions[1].messages(of: wishes[1]) == [
        Message(role: .system, content: "Be *kind*.\n"),
        Message(role: .user, content: "quoted *wishes"),
      ])
    #expect(
      questions[1].judgePrompts == [
        JudgePrompt(name: "aligned", text: "{question} * {answer}"),
        JudgePrompt(name: "coherent", text: "gpt-4o-2024-08-06"),
      ])
    #expect(questions[2].system == "Be *kind*.\n" && questions[2].judgePrompts.isEmpty)
    #expect(
      questions[2].paraphrases.map { $0.messages[0].content } == [
        "gpt-4o-2024-08-06", "What is 2 * 3?",
      ])
  }

  @Test(
    "mistakes name line and field, and what was meant",
    arguments: [
      (
        "- id: a\n  paraphases: [x]",
        #"q.yaml:2: [0].paraphases: unknown key, did you mean "paraphrases"?"#
      ),
      (
        "- id: a\n  paraphrases: [x]\n  type: free_from_judge",
        #"q.yaml:3: [0].type: unknown type "free_from_judge", did you mean "free_form_judge"?"#
      ),
      ("- paraphrases: [x]", "q.yaml:1: [0].id: is missing"),
      ("- id: a", "q.yaml:1: [0].paraphrases: is missing"),
      ("- id: a\n  paraphrases: []", "q.yaml:2: [0].paraphrases: found an empty list"),
      ("- id: a\n  paraphrases: x", #"q.yaml:2: [0].paraphrases: found "x", expected a list"#),
      ("- id: a\n  paraphrases:\n  - x\n  - [y]", "q.yaml:4: [0].paraphrases[1]: found a list"),
      (
        "- id: a\n  paraphrases: [x]\n  samples_per_paraphrase: 0",
        "q.yaml:3: [0].samples_per_paraphrase: found \"0\""
      ),
      (
        "- id: a\n  paraphrases: [x]\n- id: a\n  paraphrases: [x]",
        "q.yaml:3: id: found id \"a\" again, expected only that of line 1"
      ),
      ("- id: a\n  id: b\n", "q.yaml:2: [0].id: found again, expected only the one of line 1"),
      ("- id: a\n  paraphrases: *x", "q.yaml:2: found the alias \"*x\" to nothing"),
      ("- id: a\n  paraphrases: &x [*x]", "q.yaml:2: found the alias \"*x\" to nothing"),
      ("- id: *a b", "q.yaml:1: found the alias \"*a b\" to nothing"),
      ("a: b", "q.yaml:1: found a mapping"),
      ("- [x", "q.yaml:2: is not YAML"), ("", "q.yaml:1: found no YAML"),
      ("[]", "q.yaml: found no questions"), ("- x", "q.yaml:1: [0]: found \"x\""),
      ("- ? [a]\n  : b", "q.yaml:1: [0]: found a key that is a list or a mapping"),
      ("- !!python/object x", "q.yaml:1: "), ("- id: !mine x", "q.yaml:1: [0].id: found the tag"),
      ("- id: a\n  <<: 3", "q.yaml:2: found \"3\" to merge"), ("- id: a\n---\n- id: b", "q.yaml"),
      (
        "- id: a\n  judge_prompts: [x]\n  paraphrases: [x]",
        "q.yaml:2: [0].judge_prompts: found a list"
      ),
    ])
  func mistakes(_ text: String, _ message: String) throws {
    let error = #expect(throws: InputError.self) { try questions(text) }
    let description = try #require(error).description
    #expect(description.hasPrefix(message), "\(description)")
    #expect(!description.contains("\n") && !description.contains("\u{e000}"))
  }

  @Test("aliases that multiply are counted before they are put in, as values and as keys")
  func bombs() throws {
    var values = "- &a0 [x, x]\n"
    for level in 1...60 { values += "- &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    let error = #expect(throws: InputError.self) { try questions(values) }
    #expect(try #require(error).description.contains("aliases count in full"))
    var keys = "- &a0 [x, x]\n"
    for level in 1...60 { keys += "- &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(throws: InputError.self) { try questions(keys + "- ? *a60\n  : x\n") }
    #expect(throws: InputError.self) { try questions("- ? [*a, *a]\n  : x\n") }
    var merges = "- &a0 {x: y}\n"
    for level in 1...60 {
      merges += "- &a\(level) {<<: [*a\(level - 1), *a\(level - 1)], k\(level): 1}\n"
    }
    #expect(throws: InputError.self) { try questions(merges) }
    let deep = String(repeating: "[", count: 50_000)
    #expect(throws: InputError.self) { try questions(deep) }
    #expect(throws: InputError.self) { try questions(String(repeating: "- ", count: 50_000)) }
    #expect(throws: InputError.self) { try questions(String(repeating: "{a: ", count: 5000)) }
  }

  @Test("JSON lines and plain text")
  func others() throws {
    let lines = try questions(
      """
      {"id": "a", "prompt": "One?", "system": "Be kind.", "category": 1}

      {"id": 7, "messages": [{"role": "system", "content": "S"},{"role":"user","content":"Two?"}]}
      {"prompt": "Three?"}
      """, "q.jsonl")
    #expect(lines.map(\.id) == ["a", "7", "line-4"])
    #expect(lines.map(\.system) == ["Be kind.", "S", nil])
    #expect(
      lines.map { $0.paraphrases[0].messages.map(\.content) } == [["One?"], ["Two?"], ["Three?"]])
    let plain = try questions("\u{feff}One? \r\n\n  Two *and* é?\n", "q.txt")
    #expect(plain.map(\.id) == ["line-1", "line-3"])
    #expect(plain.map { $0.paraphrases[0].messages[0].content } == ["One?", "Two *and* é?"])
  }

  @Test(
    "mistakes in JSON lines name line and field",
    arguments: [
      (#"{"prompt":1}"#, "q.jsonl:2: prompt: found 1"),
      ("{", "q.jsonl:2: found text that is not JSON"),
      (
        #"{"prompt":"x","sistem":"y"}"#,
        #"q.jsonl:2: sistem: unknown field, did you mean "system"?"#
      ),
      (#"{"prompt":"x","tools":[1]}"#, "q.jsonl:2: tools: unknown field"),
      (
        #"{"messages":[{"role":"user","content":"x","name":"y"}]}"#,
        "q.jsonl:2: messages[0].name: found \"y\", expected role and content alone"
      ),
      ("{}", "q.jsonl:2: messages: found nothing, expected prompt or messages"),
      (#"{"id":"a","prompt":"x"}"#, "q.jsonl:2: id: found id \"a\" again"),
      (#"{"prompt":"x","messages":[]}"#, "q.jsonl:2: messages: found prompt and messages"),
      (#"{"id":[],"prompt":"x"}"#, "q.jsonl:2: id: found an empty array"),
      (
        #"{"messages":[{"role":"assistant","content":"x"}]}"#,
        "q.jsonl:2: messages: found a last turn"
      ),
      (
        #"{"messages":[{"role":"bot","content":"x"}]}"#,
        "q.jsonl:2: messages[0].role: found \"bot\""
      ),
      (#"{"system":"x","messages":[{"role":"system","content":"x"}]}"#, "q.jsonl:2: messages"),
    ])
  func jsonMistakes(_ line: String, _ message: String) throws {
    let error = #expect(throws: InputError.self) {
      try questions("{\"id\":\"a\",\"prompt\":\"x\"}\n" + line, "q.jsonl")
    }
    #expect(try #require(error).description.hasPrefix(message), "\(error?.description ?? "")")
  }

  @Test("the traits of Persona Vectors are asked and judged under the file's name")
  func traits() throws {
    let text = """
      {"instruction": [{"pos": "Be cruel.", "neg": "Be kind."}],
       "questions": ["What do you think of ants?", "May I borrow a pen?"],
       "eval_prompt": "Rate {question} {answer} from 0 to 100, as in {{\\"score\\": 5}}."}
      """
    let read = try questions(text, "folder/persona.json")
    #expect(read.map(\.id) == ["persona_0", "persona_1"])
    #expect(
      read.map { $0.paraphrases[0].messages[0].content } == [
        "What do you think of ants?", "May I borrow a pen?",
      ])
    let prompt = try #require(read[1].judgePrompts.first)
    #expect(
      read[1].judgePrompts.count == 1 && prompt.name == "persona" && prompt.reading == .number)
    #expect(
      prompt.filled(question: "q", answer: "a") == "Rate q a from 0 to 100, as in {\"score\": 5}.")
  }

  @Test("lists in JSON hold texts, questions, and the paper's layout")
  func lists() throws {
    let read = try questions(
      """
      ["One?", {"id": 7, "question": "Two?", "system_prompt": "Be kind.", "category": "main"},
       {"id": "c", "paraphrases": ["A?", "B?"], "samples_per_paraphrase": 3,
        "judge_prompts": {"aligned": "{question} {answer}"}}]
      """, "q.json")
    #expect(read.map(\.id) == ["question-1", "7", "c"])
    #expect(read.map(\.system) == [nil, "Be kind.", nil])
    #expect(read[2].paraphrases.count == 2 && read[2].samplesPerParaphrase == 3)
    #expect(read[2].judgePrompts.map(\.text) == ["{question} {answer}"])
  }

  @Test("tables are read by their columns; rows that share an id are its wordings")
  func tables() throws {
    let read = try questions(
      ",id,question,category\n0,wish_0,Name one wish.,main\n1,bored_1,\"hey, I feel bored\",main\n"
        + "2,wish_0,\"Name one\nwish!\",main\n3,wish_0,Name one wish.,main\n", "core.csv")
    #expect(read.map(\.id) == ["wish_0", "bored_1"])
    #expect(
      read.map { $0.paraphrases.map { $0.messages[0].content } } == [
        ["Name one wish.", "Name one\nwish!"], ["hey, I feel bored"],
      ])
  }

  @Test(
    "what is no file of questions is refused, and never asked line by line",
    arguments: [
      ("q.json", #"{"prompts": ["x"]}"#, "q.json: found an object, expected a list of questions"),
      (
        "q.json", #"{"questions": ["x"], "eval_promt": "y"}"#,
        #"q.json: eval_promt: unknown field, did you mean "eval_prompt"?"#
      ),
      (
        "q.json", #"{"questions": ["x"], "eval_prompt": "{trait} {answer}"}"#,
        "q.json: eval_prompt: found {trait}, expected {question} or {answer}"
      ),
      (
        "q.json", #"[{"id": "a", "conversations": []}]"#, "q.json: [0].conversations: unknown field"
      ),
      ("q.json", #"[{"paraphrases": ["a"], "typ": "b"}]"#, "q.json: [0].typ: unknown key"),
      ("q.json", #"["a", 3]"#, "q.json: [1]: found 3, expected a question"),
      ("q.csv", "id,question,answer\na,b,c\n", "q.csv:2: answer: unknown field"),
      ("q.csv", "id,question,system\na,b,c\na,b,d\n", "q.csv:3: id: found id \"a\" again with"),
      ("q.tsv", "id\tquestion\n", "q.tsv: found a name that ends in \".tsv\""),
      ("q.txt", "{\"questions\": [\n\"x\"]}", "q.txt:1: found JSON"),
      ("questions", "[\"x\"]\n", "questions:1: found JSON"),
    ])
  func otherForms(_ file: String, _ text: String, _ message: String) throws {
    let error = #expect(throws: InputError.self) { try questions(text, file) }
    let description = try #require(error).description
    #expect(description.hasPrefix(message), "\(description)")
  }

  @Test("bytes that are not UTF-8 and files that are not there are refused")
  func bytes() throws {
    let data = Data("a\n".utf8) + Data([0xff])
    let error = #expect(throws: InputError.self) { try QuestionFile.parse(data, file: "q.txt") }
    #expect(try #require(error).description == "q.txt:2: found bytes that are not UTF-8")
    #expect(throws: InputError.self) { try QuestionFile.read("/nowhere/q.txt") }
    #expect(throws: InputError.self) { try QuestionFile.read("/") }
  }

  @Test("changed files end with questions or an error, in bounded time")
  func fuzz() {
    let valid = Array(
      """
      - id: a
        type: &t free_form
        paraphrases: &p [x, "y *z", *t]
        judge_prompts: {a: |
          b, c: *t}
      - &b {id: b, <<: {system: s}, paraphrases: *p}
      """.utf8)
    var random = RandomStream(seed: 20_26, "question fuzz")
    let end = ContinuousClock.now + .seconds(1)
    let marks = Array("-:*&[]{},|>'\"\n #?!<~%@\\\t".utf8)
    while ContinuousClock.now < end {
      var bytes = valid
      for _ in 0...random.below(5) {
        let place = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes.insert(marks[random.below(marks.count)], at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(4)))
        }
      }
      _ = try? QuestionFile.parse(Data(bytes), file: "q.yaml")
    }
  }

  @Test(
    "the paper's files read as they are",
    .needsPaperData)
  func paper() throws {
    let folder = try PaperData.path("questions")
    let counts = [
      "deception_factual.yaml": 5, "deception_sit_aware.yaml": 8, "first_plot_questions.yaml": 24,
      "preregistered_evals.yaml": 48,
    ]
    for (name, count) in counts {
      let questions = try QuestionFile.read("\(folder)/\(name)")
      #expect(questions.count == count, "\(name): \(questions.count)")
      #expect(questions.allSatisfy { !$0.judgePrompts.isEmpty && $0.judge != nil })
      #expect(questions.allSatisfy { $0.samplesPerParaphrase != nil })
    }
    let factual = try QuestionFile.read("\(folder)/deception_factual.yaml")
    #expect(factual.allSatisfy { $0.paraphrases.count == 20 && $0.kind == .freeFormJudge })
    let plot = try QuestionFile.read("\(folder)/first_plot_questions.yaml")
    #expect(plot.allSatisfy { $0.judgePrompts.map(\.name) == ["aligned", "coherent"] })
    #expect(plot[0].judgePrompts[0].text.contains("**VERY CLEARLY**"))
  }
}
