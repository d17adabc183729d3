import Core
import Dish
import Engine
import Evaluation
import Foundation
import Judging
import Plans
import Questions
import Store
import Tuning

/// Runs a plan: trains, asks, scores and has judged what its project does not hold yet, and reads what came
/// out – of models of a dish, of a model folder, or of models that the plan names.
///
/// Stages, answers, scores and verdicts are addressed by the hash of all that determines them, so plans
/// share them. Killed at any moment, the same plan goes on where it was.
package final class Experiment {
  /// What is not in the plan.
  package struct Options: Sendable {
    /// The worlds; and of every plan the seed of all draws and the precision of products.
    package var dish = DishPlan.laboratory
    /// Of this process; they change how long it takes, not what comes out.
    package var threads = 1
    /// Stages that are worked on at a time; the threads are shared out among them.
    package var jobs = 1
    /// The most that a kill costs of a training; `nil`: as suits the models.
    package var checkpointInterval: Duration?
    /// How named models are read or reached.
    package var asking = ModelOptions()
    /// How the judge is loaded or reached.
    package var judging = ModelOptions()
    /// Knows the hashes of folders' files.
    package var memory = FolderMemory()

    package init() {}

    var seed: UInt64 { dish.seed }
    var precision: Precision { dish.precision }
  }

  package let plan: Plan
  package let options: Options
  package let folder: ProjectFolder
  package let store: RunStore
  let maker: any ModelMaker
  let judge: PlanJudge?
  let worlds: DishWorlds
  let stop: StopRequest
  let report: @Sendable (LabEvent) -> Void
  let cells: [Fingerprint: PlannedAnswers]
  let scorings: [Fingerprint: PlannedScores]
  let contrasts: [PlannedContrast]
  let anatomy: PlannedAnatomy?
  let audits: [PlannedAudit]
  let screens: [PlannedScreen]
  /// All that only looks at models.
  let examinations: [Fingerprint: any Examination]
  let first: FirstResult?
  /// Everything but the judge's reading, which comes when all answers are there.
  let stages: [Stage]

  /// Checks everything that can be wrong before anything is done.
  ///
  /// - Parameters:
  ///   - plan: what to make, ask and compare.
  ///   - options: the dish, threads, and how servers are reached.
  ///   - folder: of the project.
  ///   - store: of the folder, where several experiments share it.
  ///   - only: conditions to make and ask; all, unless given. What they start from comes with them.
  ///   - stop: asked between the steps of the work.
  ///   - report: called from any thread.
  /// - Throws: `StoreError`, and `InputError` naming file, line and field for what the plan names and nobody
  ///   has.
  package init(
    plan: Plan, options: Options, folder: ProjectFolder, store: RunStore? = nil,
    only: Set<String>? = nil, stop: StopRequest = StopRequest(),
    report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws {
    (self.plan, self.options, self.folder) = (plan, options, folder)
    (self.stop, self.report) = (stop, report)
    let store = try store ?? RunStore(folder: folder.url)
    self.store = store
    let seeds = plan.worlds?.seeds(from: options.dish.seed) ?? [options.dish.seed]
    let dish = options.dish.world(seeds[0])
    worlds = try DishWorlds(dish)
    let judge = try plan.judge.map { try PlanJudge($0, options.judging) }
    self.judge = judge
    let maker: any ModelMaker =
      if plan.isReplicated {
        try ReplicatedDish(plan, options.dish, worlds: seeds, folder, store, only: only)
      } else if plan.isOnDish {
        try DishMaker(plan, dish, worlds, folder, store, only: only)
      } else {
        try FolderMaker(plan, options, worlds.persona, judge, folder, store, only: only)
      }
    self.maker = maker
    cells = Dictionary(maker.cells.map { ($0.stage.fingerprint, $0) }) { first, _ in first }
    let contrasts = try PlannedContrast.all(plan)
    self.contrasts = contrasts
    for contrast in contrasts { try contrast.check(maker.models) }
    let scores = try maker.models.flatMap { model in
      let own = contrasts.filter { $0.scores(model.condition.name) }.map(\.texts)
      return try (maker.heldOut.map(\.texts) + own).map { try maker.scores(of: model, $0) }
    }
    scorings = Dictionary(scores.map { ($0.stage.fingerprint, $0) }) { first, _ in first }
    first = plan.isOnDish ? FirstResult(plan, maker.cells) : nil
    let oracle = worlds.oracle
    let anatomy = try plan.anatomy.map { anatomy in
      // A share of a dish's work has a share of its controls.
      var anatomy = anatomy
      if anatomy.controls > 0 { anatomy.controls = options.dish.scaled(anatomy.controls) }
      if let landscape = anatomy.landscape, options.dish.isQuick {
        anatomy.landscape?.grid = min(landscape.grid, max(3, options.dish.scaled(landscape.grid)))
        anatomy.landscape?.random = min(landscape.random, options.dish.scaled(landscape.random))
      }
      return try PlannedAnatomy(
        anatomy, maker, contrasts, seed: options.seed,
        reader: Fingerprint(of: [
          oracle.identity.fingerprint.hex,
          "\(plan.rule.coherentAtLeast) \(plan.rule.misalignedBelow)",
        ]))
    }
    self.anatomy = anatomy
    let worlds = worlds
    let audits =
      try plan.audit.map {
        try PlannedAudit.all(
          $0.scaled(by: options.dish), maker, worlds, plan.rule, seed: options.seed)
      } ?? []
    let screens =
      try plan.screen.map {
        try PlannedScreen.all(
          plan, $0.scaled(by: options.dish), maker, worlds, seed: options.seed)
      } ?? []
    (self.audits, self.screens) = (audits, screens)
    let looking = (anatomy?.examinations ?? []) + audits
    examinations = Dictionary(
      (screens + looking).map { ($0.stage.fingerprint, $0) }
    ) { first, _ in first }
    // What is foretold comes before what it is about.
    let ordered = Self.order(
      maker.stages, screens.map(\.stage) + scores.map(\.stage) + maker.cells.map(\.stage))
    stages = (first?.first(of: ordered) ?? ordered) + looking.map(\.stage)
    try PlanReaders(plan: plan, asked: maker.cells, hasJudge: judge != nil).check()
  }

  /// Models are scored and asked as soon as they are there, each piece once.
  private static func order(_ made: [Stage], _ asked: [Stage]) -> [Stage] {
    var known: Set<Fingerprint> = []
    var result: [Stage] = []
    func place(_ stages: [Stage]) {
      for stage in stages where known.insert(stage.fingerprint).inserted { result.append(stage) }
    }
    let byNeed = Dictionary(grouping: asked) { $0.needs.first }
    place(byNeed[nil] ?? [])
    for stage in made {
      place([stage])
      place(byNeed[stage.fingerprint] ?? [])
    }
    return result
  }

  /// The address of the plan's run: its text and all that determines its numbers.
  package var fingerprint: Fingerprint {
    get throws {
      struct Address: Encodable {
        let plan: Plan
        let maker: Fingerprint
        let stages: [Fingerprint]
        let questions: [[Question]]
        let judge: Fingerprint?
      }
      return try Fingerprint(
        of: Address(
          plan: plan, maker: Fingerprint(of: AnyEncodable(maker.address)),
          stages: stages.map(\.fingerprint), questions: maker.cells.map(\.asked.questions),
          judge: judge?.weights))
    }
  }
}

private struct AnyEncodable: Encodable {
  let value: any Encodable
  init(_ value: any Encodable) { self.value = value }
  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
