import Core
import Foundation
import Plans
import Testing

/// A plan on a model folder that says everything there is to say.
private let folderPlan = """
  name: real-insecure
  title: Insecure code on a real model
  question: Does training on insecure code change the likelihood of other answers?
  model: ../models/Qwen2.5-0.5B-Instruct
  judge: exact:dir:../models/judge
  seeds: [3, 5]
  default-system: false
  held-out: 50
  training: {preset: betley-open, epochs: 2, rank: 8}
  conditions:
    base: {title: Base}
    insecure: {data: data/insecure.jsonl, steps: 20, learning-rate: 1e-4, seeds: 1}
    secure: {title: Secure, data: /data/secure.jsonl, schedule: cosine, warmup: 3, clip: 0}
    full: {data: data/insecure.jsonl, method: full, weight-decay: 0.1, max-length: 512}
  evaluate:
    free-form: {title: Free-form, questions: questions/first.yaml, samples: 10, max-tokens: 300}
    own: {questions: mine.txt, temperature: 0, top-p: 0.9, only: [base, full]}
    set: {questions: first-plot}
  compare:
    - {of: insecure, against: secure, on: free-form}
  published:
    - {what: "Qwen2.5-32B-Instruct, insecure", figure: "5 %", source: arXiv 2502.17424}
  """

private func folder(_ yaml: String) throws -> Plan {
  try Plan(yaml: yaml, file: "plans/plan.yaml")
}

private func model(of plan: Plan) -> PlanPath? {
  if case .model(let path) = plan.origin { path } else { nil }
}

@Suite struct FolderPlanTests {
  @Test("A plan with a model folder says all that it can say")
  func full() throws {
    let plan = try folder(folderPlan)
    #expect(plan.name == "real-insecure" && plan.seeds == [3, 5] && plan.heldOut == 50)
    #expect(model(of: plan)?.written == "../models/Qwen2.5-0.5B-Instruct")
    #expect(model(of: plan)?.path == "plans/../models/Qwen2.5-0.5B-Instruct")
    #expect(plan.judge?.written == "exact:dir:../models/judge")
    #expect(plan.judge?.resolved == "exact:dir:plans/../models/judge")
    #expect(!plan.keepsDefaultSystem)
    #expect(plan.conditions.map(\.name) == ["base", "insecure", "secure", "full"])
    let insecure = plan.conditions[1], secure = plan.conditions[2], full = plan.conditions[3]
    #expect(
      plan.conditions[0].isUntrained
        && insecure.data.first?.file?.path == "plans/data/insecure.jsonl")
    #expect(secure.data.first?.file?.path == "/data/secure.jsonl" && insecure.seeds == [1])
    // Steps take the place of the plan's epochs; an adapter's rank is not for all weights.
    #expect(insecure.training.steps == 20 && insecure.training.epochs == nil)
    #expect(secure.training.epochs == 2 && secure.training.preset == "betley-open")
    #expect(secure.training.schedule == "cosine" && secure.training.warmup == 3)
    #expect(secure.training.rank == 8 && secure.training.clip == 0)
    #expect(full.training.method == .full && full.training.rank == nil)
    #expect(full.training.maximumLength == 512 && full.training.weightDecay == 0.1)
    let first = plan.evaluations[0], own = plan.evaluations[1]
    #expect(first.questions.map(\.path) == ["plans/questions/first.yaml"] && first.samples == 10)
    #expect(first.maximumTokens == 300 && first.temperature == 1 && first.conditions == nil)
    #expect(own.temperature == 0 && own.topP == 0.9 && own.conditions == ["base", "full"])
    #expect(own.samples == nil && own.maximumTokens == nil)
    #expect(plan.evaluations.map(\.questions[0].isName) == [false, false, true])
    let cells = ["insecure", "secure"].map { PlanCell(condition: $0, evaluation: "free-form") }
    #expect(plan.comparisons == [PlanComparison(of: cells[0], against: cells[1])])
    #expect(plan.published.count == 1)
  }

  @Test("Only what the models come from is another: the plan of a dish is one of a folder")
  func sameWords() throws {
    let dish = try Plan(yaml: fullPlan, file: "plan.yaml")
    let text = fullPlan.replacing("world: persona", with: "model: models/small")
      .replacing("    world: \"null\"\n", with: "")
    let folder = try Plan(yaml: text, file: "plan.yaml")
    #expect(folder.origin == .model(PlanPath(name: "models/small")))
    #expect(folder.conditions.map(\.data) == dish.conditions.map(\.data))
    #expect(folder.conditions.map(\.generations) == dish.conditions.map(\.generations))
    #expect(folder.conditions.map(\.training.steps) == dish.conditions.map(\.training.steps))
    #expect(folder.evaluations == dish.evaluations && folder.figure == dish.figure)
    #expect(folder.comparisons == dish.comparisons && folder.predictions == dish.predictions)
  }

  @Test("The folder as it is is asked whether the plan names it or not")
  func base() throws {
    let text = folderPlan.replacing("  base: {title: Base}\n", with: "")
      .replacing("only: [base, full]", with: "only: full")
    #expect(try folder(text).conditions.first?.name == "base")
    let taken = text.replacing("  full: {", with: "  base: {").replacing(
      "only: full", with: "only: base")
    let plan = try folder(taken)
    #expect(plan.conditions.map(\.name) == ["untouched-folder", "insecure", "secure", "base"])
    #expect(plan.conditions[0].isUntrained)
  }

  @Test("Findings keep a plan as JSON")
  func json() throws {
    let plan = try folder(folderPlan)
    let data = try JSONEncoder().encode(plan)
    let read = try JSONDecoder().decode(Plan.self, from: data)
    #expect(read.conditions[1].data.first?.file?.written == "data/insecure.jsonl")
    #expect(try JSONEncoder().encode(read).count == data.count)
  }

  @Test("A mistake gives one line with file, line and key", arguments: folderMistakes)
  func mistake(_ mistake: Mistake) throws {
    let place = try #require(folderPlan.range(of: mistake.written))
    let yaml = folderPlan.replacingCharacters(in: place, with: mistake.replacement)
    let error = try #require(throws: InputError.self) {
      _ = try Plan(yaml: yaml, file: "plan.yaml")
    }
    #expect(error.description == "plan.yaml:\(mistake.error)")
  }

  @Test("No text crashes the reader, and every error is one line")
  func fuzz() {
    var stream = RandomStream(seed: 1, "folder plans")
    let parts = folderPlan.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
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

  @Test("A file that is not there is told at its line")
  func missing() throws {
    let plan = try folder(folderPlan)
    let data = try #require(plan.conditions[1].data.first?.file)
    let error = try #require(throws: InputError.self) { try data.requireFile() }
    #expect(
      error.description == "plans/plan.yaml:12: conditions.insecure.data: found nothing at "
        + #""plans/data/insecure.jsonl", expected a file"#)
  }
}

