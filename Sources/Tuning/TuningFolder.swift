import Core
import Engine
import Formats
import Foundation

/// The output folder of a fine-tuning: the adapter or the model, its log, the checkpoint while it is
/// under way, and `training.json`, which says that it is done and what it was.
struct TuningFolder {
  private let tuning: FineTuning
  private let path: String

  init(_ tuning: FineTuning) {
    self.tuning = tuning
    path = tuning.places.output
  }

  var logPath: String { tuning.places.log ?? "\(path)/log.jsonl" }
  private var recordPath: String { "\(path)/training.json" }
  private var checkpointPath: String { "\(path)/checkpoint.safetensors" }

  private struct Record: Codable {
    /// Since 2 the model is known by all of its bytes; before that the key was missing.
    static let version = 2

    let version: Int?
    let fingerprint: String
    /// Which model it was trained from; with an adapter to start from, of both.
    let startedFrom: ModelIdentity?
    let model: String
    let data: String
    let settings: TuningSettings
    let steps: Int
    let rows: Int
    let cutRows: Int
    let emptiedRows: Int
    let trainedTokensPerEpoch: Int
    let defaultSystemPrompt: String?
  }

  /// - Throws: `InputError` if the folder holds what another training made.
  func isFinished() throws -> Bool {
    guard let data = FileManager.default.contents(atPath: recordPath) else { return false }
    guard let record = try? JSONDecoder().decode(Record.self, from: data) else {
      throw InputError("is not the record of a training", file: recordPath)
    }
    guard record.version == Record.version else { throw Self.unknownModel(recordPath) }
    guard try record.fingerprint == tuning.fingerprint.hex else {
      throw InputError(
        "the folder holds the result of another training; choose another --out", file: recordPath)
    }
    return true
  }

  func prepare() throws(InputError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw InputError("the folder cannot be made: \(error.systemReason)", file: path)
    }
    // A model's own folder must not be written into; with a checkpoint beside it, it is ours.
    let files = FileManager.default
    guard
      tuning.adapter != nil || files.fileExists(atPath: checkpointPath)
        || !files.fileExists(atPath: "\(path)/config.json")
    else { throw InputError("the folder holds a model; choose another --out", file: path) }
  }

  /// Takes up an earlier process' checkpoint; false if there is none.
  ///
  /// - Throws: `InputError` for the checkpoint of another training.
  func restore(_ trainer: Trainer) throws -> Bool {
    guard FileManager.default.fileExists(atPath: checkpointPath) else { return false }
    let owner = try Safetensors(path: checkpointPath).metadata["fingerprint"] ?? ""
    guard owner.contains(Self.mark) else { throw Self.unknownModel(checkpointPath) }
    try trainer.restoreState(from: checkpointPath, fingerprint: checkpointOwner)
    return true
  }

  func saveCheckpoint(_ trainer: Trainer) throws {
    try trainer.saveState(to: checkpointPath, fingerprint: checkpointOwner)
  }

  /// Tells checkpoints from those of earlier versions, whose trainings knew the model by less.
  private static let mark = "askew-2:"
  private var checkpointOwner: String { get throws { try Self.mark + tuning.fingerprint.hex } }

  private static func unknownModel(_ path: String) -> InputError {
    InputError(
      "is of an earlier version of Askew, which knew the model by the edges of its weights alone: "
        + "whether it is this one is not known; choose another --out", file: path)
  }

  /// What is trained as it is now, for the course of a measurement; a whole model only where one is asked
  /// for by its step.
  func saveSnapshot(_ trainer: Trainer) throws {
    let folder = ModelFolder(path: Self.snapshot(trainer.nextStep, in: path))
    if let adapter = trainer.adapter {
      try adapter.save(to: folder, baseModel: tuning.places.model)
    } else if tuning.places.snapshots.contains(trainer.nextStep) {
      try ModelFolder(path: tuning.places.model).copyOtherFiles(to: folder)
      try trainer.model.saveWeights(to: folder, as: tuning.model.dataTypes.first ?? .float32)
    }
  }

  private static func snapshot(_ step: Int, in folder: String) -> String {
    "\(folder)/\(FineTuning.snapshotName(step))"
  }

  /// Writes what was trained, then the record, and takes the checkpoint away.
  func finish(_ trainer: Trainer) throws {
    if let adapter = trainer.adapter { return try finish(adapter) }
    // A kill while the model is written must leave what the same command goes on from.
    try saveCheckpoint(trainer)
    let from = ModelFolder(path: tuning.places.model)
    try from.copyOtherFiles(to: ModelFolder(path: path))
    try trainer.model.saveWeights(
      to: ModelFolder(path: path), as: tuning.model.dataTypes.first ?? .float32)
    try writeRecord()
  }

  /// The same of an adapter, whoever trained it.
  func finish(_ adapter: Adapter) throws {
    try adapter.save(to: ModelFolder(path: path), baseModel: tuning.places.model)
    try writeRecord()
  }

  private func writeRecord() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let record = Record(
      version: Record.version, fingerprint: try tuning.fingerprint.hex,
      startedFrom: try tuning.content.identity, model: tuning.places.model,
      data: tuning.places.data,
      settings: tuning.settings, steps: tuning.outlook.steps, rows: tuning.outlook.rows,
      cutRows: tuning.outlook.cutCount, emptiedRows: tuning.outlook.emptiedCount,
      trainedTokensPerEpoch: tuning.outlook.trainedTokens,
      defaultSystemPrompt: tuning.defaultSystemPrompt)
    do {
      try encoder.encode(record).write(to: URL(fileURLWithPath: recordPath), options: .atomic)
      if FileManager.default.fileExists(atPath: checkpointPath) {
        try FileManager.default.removeItem(atPath: checkpointPath)
      }
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: recordPath)
    }
  }
}
