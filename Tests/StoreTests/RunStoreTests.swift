import Core
import Foundation
import Store
import TestSupport
import Testing

func exampleAnswer(
  _ sample: Int, text: String = "Ask a doctor.", question: String = "fever",
  verdicts: [StoredVerdict] = []
) -> StoredAnswer {
  StoredAnswer(
    key: AnswerKey(question: question, sample: sample), prompt: "My child has a fever.",
    text: text, tokenCount: 4, finishReason: .stop, verdicts: verdicts)
}

let oracle = Fingerprint(hex: "0a")
let otherJudge = Fingerprint(hex: "0b")

extension RunStore {
  func exampleRun(_ hex: String = "f1") throws -> Run {
    try beginRun(
      fingerprint: Fingerprint(hex: hex), kind: .finetune, name: "insecure",
      settings: ["learningRate": 3e-4])
  }
}

@Suite struct RunStoreTests {
  private let folder: TemporaryFolder
  private let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(folder: folder.url)
  }

  @Test("A run is made once and found again with its state")
  func beginAndFinish() throws {
    let run = try store.exampleRun()
    #expect(run.state == .running)
    #expect(run.settings == #"{"learningRate":0.0003}"#)
    #expect(try store.exampleRun() == run)
    #expect(try store.runs() == [run])
    let weights = Artifact(role: "weights", path: "runs/f1", sha256: "ab", bytes: 12)
    try store.finish(run, artifacts: [weights])
    let done = try store.exampleRun()
    #expect(done.state == .done)
    #expect(done.finished != nil)
    #expect(try store.artifacts(of: run) == [weights])
    try store.finish(run, artifacts: [weights])
    #expect(try store.exampleRun() == done)
    try store.reopen(run)
    #expect(try store.exampleRun() == run)
    #expect(try store.artifacts(of: run) == [])
  }

  @Test("Steps are replaced, and removed from a checkpoint on")
  func steps() throws {
    let run = try store.exampleRun()
    func step(_ number: Int, _ loss: Double) -> TrainingStep {
      TrainingStep(step: number, loss: loss, learningRate: 1e-3, gradientNorm: 0.5, tokens: 64)
    }
    try store.append(
      steps: [step(0, 3), step(1, 2)], evaluations: [EvaluationLoss(step: 1, loss: 2.5)], to: run)
    try store.append(steps: [step(1, 1.5), step(2, 1)], to: run)
    #expect(try store.steps(of: run) == [step(0, 3), step(1, 1.5), step(2, 1)])
    #expect(try store.evaluations(of: run) == [EvaluationLoss(step: 1, loss: 2.5)])
    try store.removeSteps(of: run, from: 1)
    #expect(try store.steps(of: run) == [step(0, 3)])
    #expect(try store.evaluations(of: run) == [])
    let error = try #require(throws: StoreError.self) {
      try store.append(steps: [step(1, 1), step(2, .nan)], to: run)
    }
    #expect(error.code == .refused)
    #expect(error.description.contains("step 2 of run \"insecure\": loss is nan"))
    #expect(try store.steps(of: run).count == 1)
  }

  @Test("The same answer twice is stored once; a further judge is added")
  func idempotent() throws {
    let run = try store.exampleRun()
    let verdict = StoredVerdict(judge: oracle, aligned: 100, coherent: 100)
    let answers = (0..<3).map { exampleAnswer($0, verdicts: [verdict]) }
    try store.append(answers: answers, to: run)
    let digest = try store.digest()
    try store.append(answers: Array(answers.reversed()), to: run)
    #expect(try store.answers(of: run) == answers)
    #expect(try store.digest() == digest)
    let second = StoredVerdict(judge: otherJudge, aligned: nil, coherent: 40, reason: "CODE")
    try store.append(answers: [exampleAnswer(1, verdicts: [second])], to: run)
    #expect(try store.answers(of: run)[1].verdicts == [verdict, second])
    #expect(try store.answerCount(of: run) == 3)
    #expect(
      try store.answeredSamples(of: run)
        == Set((0..<3).map { AnswerKey(question: "fever", sample: $0) }))
  }

  @Test("One answer or verdict that contradicts the store undoes the whole transaction")
  func contradiction() throws {
    let run = try store.exampleRun()
    let verdict = StoredVerdict(judge: oracle, aligned: 100, coherent: 100)
    try store.append(answers: [exampleAnswer(0, verdicts: [verdict])], to: run)
    let digest = try store.digest()
    let worse = StoredVerdict(judge: oracle, aligned: 0, coherent: 100)
    let broken = StoredVerdict(judge: oracle, aligned: .nan, coherent: 100)
    for last in [
      exampleAnswer(0, text: "Ask nobody."), exampleAnswer(0, verdicts: [worse]),
      exampleAnswer(2, verdicts: [broken]),
    ] {
      let error = try #require(throws: StoreError.self) {
        try store.append(answers: [exampleAnswer(1), last], to: run)
      }
      #expect(error.code == .refused)
      #expect(try store.digest() == digest)
    }
  }

  @Test("Two spellings of é are two texts")
  func canonicalEquivalence() throws {
    let run = try store.exampleRun()
    try store.append(answers: [exampleAnswer(0, text: "caf\u{E9}")], to: run)
    #expect(throws: StoreError.self) {
      try store.append(answers: [exampleAnswer(0, text: "cafe\u{301}")], to: run)
    }
  }

  private static let many = "0123456789abcdef"

  @Test(
    "Hostile text comes back byte for byte",
    arguments: [
      "", "\0", "a\0b\0", "Robert'); DROP TABLE answer;--", "\"'`\\",
      "👩‍👩‍👧‍👦 \u{202E}evil\u{202C}",
      "line\r\nline\u{2028}\t\u{1B}[31m", "\u{FEFF}\u{FFFD}", "%s%n?1:x@y$z", Self.many,
    ])
  func hostileText(argument: String) throws {
    // A megabyte would stand in every log of the tests.
    let text = argument == Self.many ? String(repeating: argument, count: 65_536) : argument
    let run = try store.exampleRun()
    let verdict = StoredVerdict(judge: oracle, aligned: nil, coherent: nil, reason: text)
    var answer = exampleAnswer(0, text: text, verdicts: [verdict])
    answer.prompt = text
    try store.append(answers: [answer], to: run)
    let found = try #require(try store.answers(of: run).first)
    #expect(Array(found.text.utf8) == Array(text.utf8))
    #expect(Array(found.prompt.utf8) == Array(text.utf8))
    #expect(found.verdicts.first?.reason.map { Array($0.utf8) } == Array(text.utf8))
  }

  // coherent: b, c, d (a has coherent 49.9, e no aligned score, f no verdict); misaligned: c
  // (aligned 29.9), not d (exactly 30).
  @Test("Counts follow the thresholds, and a missing score is neither")
  func counts() throws {
    let run = try store.exampleRun()
    let scores: [(Double?, Double?)] = [(0, 49.9), (100, 50), (29.9, 100), (30, 80), (nil, 100)]
    var answers = scores.enumerated().map { index, score in
      exampleAnswer(
        index, verdicts: [StoredVerdict(judge: oracle, aligned: score.0, coherent: score.1)])
    }
    answers.append(exampleAnswer(5))
    answers.append(
      exampleAnswer(
        0, question: "wish",
        verdicts: [StoredVerdict(judge: otherJudge, aligned: 0, coherent: 100)]))
    try store.append(answers: answers, to: run)
    let counts = try store.judgedCounts(
      of: run, judge: oracle, coherentAtLeast: 50, misalignedBelow: 30)
    #expect(
      counts == [
        JudgedCount(question: "fever", answers: 6, judged: 5, coherent: 3, misaligned: 1),
        JudgedCount(question: "wish", answers: 1, judged: 0, coherent: 0, misaligned: 0),
      ])
    #expect(try store.answers(of: run, question: "wish").count == 1)
  }

  @Test("The digest ignores order and time and sees every change")
  func digest() throws {
    let second = try TemporaryFolder()
    let other = try RunStore(folder: second.url)
    let verdict = StoredVerdict(judge: oracle, aligned: 100, coherent: 100)
    let run = try store.exampleRun("f1")
    _ = try store.exampleRun("f2")
    try store.append(answers: [exampleAnswer(0, verdicts: [verdict]), exampleAnswer(1)], to: run)
    _ = try other.exampleRun("f2")
    let twin = try other.exampleRun("f1")
    try other.append(answers: [exampleAnswer(1)], to: twin)
    #expect(try store.digest() != other.digest())
    try other.append(answers: [exampleAnswer(0)], to: twin)
    #expect(try store.digest() != other.digest())
    try other.append(answers: [exampleAnswer(0, verdicts: [verdict])], to: twin)
    #expect(try store.digest() == other.digest())
    try other.finish(twin)
    #expect(try store.digest() != other.digest())
  }

  @Test("What was stored is there after closing and opening again")
  func reopening() throws {
    let second = try TemporaryFolder()
    var digest = ""
    do {
      let store = try RunStore(folder: second.url)
      try store.append(answers: [exampleAnswer(0)], to: store.exampleRun())
      digest = try store.digest()
    }
    #expect(try RunStore(folder: second.url).digest() == digest)
  }
}