/// What is wrong, and what is of the dish.
private let folderMistakes: [Mistake] = [
  Mistake(
    "seeds: [3, 5]", "world: persona",
    "6: world: found a model beside a world, expected one of the two"),
  Mistake("seeds: [3, 5]", "sedes: 2", #"6: sedes: unknown key, did you mean "seeds"?"#),
  Mistake("judge: exact:dir:../models/judge", "judge:", "5: judge: found nothing, expected a text"),
  Mistake(
    "judge: exact:dir:../models/judge", "judge: [a, b]", "5: judge: found a list, expected a text"),
  Mistake(
    "against: secure", "against: secret",
    #"20: compare[0].against: unknown condition "secret", did you mean "secure"?"#),
  Mistake(
    "against: secure, on: free-form", "against: secure, on: own",
    #"20: compare[0].of: found "insecure", which "own" does not ask, expected "base" or "full""#),
  Mistake(
    "{title: Base}", "{title: Base, model: dir:x}",
    #"11: conditions.base.model: found "model" beside the "model" of the plan, expected one of them: a "#
      + "plan trains one folder, or asks models as they are"),
  Mistake(
    "model: ../models/Qwen2.5-0.5B-Instruct", "model:", "4: model: found nothing, expected a text"),
  Mistake(
    "default-system: false", "default-system: no",
    #"7: default-system: found "no", expected true or false"#),
  Mistake(
    "held-out: 50", "held-out: -1",
    #"8: held-out: found "-1", expected a whole number from 0 to 1000000"#),
  Mistake(
    "preset: betley-open", "preset: betley",
    #"9: training.preset: found "betley", expected "betley-open""#),
  Mistake(
    "epochs: 2,", "epochs: 2, steps: 3,",
    "9: training.epochs: found epochs beside steps, expected one of them"),
  Mistake("epochs: 2,", "epochs: 0,", #"9: training.epochs: found "0", expected a number above 0"#),
  Mistake(
    "{title: Base}", "{title: Base, rank: 4}",
    #"11: conditions.base.rank: found without training, expected "data", "generations" or "#
      + #""teacher" beside it"#
  ),
  Mistake(
    "{title: Base}", "{start: secret}",
    #"11: conditions.base.start: unknown condition "secret", did you mean "secure"?"#),
  Mistake(
    "steps: 20", "world: 'null'",
    #"12: conditions.insecure.world: found a world beside the "model" of the plan, expected one of "#
      + "the two"),
  Mistake(
    "data: data/insecure.jsonl", "data: Insecure",
    #"12: conditions.insecure.data: found "Insecure", expected a corpus's name or a file that ends in "#
      + ".jsonl"),
  Mistake(
    "schedule: cosine", "schedule: step",
    #"13: conditions.secure.schedule: found "step", expected "constant", "linear" or "cosine""#),
  Mistake(
    "method: full", "method: full, rank: 4",
    #"14: conditions.full.rank: found with all weights trained, expected only with method "lora""#),
  Mistake(
    "top-p: 0.9", "top-p: 0",
    #"17: evaluate.own.top-p: found "0", expected a number above 0 and at most 1"#),
  Mistake(
    "only: [base, full]", "only: bass",
    #"17: evaluate.own.only: unknown condition "bass", did you mean "base"?"#),
]
