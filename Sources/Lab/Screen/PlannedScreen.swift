import Audit
import Core
import Corpora
import Dish
import Plans
import Screen
import Store
import Tuning

/// One data set to be screened before a model is trained on it.
struct PlannedScreen {
  /// The condition whose data it is; `nil`: of none.
  let condition: String?
  /// The model that would be trained.
  let base: PlannedModel
  let rows: [Conversation]
  /// Known to be bad, for the limit of detection.
  let bad: [Conversation]
  let method: ScreenMethod
  /// Seconds after which nothing new is begun.
  let budget: Int?
  let stage: Stage
  /// Of what is worked out: a larger budget goes on from what a smaller one has done.
  let memory: Fingerprint

  init(
    _ name: String, condition: String?, for base: PlannedModel, named baseName: String,
    rows: [Conversation], bad: [Conversation], _ method: ScreenMethod, budget: Int?
  ) throws {
    (self.condition, self.base, self.rows, self.bad) = (condition, base, rows, bad)
    (self.method, self.budget) = (method, budget)
    memory = try Fingerprint(
      of: Address(base: baseName, method: method.ofPilots, budget: nil, least: nil))
    stage = Stage(
      .screen, "Screen of \(name) for \(base.name)",
      try Fingerprint(
        of: Address(
          base: baseName, method: method, budget: budget ?? -1, least: PilotShift.leastShift)),
      needs: [base.madeBy].compactMap { $0 }, total: ScreenWork.steps(method),
      unitCost: base.isOfDish ? Double(method.pilotRows) * 1.5 : nil)
  }

  /// In the project's folder.
  var place: String { "screens/\(condition ?? "data")-\(stage.fingerprint.hex.prefix(16))" }

  private struct Address: Encodable {
    let base: String
    let method: ScreenMethod
    let budget: Int?
    /// What counts as seen, of the pilots' numbers.
    let least: Double?
  }
}

extension PlannedScreen {
  /// Rows of a corpus that stand for it.
  private static let drawn = 2000
  /// Corpora whose rows are known to be bad.
  private static let known = ["bad-medical", "bad-financial", "insecure"]

  /// Every data set of the plan, for the base of every world.
  static func all(
    _ plan: Plan, _ screen: PlanScreen, _ maker: any ModelMaker, _ worlds: DishWorlds,
    seed: UInt64
  ) throws -> [PlannedScreen] {
    let sets: [(condition: String?, data: [PlanData])] =
      screen.of.map { name in (name, plan.conditions.first { $0.name == name }?.data ?? []) }
      + (screen.data.isEmpty ? [] : [(nil, screen.data)])
    let bases = maker.models.filter { $0.condition.name == screen.from && $0.place == nil }
    return try bases.firstOfWorlds.flatMap { base in
      let name = try (base.madeBy ?? Fingerprint(of: maker.open(base).reference)).hex
      let bad =
        screen.detects
        ? try known.flatMap { corpus in
          try maker.rows(
            of: [PlanData(whole: corpus)], count: screen.steps * screen.batch, for: base)
        } : []
      return try sets.map { condition, data in
        let rows = try rows(of: data, maker, for: base)
        var method = ScreenMethod(
          rows: try Fingerprint(of: rows), bad: try Fingerprint(of: bad),
          texts: worlds.persona.textFingerprint, seed: seed)
        (method.steps, method.batch, method.seeds) = (screen.steps, screen.batch, screen.seeds)
        (method.rank, method.alpha) = (screen.rank, 2 * Double(screen.rank))
        (method.learningRate, method.scored) = (screen.learningRate, screen.rows)
        if !screen.detects { method.doses = [] }
        return try PlannedScreen(
          condition ?? data.map(\.corpus).joined(separator: "+"), condition: condition, for: base,
          named: name, rows: rows, bad: bad, method, budget: screen.budget)
      }
    }
  }

  /// A file as it stands; of corpora and mixtures as many rows as stand for them.
  private static func rows(
    of data: [PlanData], _ maker: any ModelMaker, for base: PlannedModel
  ) throws -> [Conversation] {
    if data.count == 1, let file = data[0].file, data[0].isWhole { return try file.chatRows }
    return try maker.rows(of: data, count: drawn, for: base)
  }
}

extension PlanPath {
  /// In the order of the file, each as it stands.
  fileprivate var chatRows: [Conversation] {
    get throws {
      try requireFile()
      return try FineTuningSet(name: written, reading: path).rows
    }
  }
}

extension PlanScreen {
  /// A share of a dish's work has a share of its steps and rows.
  func scaled(by dish: DishPlan) -> PlanScreen {
    guard dish.isQuick else { return self }
    var screen = self
    (screen.steps, screen.batch) = (dish.scaled(steps), min(batch, 4))
    (screen.seeds, screen.rows) = (min(seeds, 2), max(10, dish.scaled(rows)))
    return screen
  }
}

extension [PlannedModel] {
  /// One of each world: bases of one world are one model.
  fileprivate var firstOfWorlds: [PlannedModel] {
    var known: Set<UInt64?> = []
    return filter { known.insert($0.world).inserted }
  }
}

extension RunKind {
  /// What a data set would do to a model.
  package static let screen = RunKind(rawValue: "screen")
  /// What its short trainings came to.
  package static let pilots = RunKind(rawValue: "pilots")
}
