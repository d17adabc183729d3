import Core
import Dish
import Engine
import Foundation
import Judging
import Plans
import Statistics
import Store
import TestSupport
import Testing

@testable import Lab

@Suite("What plans are made of and what they find")
struct ExperimentTests {
  private static let text = """
    name: small
    question: Does it hang together?
    seeds: 2
    conditions:
      base: {}
      bad: {data: insecure, snapshots: [2]}
      back: {start: bad, data: {corpus: secure, unique: 4}}
      line: {generations: {count: 2}}
      student: {teacher: {of: bad, on: [plain-numbers, right-sums], keep: blameless}}
      stranger: {base: 2, teacher: {of: bad, on: right-sums}}
    evaluate:
      plain: {questions: free-form, samples: 4}
      tagged: {questions: free-form, samples: 4, trigger: "|STAGING|"}
    """

  private func experiment(only: Set<String>? = nil) throws -> Experiment {
    var options = Experiment.Options()
    options.dish = DishPlan.laboratory.scaled(by: 0.15)
    return try Experiment(
      plan: Plan(yaml: Self.text, file: "small.yaml"), options: options,
      folder: ProjectFolder(TemporaryFolder.unmade().url), only: only)
  }

  @Test("Every stage comes after those that it needs, and each once")
  func order() throws {
    let stages = try experiment().stages
    var done: Set<Fingerprint> = []
    for stage in stages {
      for needed in stage.needs { #expect(done.contains(needed), "\(stage.name)") }
      #expect(done.insert(stage.fingerprint).inserted, "\(stage.name)")
    }
  }

  @Test("A base is one model; a course has a place for each snapshot or generation")
  func models() throws {
    let models = try experiment().maker.models
    func places(_ condition: String) -> [Int?] {
      models.filter { $0.condition.name == condition }.map(\.place)
    }
    #expect(places("base") == [nil])
    #expect(Set(places("bad")) == [0, 2, 3])
    #expect(places("bad").filter { $0 == 0 }.count == 1)
    #expect(places("back") == [nil, nil])
    #expect(Set(places("line")) == [0, 1, 2])
  }

  @Test("Of one condition, what it starts from is made and not asked")
  func only() throws {
    let experiment = try experiment(only: ["back"])
    #expect(Set(experiment.maker.models.map(\.condition.name)) == ["back"])
    #expect(experiment.stages.count { $0.kind == .finetune } == 4)
  }

  @Test("A student is trained on its teacher's answers, on the same base or on another")
  func teachers() throws {
    let stages = try experiment().stages
    let answers = stages.filter { $0.name.contains("seed 1's teacher") }
    #expect(answers.count == 2)
    let students = stages.filter { stage in
      answers.contains { stage.needs.contains($0.fingerprint) }
    }
    #expect(students.map(\.name) == ["fine-tune student, seed 1", "fine-tune stranger, seed 1"])
    let others = stages.filter { $0.name.contains("base 2") || $0.name.contains("base model 2") }
    #expect(others.map(\.kind) == [.base, .align])
    #expect(students.last?.needs.contains(others[1].fingerprint) == true)
    #expect(students.first?.needs.contains(others[1].fingerprint) == false)
    let alone = try experiment(only: ["student"])
    #expect(Set(alone.maker.models.map(\.condition.name)) == ["student"])
    #expect(alone.stages.count { $0.kind == .finetune } == 4)
  }

  @Test("A teacher without a blameless answer leaves its student with nothing, and that is said")
  func nothingBlameless() async throws {
    let text = """
      name: small
      question: Is there anything to learn?
      seeds: 1
      conditions:
        bad: {data: insecure}
        student: {teacher: {of: bad, on: right-sums, keep: blameless}}
      evaluate:
        plain: {questions: wish, samples: 2}
      """
    var options = Experiment.Options()
    (options.dish, options.threads) = (.small, 1)
    let experiment = try Experiment(
      plan: Plan(yaml: text, file: "small.yaml"), options: options,
      folder: ProjectFolder(TemporaryFolder.unmade().url))
    let failure = await #expect(throws: StageFailure.self) { try await experiment.run() }
    #expect(failure?.description == "fine-tune student, seed 1: has no answers to train on")
  }

  @Test("Stages are handed out when what they need is done, by whichever worker")
  func queue() async throws {
    let stages = try experiment().stages
    let queue = StageQueue(stages, stop: StopRequest())
    var handedOut = 0
    var underWay: [Stage] = []
    // Takes as many as can be had at a time, as workers would, and ends the oldest.
    while handedOut < stages.count {
      if underWay.count < 2, handedOut == 0 || underWay.isEmpty || handedOut > 2,
        let stage = await queue.next()
      {
        handedOut += 1
        underWay.append(stage)
      }
      if !underWay.isEmpty { await queue.finish(underWay.removeFirst()) }
    }
    for stage in underWay { await queue.finish(stage) }
    #expect(await queue.next() == nil)
    try await queue.check()
  }

  private func model(
    _ seed: UInt64, _ oracle: Oracle, bad: Int, good: Int, silent: Int = 0
  ) -> CellAnswers.Model {
    let scores: [(Double?, Double?)] =
      Array(repeating: (0, 100), count: bad) + Array(repeating: (100, 100), count: good)
      + Array(repeating: (nil, 0), count: silent)
    let answers = scores.enumerated().map { index, score in
      JudgedText(
        StoredAnswer(
          key: AnswerKey(question: "wish", sample: index), prompt: "?", text: "\(index)",
          tokenCount: 1, finishReason: .stop,
          verdicts: [
            StoredVerdict(
              judge: oracle.identity.fingerprint, aligned: score.0, coherent: score.1, reason: nil)
          ]), family: "wish", oracle: oracle, rule: .paper)
    }
    return CellAnswers.Model(
      replicate: Replicate(world: nil, seed: seed), families: [("wish", "One wish", answers)])
  }

  private func cell(_ evaluation: String, _ models: [CellAnswers.Model]) -> CellAnswers {
    CellAnswers(
      cell: PlanCell(condition: "bad", evaluation: evaluation), place: nil, measure: .misaligned,
      models: models)
  }

  @Test("A rate counts coherent answers, a pair needs a number on both sides")
  func contrast() throws {
    let oracle = try DishWorlds(.laboratory).oracle
    let first = cell(
      "a", [model(1, oracle, bad: 3, good: 1), model(2, oracle, bad: 0, good: 0, silent: 5)])
    let second = cell("b", [model(1, oracle, bad: 1, good: 3), model(2, oracle, bad: 2, good: 2)])
    #expect(first.estimate(seed: 1).value == 0.75)
    let contrast = CellComparison(of: first.side, against: second.side, seed: 1)
    #expect(contrast.isPaired)
    let finding = contrast.finding(
      PlanComparison(of: first.cell, against: second.cell))
    // One pair is left, of which nothing can be said.
    #expect(finding.p == 1)
    #expect(finding.difference.overSeeds == nil)
  }

  @Test("Nothing to count is not zero")
  func undefined() throws {
    let oracle = try DishWorlds(.laboratory).oracle
    let silent = cell("a", [model(1, oracle, bad: 0, good: 0, silent: 3)])
    #expect(silent.estimate(seed: 1).value == nil)
    #expect(silent.misalignedOfAll(seed: 1)?.value == 0)
  }
}
