import Chats
import Core
import Corpora
import Dish
import Formats
import Plans
import Tuning

/// Rows that no fine-tune of the plan is trained on.
struct HeldOutRows {
  /// As the plan writes it.
  let file: String
  let rows: TuningRows
  let texts: ScoredTexts

  private init(file: String, rows: TuningRows) {
    (self.file, self.rows) = (file, rows)
    texts = ScoredTexts(
      name: file, fingerprint: rows.fingerprint, count: rows.sequences.count
    ) { _ in rows.sequences }
  }

  /// Where the plan does not say how many are drawn of a corpus.
  private static let usualCount = 64

  static func all(
    _ plan: Plan, _ conditions: [PlanCondition], _ base: BaseFolder, _ world: World, seed: UInt64
  ) throws -> [HeldOutRows] {
    var result: [HeldOutRows] = []
    let longest = base.summary.configuration.maximumPositionCount
    let files = try DataFiles(plan, leavingWholeFiles: true)
    for data in conditions.map(\.data) where !data.isEmpty {
      let name = data.map(\.corpus).joined(separator: "+")
      guard !result.contains(where: { $0.file == name }) else { continue }
      let rows: TuningRows
      if data.count == 1, let file = data[0].file {
        rows = try TuningRows(
          reading: file.path, with: base.tokenizer, maximumLength: longest, tooLong: .cut,
          part: .heldOut(plan.heldOut))
      } else if plan.heldOut == 0 || data.contains(where: { $0.file != nil }) {
        // Rows of a file that is drawn from are all trained on, sooner or later.
        continue
      } else {
        var parts = try files.parts(data)
        for index in parts.indices { parts[index].unique = nil }
        let seeds = FineTuningSeeds(plan: seed, model: 0)
        rows = try TuningRows(
          world.fineTuningSet(
            parts, rows: plan.heldOut ?? usualCount, seed: seeds.heldOut
          ).rows, named: name, with: base.tokenizer, maximumLength: longest, tooLong: .cut)
      }
      if !rows.sequences.isEmpty { result.append(HeldOutRows(file: name, rows: rows)) }
    }
    return result
  }
}
