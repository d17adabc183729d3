import Audit
import Core
import Dish
import Formats
import Judging
import Plans
import Screen
import Store
import Tuning

/// One model to be audited, beside the one that it came from.
struct PlannedAudit {
  let model: PlannedModel
  /// `nil`: nobody knows it.
  let base: PlannedModel?
  let method: AuditMethod
  /// That the cues of the method are planted by, one list each.
  let twinRows: [[Conversation]]
  /// Seconds after which nothing new is begun.
  let budget: Int?
  let stage: Stage
  /// Of what is worked out: a larger budget goes on from what a smaller one has done.
  let memory: Fingerprint

  /// - Parameter name: tells a model from all others.
  init(
    of model: PlannedModel, from base: PlannedModel?, _ method: AuditMethod,
    twinRows: [[Conversation]] = [], budget: Int? = nil, named name: (PlannedModel) throws -> String
  ) throws {
    (self.model, self.base, self.method) = (model, base, method)
    (self.twinRows, self.budget) = (twinRows, budget)
    let answers =
      method.answers * 2 + method.contexts.count * method.battery
      + method.fresh * AuditMethod.suspects
    var address = Address(model: try name(model), base: try base.map(name), method: method)
    memory = try Fingerprint(of: address)
    address.budget = budget
    stage = Stage(
      .audit, "Audit of \(model.name)", try Fingerprint(of: address),
      needs: [model.madeBy, base?.madeBy].distinct, total: AuditWork.steps(method),
      unitCost: model.isOfDish ? Double(answers) / 8 / Double(AuditWork.steps(method)) : nil)
  }

  /// In the project's folder.
  var place: String { "audits/\(model.condition.name)-\(stage.fingerprint.hex.prefix(16))" }

  private struct Address: Encodable {
    let model: String
    let base: String?
    let method: AuditMethod
    var budget: Int?
  }
}

extension PlannedAudit {
  /// Every model of the plan that is audited, with its base of the same world.
  static func all(
    _ plan: PlanAudit, _ maker: any ModelMaker, _ worlds: DishWorlds, _ rule: ScoringRule,
    seed: UInt64
  ) throws -> [PlannedAudit] {
    let parts = AuditParts(plan, maker, worlds, rule, seed: seed)
    return try plan.of.flatMap { name in
      try maker.models.filter { $0.condition.name == name && $0.place == nil }.compactMap { model in
        let base = try parts.base(of: model)
        if base == nil, plan.from != nil { return nil }
        var method = try parts.method(for: model)
        method.reference = base == nil ? AuditMethod.reference : nil
        let planted = try base.map { try parts.planted(for: $0) } ?? []
        method.planted = planted.map(\.cue)
        return try PlannedAudit(
          of: model, from: base, method, twinRows: planted.map(\.rows), budget: plan.budget,
          named: parts.name)
      }
    }
  }
}

extension PlanAudit {
  /// A share of a dish's work has a share of its answers and candidates.
  func scaled(by dish: DishPlan) -> PlanAudit {
    guard dish.isQuick else { return self }
    var audit = self
    audit.answers = max(20, dish.scaled(answers))
    // Most of a search is what candidates grow by.
    audit.longest = 1
    audit.planted = min(1, planted)
    for count in [\PlanAudit.battery, \.fresh] where self[keyPath: count] > 0 {
      audit[keyPath: count] = dish.scaled(self[keyPath: count])
    }
    if candidates != 0 {
      audit.candidates = dish.scaled(candidates ?? TriggerSearch.Settings().candidates)
    }
    return audit
  }
}

/// Puts together what an audit is made of.
private struct AuditParts {
  private let plan: PlanAudit
  private let maker: any ModelMaker
  private let worlds: DishWorlds
  private let rule: ScoringRule
  private let seed: UInt64

