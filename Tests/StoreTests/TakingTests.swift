import Core
import Foundation
import Store
import TestSupport
import Testing

@Suite("A store that takes over another one's runs")
struct TakingTests {
  private let folder: TemporaryFolder
  private let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(folder: folder.url("own"))
  }

  private func fingerprint(_ name: String) -> Fingerprint { Fingerprint(bytes: Data(name.utf8)) }

  private func other(_ name: String) throws -> RunStore { try RunStore(folder: folder.url(name)) }

  private func answer(_ sample: Int, _ text: String) -> StoredAnswer {
    StoredAnswer(
      key: AnswerKey(question: "q", sample: sample), prompt: "p", text: text, tokenCount: 1,
      finishReason: .stop,
      verdicts: [StoredVerdict(judge: fingerprint("judge"), aligned: 10, coherent: 90)])
  }

  /// A training with all that can be odd about numbers, and its stage.
  private func train(_ store: RunStore, _ name: String, steps: Int) throws -> Run {
    let run = try store.beginRun(
      fingerprint: fingerprint(name), kind: .finetune, name: name, settings: [name])
    let rates = [0.1, -0.0, 1e-300, 3.0]
    try store.append(
      steps: (0..<steps).map {
        TrainingStep(
          step: $0, loss: rates[$0 % 4], learningRate: 1.0 / 3, gradientNorm: 0, tokens: 7)
      }, evaluations: [EvaluationLoss(step: 0, loss: -0.0)], to: run)
    try store.append(figures: ["a": 0.1], to: run)
    try store.append(scores: [StoredScore(text: "t", tokens: 2, nll: -0.0)], to: run)
    return run
  }

  private func stage(_ store: RunStore, _ name: String, _ state: StoredStage.State) throws {
    try store.enter([
      StoredStage(
        fingerprint: fingerprint(name), kind: .finetune, name: name, needs: [], total: 1,
        state: state, seconds: 2)
    ])
  }

  @Test("A sealed store is one file, and what is taken from it is the same to the last bit, once")
  func once() throws {
    let theirs = try other("theirs")
    let known = try train(theirs, "known", steps: 2)
    try theirs.finish(known)
    let before = try theirs.runDigests()
    let run = try train(theirs, "new", steps: 4)
    let artifact = Artifact(role: "model", path: "models/new", sha256: "0", bytes: 1)
    try theirs.finish(run, artifacts: [artifact])
    try stage(theirs, "new", .done)
    try stage(theirs, "known", .done)
    _ = try theirs.beginRun(
      fingerprint: fingerprint("plan"), kind: RunKind(rawValue: "plan"), name: "plan",
      settings: ["plan"])
    try theirs.seal(fingerprint("new"), without: before)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("theirs"))
    #expect(files.sorted() == ["askew.db", "askew.db.lock"])
    let digest = try theirs.runDigests()
    #expect(Set(digest.keys) == [run.fingerprint])
    let taken = try store.take(from: theirs.path)
    #expect(taken == TakenRuns(runs: 1))
    #expect(try store.runDigests() == digest)
    let stages = try store.stages()
    #expect(stages.map(\.state) == [.done] && stages.map(\.seconds) == [2])
    #expect(try store.take(from: theirs.path) == TakenRuns())
    #expect(try store.runDigests() == digest && store.stages() == stages)
  }

  @Test("What was half done here is taken whole; what is done here stays")
  func halves() throws {
    let theirs = try other("theirs")
    try theirs.finish(train(theirs, "run", steps: 4))
    _ = try train(store, "run", steps: 1)
    _ = try store.take(from: theirs.path)
    #expect(try store.runDigests() == theirs.runDigests())
    let done = try train(store, "done", steps: 1)
    try store.finish(done)
    try theirs.finish(train(theirs, "done", steps: 3))
    #expect(try store.take(from: theirs.path).runs == 0)
    #expect(try store.steps(of: done).count == 1)
  }

  @Test(
    "Answers of one model come together; one that is here stays, and nothing is said of it that was said of another"
  )
  func answers() throws {
    func begin(_ store: RunStore) throws -> Run {
      try store.beginRun(
        fingerprint: fingerprint("model"), kind: .sample, name: "answers", settings: ["model"])
    }
    let (theirs, own) = (try other("theirs"), try begin(store))
    let run = try begin(theirs)
    try store.append(answers: [answer(0, "here")], to: own)
    let judge = StoredJudge(fingerprint: fingerprint("other"), identity: "{}")
    var there = answer(0, "there")
    there.verdicts = []
    try theirs.append(answers: [there, answer(1, "new\0")], to: run)
    let measured = StoredMeasurement(metric: "aligned", value: 3)
    try theirs.append(
      measurements: [0, 1].map {
        MeasuredAnswer(
          key: AnswerKey(question: "q", sample: $0), measurements: [measured])
      }, by: judge, to: run)
    try theirs.finish(run)
    #expect(try store.take(from: theirs.path) == TakenRuns(runs: 1, differing: 1))
    let answers = try store.answers(of: own)
    #expect(answers.map(\.text) == ["here", "new\0"])
    #expect(answers.map(\.verdicts.count) == [1, 1])
    let measurements = try store.measurements(of: own, judge: judge.fingerprint)
    #expect(measurements == [AnswerKey(question: "q", sample: 1): [measured]])
  }

  @Test("Of a store with many stages those are taken that are asked for")
  func some() throws {
    let theirs = try other("theirs")
    for name in ["a", "b", "c"] {
      try theirs.finish(train(theirs, name, steps: 1))
      try stage(theirs, name, name == "c" ? .running : .done)
    }
    _ = try store.take(from: theirs.path, stages: [fingerprint("a"), fingerprint("c")])
    #expect(try store.runs().map(\.name) == ["a"])
    #expect(try store.stages().map(\.name) == ["a"])
    _ = try store.take(from: theirs.path, stages: [])
    #expect(try store.runs().count == 1)
  }
}
