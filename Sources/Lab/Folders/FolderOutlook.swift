import Chats
import Core
import Engine
import Evaluation
import Formats
import Foundation
import Plans
import Questions
import Store
import Tuning

/// One stage of a folder plan before it is done.
public struct FolderStage: Sendable, Hashable, Codable {
  public var name: String
  /// `train`, `score`, `sample` or `judge`.
  public var kind: String
  /// `done`, `begun` or `missing`.
  public var state: String
  /// Steps, rows, answers or verdicts.
  public var total: Int
  /// About; of scoring, sampling and judging the weights alone. 0 where a server does the work.
  public var memoryBytes: Int
  /// Of a training.
  public var teraflops: Double?
  /// What a server would be asked at most; `nil` where none is.
  public var requests: Requests?

  /// Tokens are estimated from bytes, and every reply counts with its longest length.
  public struct Requests: Sendable, Hashable, Codable {
    public var requests: Int
    public var promptTokens: Int
    public var replyTokens: Int

    /// The part of `work` that is left when `done` of it is done.
    init?(_ work: EvaluationCost.Work?, done: Int) {
      guard let work else { return nil }
      let left = max(0, work.requests - done)
      func part(_ tokens: Int) -> Int {
        Int((Double(tokens) * Double(left) / Double(max(1, work.requests))).rounded(.up))
      }
      requests = left
      (promptTokens, replyTokens) = (part(work.promptTokens), part(work.replyTokens))
    }
  }
}

extension FolderExperiment {
  /// What `run` would do; nothing is done and no weight is read.
  public func outlook() throws -> [FolderStage] {
    var stages: [FolderStage] = []
    var judging: [FolderStage] = []
    var told: Set<Fingerprint> = []
    for model in models {
      let isThere = try isTrained(model)
      for training in line(of: model) where told.insert(training.fingerprint).inserted {
        stages.append(try trainingStage(training))
      }
      stages += try scoringStages(model, isThere)
      let places = isThere ? try self.places(model, opened(model)) : []
      for evaluation in plan.evaluations where asks(model, evaluation) {
        let place = places.first { $0.evaluation.name == evaluation.name }
        let answers = try place.flatMap { place in try self.answers(at: place) }
        stages.append(try askingStage(model, evaluation, answers))
        if let judge { judging += try judgingStage(judge, model, evaluation, answers) }
      }
    }
    return stages + judging
  }

  /// The trainings that a model comes from, the first one first.
  private func line(of model: FolderModel) -> [FolderTraining] {
    var line: [FolderTraining] = []
    var next = model.training
    while let training = next {
      line.insert(training, at: 0)
      next = training.parent
    }
    return line
  }

  /// What should be known before anything is done: rows that do not fit, and the template's own text.
  public var notes: [String] {
    var notes: [String] = []
    for condition in plan.conditions {
      let own = trainings.first { $0.condition.name == condition.name }
      guard let outlook = own?.outlook else { continue }
      if outlook.cutCount > 0 {
        notes.append(
          "\(condition.title.onOneLine): \(outlook.cutCount) of \(outlook.rowCount) rows are cut to "
            + "\(outlook.longest) tokens")
      }
      if outlook.emptiedCount > 0 {
        notes.append(
          "\(condition.title.onOneLine): \(outlook.emptiedCount) rows have no answer left once they are cut: "
            + "left out")
      }
    }
    if plan.keepsDefaultSystem, let prompt = base?.tokenizer.template?.defaultSystemPrompt {
      notes.append(
        "The template puts a system turn before conversations without one: \(prompt.quotedOnOneLine) "
          + "(default-system: false leaves it out)")
    }
    return notes
  }

  func isTrained(_ model: FolderModel) throws -> Bool {
    try model.training.map { try isThere($0) } ?? true
  }

  func isThere(_ training: FolderTraining) throws -> Bool {
    guard let run = try store.run(training.fingerprint), run.state == .done else { return false }
    return try damaged(try store.artifacts(of: run)) == nil
  }

  /// The first file of a model that is missing or not what was written.
  func damaged(_ artifacts: [Artifact]) throws -> Artifact? {
    try folder.damaged(artifacts, hashing: options.memory)
  }

  private func trainingStage(_ training: FolderTraining) throws -> FolderStage {
    let isBegun = FileManager.default.fileExists(atPath: training.output)
    return FolderStage(
      name: "Training \(training.name)", kind: "train",
      state: try isThere(training) ? "done" : isBegun ? "begun" : "missing", total: training.steps,
      memoryBytes: training.outlook?.memory.total ?? 0,
      teraflops: training.outlook.map { $0.flops / 1e12 })
  }

  private func weightBytes(_ model: FolderModel) throws -> Int {
    let summary =
      if case .named(.folder(let path)) = model.source {
        try options.memory.folder(at: path).check()
      } else { base?.summary }
    return (summary?.parameterCount ?? 0) * (options.precision == .bf16 ? 2 : 4)
  }

  private func scoringStages(_ model: FolderModel, _ isThere: Bool) throws -> [FolderStage] {
    if heldOut.isEmpty { return [] }
    let loaded = isThere ? try self.loaded(model) : nil
    let bytes = try weightBytes(model)
    return try heldOut.map { rows in
      let isDone = try loaded.map { try scores(rows, $0) != nil } ?? false
      return FolderStage(
        name: scoringName(model, rows), kind: "score", state: isDone ? "done" : "missing",
        total: rows.rows.sequences.count, memoryBytes: bytes)
    }
  }

  private func askingStage(
    _ model: FolderModel, _ evaluation: PlanEvaluation, _ answers: AnswerSet?
  ) throws -> FolderStage {
    let total = asked[evaluation.name]?.places.count ?? 0
    let count = answers?.answers.count ?? 0
    let cost = try model.endpoint.map { address in try self.cost(of: address, evaluation) }
    return FolderStage(
      name: samplingName(model, evaluation), kind: "sample", state: state(count, of: total),
      total: total, memoryBytes: try weightBytes(model),
      requests: FolderStage.Requests(cost?.asking, done: count))
  }

  /// None where nothing is to be judged.
  private func judgingStage(
    _ judge: PlanJudge, _ model: FolderModel, _ evaluation: PlanEvaluation, _ answers: AnswerSet?
  ) throws -> [FolderStage] {
    let total = verdictCount(evaluation)
    if total == 0 { return [] }
    let done = try answers.map { try judge.lookup.verdicts(on: $0, in: store).done } ?? 0
    let cost = judge.isEndpoint ? try cost(of: .folder(path: ""), evaluation) : nil
    return [
      FolderStage(
        name: judgingName(model, evaluation), kind: "judge", state: state(done, of: total),
        total: total, memoryBytes: judge.memoryBytes,
        requests: FolderStage.Requests(cost?.judging, done: done))
    ]
  }

  private func state(_ done: Int, of total: Int) -> String {
    done >= total ? "done" : done > 0 ? "begun" : "missing"
  }

  private func cost(
    of model: ModelAddress, _ evaluation: PlanEvaluation
  ) throws -> EvaluationCost {
    var options = Evaluation.Options()
    options.settings = AnswerSettings(evaluation, seed: 0)
    return try EvaluationCost(
      model: model, questions: asked[evaluation.name]?.questions ?? [], judge: judge?.address,
      options: options, prices: nil)
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