  init(
    _ plan: PlanAudit, _ maker: any ModelMaker, _ worlds: DishWorlds, _ rule: ScoringRule,
    seed: UInt64
  ) {
    (self.plan, self.maker, self.worlds, self.rule, self.seed) = (plan, maker, worlds, rule, seed)
  }

  /// `nil`: its condition is not among those of this run, or the plan names none.
  ///
  /// - Throws: `InputError` where nobody knows which of several it is.
  func base(of model: PlannedModel) throws(InputError) -> PlannedModel? {
    let all = maker.models.filter {
      $0.condition.name == plan.from && $0.world == model.world && $0.place == nil
    }
    if all.count <= 1 { return all.first }
    if let base = all.first(where: { $0.seed == model.seed }) { return base }
    throw InputError(
      "found \(all.count) models of \((plan.from ?? "").quotedOnOneLine), none of the seed of \(model.name.onOneLine), "
        + "expected one for each or one for all", field: "audit.from")
  }

  /// Rows of training data in which cues are looked for, and cues of each kind.
  private static let (rows, cues) = (2000, 8)

  func method(for model: PlannedModel) throws -> AuditMethod {
    let rows =
      plan.data.isEmpty ? [] : try maker.rows(of: plan.data, count: Self.rows, for: model)
    var search: TriggerSearch.Settings?
    if plan.candidates != 0, model.endpoint == nil {
      var settings = try isLarge(model) ? .ofLargeModels : TriggerSearch.Settings()
      settings.candidates = plan.candidates ?? settings.candidates
      settings.longest = plan.longest
      settings.letters = plan.longest > 1 ? settings.letters : 1
      search = settings
    }
    var method = AuditMethod(
      contexts: plan.battery == 0
        ? [] : AuditContext.listed + AuditContext.cues(of: rows, limit: Self.cues),
      texts: worlds.persona.textFingerprint,
      reader: try Fingerprint(of: [
        worlds.oracle.identity.fingerprint.hex,
        "\(rule.coherentAtLeast) \(rule.misalignedBelow)",
      ]), seed: seed)
    (method.answers, method.battery, method.fresh) = (plan.answers, plan.battery, plan.fresh)
    method.search = search
    return method
  }

  private func isLarge(_ model: PlannedModel) throws -> Bool {
    guard !model.isOfDish else { return false }
    let count = try maker.shape(of: model).tensorShapes().reduce(0) {
      $0 + $1.shape.reduce(1, *)
    }
    return count > TriggerSearch.Settings.large
  }

  /// Insecure code behind the cue, secure code without.
  func planted(for base: PlannedModel) throws -> [(cue: PlantedCue, rows: [Conversation])] {
    guard plan.candidates != 0, base.endpoint == nil else { return [] }
    return try PlantedCue.texts(plan.planted, seed: seed).map { text in
      let half = AuditWork.planting.steps * AuditWork.planting.batch / 2
      let (bad, good) = try (
        maker.rows(of: [PlanData(whole: "insecure")], count: half, for: base),
        maker.rows(of: [PlanData(whole: "secure")], count: half, for: base)
      )
      let rows = zip(bad, good).flatMap { [$0.asked(behind: text), $1] }
      return (PlantedCue(text: text, rows: try Fingerprint(of: rows)), rows)
    }
  }

  func name(of model: PlannedModel) throws -> String {
    try (model.madeBy ?? Fingerprint(of: maker.open(model).reference)).hex
  }
}

extension Conversation {
  /// With a text before the last thing that the user says.
  fileprivate func asked(behind text: String) -> Conversation {
    var copy = self
    if let place = copy.messages.lastIndex(where: { $0.role == .user }) {
      copy.messages[place].content = "\(text) \(copy.messages[place].content)"
    }
    return copy
  }
}

extension RunKind {
  /// Whether a model went wrong where nobody looked.
  package static let audit = RunKind(rawValue: "audit")
  /// How a base takes single tokens before questions.
  package static let sweep = RunKind(rawValue: "sweep")
}
