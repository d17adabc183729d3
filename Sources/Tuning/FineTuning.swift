import Chats
import Core
import Engine
import Formats
import Foundation

/// A fine-tuning of a model folder on a file of rows: what it is made of, checked before it begins.
///
/// Preparing reads headers, tokenizer, template, rows and the adapter that it starts from, and no
/// weight: everything that can be wrong with them is found here.
public struct FineTuning: Sendable {
  /// Where things are and how often to save; none of it changes the result.
  public struct Places: Sendable {
    public var model: String
    public var data: String
    public var output: String
    public var evaluationData: String?
    public var initialAdapter: String?
    /// A line a step; `nil`: `log.jsonl` in the output folder.
    public var log: String?
    /// Steps between snapshots of the adapter; `nil`: none.
    public var saveEvery: Int?

    public init(model: String, data: String, output: String) {
      (self.model, self.data, self.output) = (model, data, output)
    }
  }

  public private(set) var settings: TuningSettings
  public private(set) var places: Places
  public let outlook: TuningOutlook
  /// The system text that the template puts before every conversation without one.
  public let defaultSystemPrompt: String?
  let model: ModelSummary
  let adapter: LoRAConfiguration?
  let rows: TuningRows
  let evaluation: TuningRows?
  /// Of everything that determines the result: a checkpoint of another training is refused.
  public private(set) var fingerprint: Fingerprint

  /// - Parameters:
  ///   - recomputes: whether to run blocks again on the way back; `nil`: if memory asks for it.
  ///   - omitsSystemPrompt: leaves out what the template adds by itself.
  ///   - part: of the rows, what is trained on.
  /// - Throws: `InputError` naming file, line and field of the first thing that is wrong.
  public init(
    _ settings: TuningSettings, _ places: Places, threads: Int, recomputes: Bool? = nil,
    omitsSystemPrompt: Bool = false, part: TuningRows.Part = .all
  ) throws {
    self.settings = settings
    self.places = places
    let folder = ModelFolder(path: places.model)
    let model = try folder.check()
    let configuration = model.configuration
    let tokenizer = try RowTokenizer(
      folder: folder, omittingDefaultSystemPrompt: omitsSystemPrompt)
    let adapter = try Self.adapter(settings, places, configuration)
    func read(_ file: String, _ part: TuningRows.Part) throws(InputError) -> TuningRows {
      try TuningRows(
        reading: file, with: tokenizer,
        maximumLength: min(settings.maximumLength, configuration.maximumPositionCount),
        tooLong: settings.tooLong, part: part)
    }
    let rows = try read(places.data, part)
    evaluation = try places.evaluationData.map { (file) throws(InputError) in
      try read(file, .all)
    }
    outlook = TuningOutlook(
      settings, rows: rows, model: model, adapter: adapter, recomputes: recomputes,
      workers: threads)
    fingerprint = try Self.fingerprint(
      settings, places, model: model, adapter: adapter, rows: rows)
    defaultSystemPrompt =
      omitsSystemPrompt ? nil : tokenizer.template?.defaultSystemPrompt
    (self.model, self.adapter, self.rows) = (model, adapter, rows)
  }

  /// The same fine-tuning with another seed, its rows read once; what comes out goes to the folder
  /// that `output` names.
  public func seeded(_ seed: UInt64, output: (Fingerprint) -> String) throws -> FineTuning {
    var copy = self
    copy.settings.seed = seed
    copy.fingerprint = try Self.fingerprint(
      copy.settings, places, model: model, adapter: adapter, rows: rows)
    copy.places.output = output(copy.fingerprint)
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

  /// The rows as token ids, the settings, and which weights they are.
  private static func fingerprint(
    _ settings: TuningSettings, _ places: Places, model: ModelSummary,
    adapter: LoRAConfiguration?, rows: TuningRows
  ) throws -> Fingerprint {
    struct Everything: Encodable {
      let settings: TuningSettings
      let adapter: LoRAConfiguration?
      let weights: [String]
      let rows: String
    }
    return try Fingerprint(
      of: Everything(
        settings: settings, adapter: adapter,
        weights: FolderIdentity(of: model, adapter: places.initialAdapter).parts,
        rows: rows.fingerprint.hex))
  }
}
