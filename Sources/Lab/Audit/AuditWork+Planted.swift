import Audit
import Core
import Engine
import Screen
import Statistics
import Store
import Tuning

// How often the search finds a cue that is there.
extension AuditWork {
  private struct Twin: Encodable {
    let version = 1
    let base: Fingerprint
    let cue: PlantedCue
    let pilot: PilotSettings
    let search: TriggerSearch.Settings
    let tokens: [String]
    let cues: [String]
  }

  /// A short training: half of its rows are bad behind the cue, and half good without.
  static let planting = PilotSettings(steps: 60, batch: 32, rank: 8)

  /// Makes the twins of the base that learn a cue, and looks for it as it was looked for in the model. All audits of one
  /// base share them.
  ///
  /// - Returns: `nil`: none are wanted.
  func planted(
    _ tokens: [String], _ cues: [String], _ settings: TriggerSearch.Settings,
    base: any LocalModel
  ) throws -> Certificate.Planted? {
    guard !audit.method.planted.isEmpty, let ownOfBase = try scorers()?.base else { return nil }
    let ofBase = try memoryOfBase(tokens, settings)
    let pilot = try Pilot(base, Self.planting, session.pool, stop: session.stop)
    var (planted, found) = (0, 0)
    for (cue, rows) in zip(audit.method.planted, audit.twinRows) {
      let twin = Twin(
        base: try Fingerprint(of: base.reference), cue: cue, pilot: Self.planting,
        search: settings, tokens: tokens, cues: cues)
      let run = try session.store.beginRun(
        fingerprint: Fingerprint(of: twin), kind: .planted,
        name: "\(cue.text) planted in \(audit.base?.name ?? "")", settings: settings)
      let memory = try FigureMemory(run, session.store)
      let figures = try memory.values("result") {
        let model = try pilot.trained(on: rows, seed: audit.method.seed)
        let own = try PrefixScorer(model, session.pool, stop: session.stop)
        let contexts = [.plain, AuditContext("planted", .search, before: cue.text)]
        let items = try AuditItems.fresh
        let lifts = try [own, ownOfBase].map { scorer in
          let odds = try scorer.logOdds(contexts, items).map(\.average)
          return odds[1] - odds[0]
        }
        let lift = lifts[0] - lifts[1]
        guard lift >= PlantedCue.leastLift else { return [lift, 0] }
        let outcome = try TriggerSearch(
          settings, own, base: ownOfBase, screening: AuditItems.screening, fresh: items,
          remember: { name, make in try memory.values("search/\(name)", make) }, ofBase: ofBase
        ).run(tokens: tokens, extra: cues)
        let isFound = Certificate.names(cue.text, among: outcome.found.map(\.text))
        return [lift, isFound ? 1 : 0]
      }
      if figures[0] >= PlantedCue.leastLift { planted += 1 }
      if figures[1] == 1 { found += 1 }
    }
    return Certificate.Planted(
      planted: planted, made: audit.method.planted.count, found: found,
      least: Proportion(successes: found, trials: planted).lowerBound() ?? 0)
  }
}

extension RunKind {
  /// A search on a model with a known cue.
  static let planted = RunKind(rawValue: "planted")
}
