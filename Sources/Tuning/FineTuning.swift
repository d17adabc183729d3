import Chats
import Core
import Engine
import Formats
import Foundation

/// A fine-tuning of a model folder on a file of rows: what it is made of, checked before it begins.
///
/// Preparing reads headers, tokenizer, template, rows and the adapter that it starts from, and no
/// weight: everything that can be wrong with them is found here.
package struct FineTuning: Sendable {
  /// Where things are and how often to save; none of it changes the result.
  package struct Places: Sendable {
    package var model: String
    package var data: String
    package var output: String
    package var evaluationData: String?
    package var initialAdapter: String?
    /// A line a step; `nil`: `log.jsonl` in the output folder.
    package var log: String?
    /// Steps between snapshots of the adapter; `nil`: none.
    package var saveEvery: Int?
    /// Steps after which what is trained is kept besides.
    package var snapshots: [Int] = []

    package init(model: String, data: String, output: String) {
      (self.model, self.data, self.output) = (model, data, output)
    }
  }

  package private(set) var settings: TuningSettings
  package private(set) var places: Places
  package let outlook: TuningOutlook
  /// The system text that the template puts before every conversation without one.
  package let defaultSystemPrompt: String?
  let model: ModelSummary
  let adapter: LoRAConfiguration?
  let rows: TuningRows
  let evaluation: TuningRows?
  /// Rows that are held to what the model said before.
  let anchor: TuningAnchor?
  /// Made to the model's residual stream while it trains, and not afterwards.
  let steering: [ResidualEdit]
  /// The model, with the adapter that training starts from.
  let content: ModelContent
  /// Whether what the template adds by itself is left out.
  let omitsSystemPrompt: Bool

  /// - Parameters:
  ///   - recomputes: whether to run blocks again on the way back; `nil`: if memory asks for it.
  ///   - omitsSystemPrompt: leaves out what the template adds by itself.
  ///   - part: of the rows, what is trained on.
  ///   - steering: edits of the residual stream while the model trains (preventive steering, arXiv 2507.21509): what
  ///     they do already need not be learned. Losses are those of the steered model.
  ///   - memory: knows hashes of files, so that they need not be read for them.
  /// - Throws: `InputError` naming file, line and field of the first thing that is wrong; `StoreError`.
  package init(
    _ settings: TuningSettings, _ places: Places, threads: Int, recomputes: Bool? = nil,
    omitsSystemPrompt: Bool = false, part: TuningRows.Part = .all, steering: [ResidualEdit] = [],
    memory: FolderMemory = FolderMemory()
  ) throws {
    try self.init(
      settings, places, threads: threads, recomputes: recomputes,
      omitsSystemPrompt: omitsSystemPrompt, part: part, conversations: nil, anchor: nil,
      steering: steering, memory: memory)
  }

  /// - Parameters:
  ///   - conversations: what is trained on in place of a file, called as `places` call that.
  ///   - anchor: holds the training to what the model says of other rows.
  package init(
    _ settings: TuningSettings, _ places: Places, threads: Int, recomputes: Bool? = nil,
    omitsSystemPrompt: Bool, part: TuningRows.Part = .all, conversations: [Conversation]?,
    anchor: AnchoredConversations?, steering: [ResidualEdit] = [], memory: FolderMemory
  ) throws {
    self.settings = settings
    (self.steering, self.omitsSystemPrompt) = (steering, omitsSystemPrompt)
    self.places = places
    let folder = try memory.folder(at: places.model)
    self.places.model = folder.path
    content = try ModelContent(of: folder, adapter: places.initialAdapter, memory: memory)
    let model = try folder.check(adapter: places.initialAdapter)
    let configuration = model.configuration
    let tokenizer = try memory.rowTokenizer(
      of: folder, omittingDefaultSystemPrompt: omitsSystemPrompt)
    let adapter = try Self.adapter(settings, places, configuration)
    func read(_ file: String, _ part: TuningRows.Part) throws(InputError) -> TuningRows {
      try TuningRows(
        reading: file, with: tokenizer,
        maximumLength: min(settings.maximumLength, configuration.maximumPositionCount),
        tooLong: settings.tooLong, part: part)
    }
    func take(_ rows: [Conversation], _ name: String) throws(InputError) -> TuningRows {
      try TuningRows(
        rows, named: name, with: tokenizer,
        maximumLength: min(settings.maximumLength, configuration.maximumPositionCount),
        tooLong: settings.tooLong)
    }
    let rows =
      try conversations.map { rows throws(InputError) in try take(rows, places.data) }
      ?? read(places.data, part)
    self.anchor = try anchor.map { anchor throws(InputError) in
      switch anchor {
      case .batch(let weight): TuningAnchor(weight: weight, rowsPerStep: 0, rows: nil)
      case .rows(let weight, let count, let own):
        TuningAnchor(
          weight: weight, rowsPerStep: count, rows: try take(own, "rows of the anchor"))
      }
    }
    evaluation = try places.evaluationData.map { (file) throws(InputError) in
      try read(file, .all)
    }
    outlook = TuningOutlook(
      settings, rows: rows, model: model, adapter: adapter, recomputes: recomputes,
      workers: threads)
    defaultSystemPrompt =
      omitsSystemPrompt ? nil : tokenizer.template?.defaultSystemPrompt
    (self.model, self.adapter, self.rows) = (model, adapter, rows)
    try content.checkUnchanged()
  }

  /// The same fine-tuning with another seed, its rows read once; what comes out goes to the folder
  /// that `output` names.
  package func seeded(_ seed: UInt64, output: (Fingerprint) -> String) throws -> FineTuning {
    var copy = self
    copy.settings.seed = seed
    copy.places.output = output(try copy.fingerprint)
    return copy
  }

  /// The adapter to train: that of `--init-adapter`, or a fresh one as the settings say.
  private static func adapter(
    _ settings: TuningSettings, _ places: Places, _ model: ModelConfiguration
  ) throws(InputError) -> LoRAConfiguration? {
    guard let initial = places.initialAdapter else {
      guard let fresh = settings.adapter else { return nil }
      if let bad = fresh.layers?.first(where: { !(0..<model.layerCount).contains($0) }) {
        throw InputError(
          "found layer \(bad), expected 0 to \(model.layerCount - 1)", field: "--layers")
      }
      return fresh
    }
    guard settings.method == .lora else {
      throw InputError("an adapter cannot be trained with all weights", field: "--init-adapter")
    }
    return try Adapter.load(from: ModelFolder(path: initial), for: model).configuration
  }

  /// Of everything that determines the result and its log: a checkpoint of another training is refused.
  /// The first time all bytes of the model are read that nobody remembers.
  ///
  /// - Throws: as ``ModelContent/identity`` does.
  package var fingerprint: Fingerprint {
    get throws {
      struct Everything: Encodable {
        // 3: wide models read what a shard's rows begin with alike once.
        let version = 3
        let settings: TuningSettings
        let adapter: LoRAConfiguration?
        let model: Fingerprint
        let rows: Fingerprint
        let evaluation: Fingerprint?
        /// Left out where there is none.
        let anchor: TuningAnchor.Address?
        /// The same.
        let steering: [ResidualEdit]?
      }
      return try Fingerprint(
        of: Everything(
          settings: settings, adapter: adapter, model: content.identity.identity,
          rows: rows.fingerprint, evaluation: evaluation?.fingerprint, anchor: anchor?.address,
          steering: steering.isEmpty ? nil : steering))
    }
  }
}
