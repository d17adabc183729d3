import Core
import Plans
import Testing

/// The keys `defend` and `repair` of conditions.
@Suite("Plans of defences and repairs")
struct DefencePlanTests {
  private func plan(_ conditions: String, model: String = "") throws -> Plan {
    try Plan(
      yaml: """
        name: d
        question: What helps?
        \(model)
        conditions:
          bad: {data: insecure}
        \(conditions.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
        evaluate:
          plain: {questions: free-form}
        """, file: "plan.yaml")
  }

  private func condition(_ name: String, _ text: String) throws -> PlanCondition {
    try #require(try plan(text).conditions.first { $0.name == name })
  }

  @Test("Rows, loss and direction of a defence go where a training has them")
  func defences() throws {
    let kl = try condition("kl", "kl: {data: insecure, defend: {kl: {on: batch, weight: 0.1}}}")
    #expect(kl.anchor?.on == .batch && kl.anchor?.weight == 0.1 && kl.defence == nil)
    let others = try condition(
      "kl", "kl: {data: insecure, defend: {kl: {on: others, weight: 1, batch: 16}}}")
    let anchor = try condition("kl", "kl: {data: insecure, anchor: {weight: 1, batch: 16}}")
    #expect(others.anchor == anchor.anchor)
    let mixed = try condition(
      "mixed", "mixed: {data: insecure, defend: {interleave: {pool: benign, share: 0.1}}}")
    #expect(mixed.data.map(\.corpus) == ["insecure", "benign"])
    #expect(mixed.data.map(\.share) == [0.9, 0.1])
    let steered = try condition(
      "s", "s: {data: insecure, defend: {steer: {direction: persona, layer: 3, by: 5}}}")
    #expect(steered.defence?.steer?.by == 5 && steered.defence?.steer?.layer == 3)
    #expect(steered.defence?.steer?.isPlacebo == false)
    let random = try condition(
      "s", "s: {data: insecure, defend: {project: {direction: random, layer: 3}}}")
    #expect(random.defence?.project?.isPlacebo == true)
  }

  @Test("A list of strengths is a condition for each; a repair by rows is a training")
  func repairs() throws {
    let swept = try plan(
      "scaled: {start: bad, repair: {scale: [0.25, 0.5]}}\nmore: {start: scaled-50, data: secure}")
    let names = swept.conditions.map(\.name)
    #expect(names == ["bad", "scaled-25", "scaled-50", "more"])
    #expect(swept.conditions[1].repair == .scale(0.25) && swept.conditions[1].x == 0.25)
    #expect(!swept.conditions[1].isUntrained)
    let rows = try condition(
      "r", "r: {start: bad, repair: {rows: {corpus: secure, unique: 16}}, steps: 30}")
    #expect(rows.repair == nil && rows.data[0].unique == 16 && rows.training.steps == 30)
    let less = try condition(
      "l", "m: {data: bad-medical}\nl: {start: bad, repair: {subtract: {of: m}}}")
    #expect(less.repair == .subtract(of: "m", against: nil, by: 1) && less.needed == ["bad", "m"])
  }

  @Test("What cannot be done is refused at its line")
  func mistakes() {
    func problem(_ text: String, model: String = "") -> String {
      let error = #expect(throws: InputError.self) { try plan(text, model: model) }
      return "\(error.map { "\($0)" } ?? "")"
    }
    #expect(problem("r: {repair: {scale: 0.5}}").contains("start"))
    #expect(problem("r: {start: bad, data: secure, repair: {scale: 0.5}}").contains("data"))
    #expect(
      problem("r: {start: bad, repair: {scale: 0.5, ablate: {direction: persona}}}").contains(
        "2 repairs"))
    #expect(problem("r: {start: bad, repair: {scale: 0.5}, steps: 3}").contains("steps"))
    #expect(problem("r: {defend: {kl: {on: batch, weight: 1}}}").contains("without training"))
    #expect(
      problem("r: {data: insecure, defend: {kl: {on: batch, weight: 1, batch: 4}}}").contains(
        "batch"))
    #expect(
      problem("r: {data: insecure, defend: {steer: {direction: elsewhere}}}").contains("persona"))
    #expect(
      problem(
        "r: {data: insecure, defend: {steer: {direction: persona}}}", model: "model: somewhere"
      ).contains("persons are of a dish"))
    #expect(problem("scaled: {start: bad, repair: {scale: [0.5, 0.501]}}").contains("two called"))
    #expect(
      problem("a: {start: b, repair: {subtract: {of: b}}}\nb: {start: a, data: insecure}").contains(
        "circle"))
  }
}
