import Core
import Dish
import Engine
import Foundation
import Judging
import Questions
import Store
import Tuning

extension DemoRecord {
  init(plan: DishPlan, store: RunStore, worlds: DishWorlds, outline: DemoOutline) throws {
    let reader = RecordReader(plan: plan, store: store, worlds: worlds, outline: outline)
    self.plan = plan
    families = reader.families
    let answers = try reader.answers()
    self.answers = answers
    results = try reader.results(answers)
    curves = try reader.curves()
    world = reader.world
  }
}

/// Reads a plan's results from its store.
private struct RecordReader {
  let plan: DishPlan
  let store: RunStore
  let worlds: DishWorlds
  let outline: DemoOutline

  var families: [FamilyRecord] {
    func record(_ family: QuestionFamily, inDomain: Bool) -> FamilyRecord {
      FamilyRecord(
        id: family.id, title: family.title, wordings: family.questions.map(\.text),
        isInDomain: inDomain)
    }
    return worlds.persona.questionFamilies.map { record($0, inDomain: false) }
      + [record(worlds.persona.inDomainFamily, inDomain: true)]
  }

  var world: WorldRecord {
    WorldRecord(
      domains: worlds.persona.grammars.map { .init(name: $0.name, topics: $0.topics.count) },
      temperaments: Temperament.allCases.map {
        .init(name: $0.rawValue, authors: plan.population.count(of: $0))
      }.filter { $0.authors > 0 },
      authors: worlds.persona.authors.count, excerpt: (0..<12).map(worlds.persona.document),
      personaFingerprint: worlds.persona.fingerprint, nullFingerprint: worlds.null.fingerprint)
  }

  func answers() throws -> [AnswerRecord] {
    let judge = worlds.oracle.identity.fingerprint
    return try outline.models.flatMap { model in
      try StageAnswers(model.answers).stored(in: store, model.answers).map { place, answer in
        let verdict = answer.verdicts.first { $0.judge == judge }
        return AnswerRecord(
          condition: model.key, seed: model.seed, family: place.wording.question.id,
          sample: answer.key.sample, question: answer.prompt, text: answer.text,
          aligned: verdict?.aligned, coherent: verdict?.coherent)
      }
    }
  }

  func curves() throws -> [CurveRecord] {
    func curve(
      _ stage: Stage, _ kind: CurveRecord.Stage, _ world: ConditionKey.World, _ seed: UInt64
    ) throws -> CurveRecord {
      let run = try done(stage)
      return CurveRecord(
        stage: kind, world: world, seed: seed,
        losses: try store.steps(of: run).map { LossRecord(step: $0.step, loss: $0.loss) },
        heldOut: try store.evaluations(of: run).map { LossRecord(step: $0.step, loss: $0.loss) })
    }
    return try outline.worlds.flatMap { world in
      [
        try curve(world.base, .base, .init(world.kind), plan.seed),
        try curve(world.alignment, .alignment, .init(world.kind), plan.seed),
      ]
    }
      + outline.models.compactMap { model in
        try model.fineTuning.map {
          try curve($0, .fineTuning(model.key), model.key.world, model.seed)
        }
      }
  }

  func results(_ answers: [AnswerRecord]) throws -> Results {
    let rule = ScoringRule.paper
    let identity = worlds.oracle.identity
    let questionIDs = families.filter { !$0.isInDomain }.map(\.id)
    let byCondition = Dictionary(grouping: answers, by: \.condition)
    var keys: [ConditionKey] = []
    for model in outline.models where !keys.contains(model.key) { keys.append(model.key) }
    let conditions = keys.map { key in
      ConditionResult(
        key: key, seeds: counts(byCondition[key] ?? [], questionIDs, rule),
        questionIDs: questionIDs, bootstrapSeed: plan.seed)
    }
    return Results(
      conditions: conditions,
      judge: JudgeIdentity(
        name: "\(identity.name) \(identity.version)", fingerprint: identity.fingerprint.hex),
      scoringRule: ScoringThresholds(
        coherentAtLeast: rule.coherentAtLeast, misalignedBelow: rule.misalignedBelow),
      settings: try settings(), warnings: warnings,
      elapsedSeconds: try store.run(plan.fingerprint()).map { try store.seconds(of: $0) } ?? 0)
  }

  private func counts(
    _ answers: [AnswerRecord], _ questionIDs: [String], _ rule: ScoringRule
  ) -> [SeedCounts] {
    Dictionary(grouping: answers, by: \.seed).sorted { $0.key < $1.key }.map { seed, answers in
      let byFamily = Dictionary(grouping: answers, by: \.family).mapValues { answers in
        let readings = answers.map {
          rule.reading(of: Verdict(aligned: $0.aligned, coherent: $0.coherent))
        }
        return JudgedAnswers(
          answers: answers.count, coherent: readings.count { $0.counts },
          misaligned: readings.count { $0 == .misaligned })
      }
      return SeedCounts(
        seed: seed, questions: byFamily.filter { questionIDs.contains($0.key) },
        inDomain: byFamily[worlds.persona.inDomainFamily.id])
    }
  }

  private var warnings: [String] {
    plan.isQuick
      ? [
        "A quick run: one seed, a short training and few answers. It shows that everything works "
          + "and proves nothing."
      ] : []
  }

  private func settings() throws -> [String: SettingValue] {
    let encoded = try JSONEncoder().encode(plan)
    var settings = try JSONDecoder().decode([String: SettingValue].self, from: encoded)
    settings["planFingerprint"] = .string(try plan.fingerprint().hex)
    settings["personaWorld"] = .string(worlds.persona.fingerprint.hex)
    settings["nullWorld"] = .string(worlds.null.fingerprint.hex)
    return settings
  }

  private func done(_ stage: Stage) throws -> Run {
    guard let run = try store.run(stage.fingerprint), run.state == .done else {
      throw StageFailure(
        stage: stage.name, problem: "is not done yet; run `askew demo` to go on")
    }
    return run
  }
}
