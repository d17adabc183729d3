import Core
import Engine
import Evaluation
import Formats
import Foundation
import Plans
import Questions
import Store
import Tuning

/// One stage of a plan before it is done: what is there and what the rest will take, as far as that is known.
package struct StageOutlook: Sendable, Hashable, Codable {
  package var name: String
  package var kind: String
  package var fingerprint: Fingerprint
  /// `done`, `begun` or `missing`.
  package var state: String
  /// Steps, rows, answers or verdicts.
  package var total: Int
  /// Of what is left, about.
  package var seconds: Double?
  /// On the disk when it is done, about.
  package var bytes: Int?
  /// About; of scoring, sampling and judging the weights alone. 0 where a server does the work.
  package var memoryBytes: Int?
  /// Of a training.
  package var teraflops: Double?
  /// What a server would be asked at most; `nil` where none is.
  package var requests: Requests?

  /// Tokens are estimated from bytes, and every reply counts with its longest length.
  package struct Requests: Sendable, Hashable, Codable {
    package var requests: Int
    package var promptTokens: Int
    package var replyTokens: Int

    init(requests: Int, promptTokens: Int, replyTokens: Int) {
      (self.requests, self.promptTokens) = (requests, promptTokens)
      self.replyTokens = replyTokens
    }

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

extension Experiment {
  /// What `run` would do; nothing is done and no weight is read. Seconds of a dish are those of this machine,
  /// by some steps of a model of the dish's shape.
  package func outlook() throws -> [StageOutlook] {
    let judging = try judgingStages()
    let pace = try maker.rowsPerSecond(threads: options.threads)
    return try (stages + judging.map(\.stage)).map { stage in
      let state = try state(of: stage)
      var outlook = StageOutlook(
        name: stage.name, kind: stage.kind.rawValue, fingerprint: stage.fingerprint,
        state: state.word, total: stage.total)
      if let pace, let work = stage.work { outlook.seconds = state == .done ? 0 : work / pace }
      try price(stage, judging, &outlook)
      return outlook
    }
  }

  private func price(
    _ stage: Stage, _ judging: [JudgingStage], _ outlook: inout StageOutlook
  ) throws {
    if let cell = cells[stage.fingerprint] {
      outlook.memoryBytes = try maker.weightBytes(cell.model)
      outlook.bytes = outlook.memoryBytes == nil ? 300 * stage.total : nil
      outlook.requests = try cell.model.endpoint.flatMap { address in
        StageOutlook.Requests(
          cost(of: address, cell).asking,
          done: try answers(of: cell)?.answers.count ?? 0)
      }
    } else if let scores = scorings[stage.fingerprint] {
      outlook.memoryBytes = try maker.weightBytes(scores.model)
      // What is to be trained cannot be opened yet, and is no server's.
      if scores.model.endpoint != nil {
        outlook.requests = try scores.requests(maker.open(scores.model), in: store)
      }
    } else if let judge, let own = judging.first(where: { $0.stage == stage }) {
      outlook.memoryBytes = judge.memoryBytes
      guard judge.isEndpoint else { return }
      let done = try answers(of: own.cell).map {
        try judge.lookup.verdicts(on: $0, in: store).done
      }
      outlook.requests = StageOutlook.Requests(
        cost(of: .folder(path: ""), own.cell).judging, done: done ?? 0)
    } else if examinations[stage.fingerprint] == nil {
      let cost = try maker.outlook(stage)
      (outlook.memoryBytes, outlook.bytes) = (cost.memoryBytes, cost.diskBytes)
      outlook.teraflops = cost.teraflops
    }
  }

  private func cost(of model: ModelAddress, _ cell: PlannedAnswers) -> EvaluationCost {
    EvaluationCost(
      model: model, places: cell.places, longestAnswer: cell.settings.maximumTokens,
      judge: judge?.address, prices: nil)
  }

  /// How far a stage is.
  func state(of stage: Stage) throws -> StoredStage.State {
    if let cell = cells[stage.fingerprint] { return try state(of: cell) }
    if let scores = scorings[stage.fingerprint] {
      guard try maker.isMade(scores.model) else { return .waiting }
      let run = try scores.run(maker.open(scores.model), in: store)
      return try run.stored() == nil ? .waiting : .done
    }
    if stage.kind == .judge { return try judgingState(stage) }
    if let own = examinations[stage.fingerprint] { return try state(of: own) }
    if try maker.isDone(stage) { return .done }
    return try store.run(stage.fingerprint) == nil ? .waiting : .running
  }

  private func state(of cell: PlannedAnswers) throws -> StoredStage.State {
    guard try maker.isKnown(cell.model) else { return .waiting }
    let asking = try asking(cell)
    if try asking.isDone(in: store) { return .done }
    return try asking.answers.missing().count < cell.places.count ? .running : .waiting
  }

  private func judgingState(_ stage: Stage) throws -> StoredStage.State {
    guard let judge, let cell = maker.cells.first(where: { stage.needs == [$0.stage.fingerprint] }),
      let set = try answers(of: cell)
    else { return .waiting }
    let verdicts = try judge.lookup.verdicts(on: set, in: store)
    if set.isWhole(of: cell), verdicts.done >= verdicts.total { return .done }
    return verdicts.done > 0 ? .running : .waiting
  }

  /// What should be known before anything is done: rows that do not fit, and the template's own text.
  package var notes: [String] { maker.notes }
}

extension StoredStage.State {
  fileprivate var word: String {
    switch self {
    case .done: "done"
    case .running: "begun"
    case .waiting: "missing"
    }
  }
}

extension DishMaker {
  /// Training rows of about the usual length that this machine trains on in a second.
  func rowsPerSecond(threads: Int) throws -> Double? {
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    var settings = plan.base.training
    settings.precision = plan.precision
    let trainer = try Trainer(
      model: .random(configuration, seed: 0), configuration: settings, pool: pool, longest: 32)
    let row = TrainingSequence(
      tokens: (0..<26).map(Int32.init), trained: (0..<26).map { $0 > 12 })
    let batch = Array(repeating: row, count: plan.base.rowsPerBatch)
    for _ in 0..<2 { _ = try trainer.step(batch) }
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<5 { _ = try trainer.step(batch) }
    return Double(5 * batch.count) / max(1e-6, start.duration(to: clock.now) / .seconds(1))
  }
}
