import Chats
import Core
import Engine
import Formats
import Foundation
import Plans
import Questions
import Store
import Tuning

/// One stage of a folder plan before it is done.
public struct FolderStage: Sendable, Hashable, Codable {
  public var name: String
  /// `train`, `score` or `sample`.
  public var kind: String
  /// `done`, `begun` or `missing`.
  public var state: String
  /// Steps, rows or answers.
  public var total: Int
  /// About; of scoring and sampling the weights alone.
  public var memoryBytes: Int
  /// Of a training.
  public var teraflops: Double?
}

extension FolderExperiment {
  /// What `run` would do; nothing is done and no weight is read.
  public func outlook() throws -> [FolderStage] {
    try models.flatMap { model in
      let isThere = try isTrained(model)
      return try trainingStage(model, isThere) + askingStages(model, isThere)
    }
  }

  /// What should be known before anything is done: rows that do not fit, and the template's own text.
  public var notes: [String] {
    var notes: [String] = []
    for condition in plan.conditions {
      guard let tuning = models.first(where: { $0.condition == condition })?.tuning else {
        continue
      }
      let outlook = tuning.outlook
      if outlook.cutCount > 0 {
        notes.append(
          "\(oneLine(condition.title)): \(outlook.cutCount) of \(outlook.rowCount) rows are cut to "
            + "\(outlook.longest) tokens")
      }
      if outlook.emptiedCount > 0 {
        notes.append(
          "\(oneLine(condition.title)): \(outlook.emptiedCount) rows have no answer left once they are cut: "
            + "left out")
      }
    }
    if plan.keepsDefaultSystem, let prompt = tokenizer.template?.defaultSystemPrompt {
      notes.append(
        "The template puts a system turn before conversations without one: \"\(oneLine(prompt))\" "
          + "(default-system: false leaves it out)")
    }
    return notes
  }

  func isTrained(_ model: FolderModel) throws -> Bool {
    guard let tuning = model.tuning else { return true }
    guard let run = try store.run(tuning.fingerprint), run.state == .done else { return false }
    return folder.damaged(try store.artifacts(of: run)) == nil
  }

  private func trainingStage(_ model: FolderModel, _ isThere: Bool) throws -> [FolderStage] {
    guard let tuning = model.tuning else { return [] }
    let isBegun = FileManager.default.fileExists(atPath: tuning.places.output)
    return [
      FolderStage(
        name: "Training \(model.name)", kind: "train",
        state: isThere ? "done" : isBegun ? "begun" : "missing", total: tuning.outlook.steps,
        memoryBytes: tuning.outlook.memory.total, teraflops: tuning.outlook.flops / 1e12)
    ]
  }

  private func askingStages(_ model: FolderModel, _ isThere: Bool) throws -> [FolderStage] {
    let loaded = isThere ? try loaded(model) : nil
    let bytes = summary.parameterCount * (options.precision == .bf16 ? 2 : 4)
    var stages: [FolderStage] = []
    for rows in heldOut {
      let isDone = try loaded.map { try scores(rows, $0) != nil } ?? false
      stages.append(
        FolderStage(
          name: scoringName(model, rows), kind: "score", state: isDone ? "done" : "missing",
          total: rows.rows.sequences.count, memoryBytes: bytes))
    }
    for evaluation in plan.evaluations where asks(model, evaluation) {
      let total = (questions[evaluation.name] ?? []).reduce(0) {
        $0 + $1.paraphrases.count * ($1.samplesPerParaphrase ?? 1)
      }
      let count = try loaded.map { try sampling(model, evaluation, $0).stored().count } ?? 0
      stages.append(
        FolderStage(
          name: samplingName(model, evaluation), kind: "sample",
          state: count == total ? "done" : count > 0 ? "begun" : "missing", total: total,
          memoryBytes: bytes))
    }
    return stages
  }
}

/// How far a run is. Stages are counted, since nobody knows beforehand how long answers will be; the
/// time left is told in the last of them alone. Called by one thread at a time.
final class FolderMeter: @unchecked Sendable {
  private let stages: [FolderStage]
  private let clock = ContinuousClock()
  private var began: (at: ContinuousClock.Instant, done: Int)?
  private var current: String?

  init(_ stages: [FolderStage]) { self.stages = stages }

  func begin(_ name: String) -> StageProgress {
    (current, began) = (name, nil)
    return advance(name, to: 0)
  }

  func advance(_ name: String, to done: Int, loss: Double? = nil) -> StageProgress {
    let index = stages.firstIndex { $0.name == name } ?? 0
    let total = stages.indices.contains(index) ? stages[index].total : max(1, done)
    if began == nil, done > 0 { began = (clock.now, done) }
    var left: Double?
    if let began, done > began.done, index + 1 == stages.count {
      let each = began.at.duration(to: clock.now) / .seconds(1) / Double(done - began.done)
      left = each * Double(max(0, total - done))
    }
    let share = Double(done) / Double(max(1, total))
    return StageProgress(
      stage: name, number: index + 1, count: max(1, stages.count), done: done, total: total,
      loss: loss, overall: (Double(index) + share) / Double(max(1, stages.count)),
      secondsLeft: left)
  }
}
