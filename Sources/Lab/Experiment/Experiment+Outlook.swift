import Dish
import Engine
import Formats
import Foundation
import Store
import Tuning

/// One stage of a plan before it is done: what is there and what the rest will take.
public struct StageOutlook: Sendable, Hashable, Codable {
  public var name: String
  public var kind: String
  /// `done`, `begun` or `missing`.
  public var state: String
  /// Steps or answers.
  public var total: Int
  /// Of what is left, about.
  public var seconds: Double
  /// On the disk when it is done, about.
  public var bytes: Int
}

extension Experiment {
  /// What `run` would do, with the time that it would take at the pace of this machine.
  ///
  /// The pace is measured on the spot: some steps of a model of the dish's shape.
  public func outlook(threads: Int) throws -> [StageOutlook] {
    let pace = try rowsPerSecond(threads: threads)
    let parameters = try parameterCount()
    return try outline.stages.map { stage in
      let state = try state(of: stage)
      let isDone = state == "done"
      return StageOutlook(
        name: stage.name, kind: stage.kind.rawValue, state: state, total: stage.total,
        seconds: isDone ? 0 : stage.work / pace, bytes: bytes(of: stage, parameters: parameters))
    }
  }

  private func state(of stage: Stage) throws -> String {
    guard stage.kind == .sample else {
      guard let run = try store.run(stage.fingerprint) else { return "missing" }
      return run.state == .done ? "done" : "begun"
    }
    let asked = try StageAnswers(stage)
    guard let run = try store.run(asked.run) else { return "missing" }
    let answered = try store.answeredSamples(of: run)
    let left = asked.places.count { !answered.contains($0.key) }
    return left == 0 ? "done" : left < asked.places.count ? "begun" : "missing"
  }

  private func bytes(of stage: Stage, parameters: Int) -> Int {
    guard stage.recipe.settings != nil else {
      return stage.kind == .sample ? 300 * stage.total : 200_000
    }
    let model = stage.recipe.adapter == nil ? 4 * parameters : parameters / 2
    return model * (1 + (stage.recipe.snapshots?.count ?? 0))
  }

  private var configuration: ModelConfiguration {
    let shape = dish.shape
    return ModelConfiguration(
      vocabularySize: dish.language.vocabularySize, hiddenSize: shape.width,
      intermediateSize: shape.intermediateWidth, layerCount: shape.layers, headCount: shape.heads)
  }

  private func parameterCount() throws -> Int { Model(configuration).parameterCount }

  /// Training rows of about the usual length that this machine trains on in a second.
  private func rowsPerSecond(threads: Int) throws -> Double {
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    var settings = dish.base.training
    settings.precision = dish.precision
    let trainer = try Trainer(
      model: .random(configuration, seed: 0), configuration: settings, pool: pool, longest: 32)
    let row = TrainingSequence(
      tokens: (0..<26).map(Int32.init), trained: (0..<26).map { $0 > 12 })
    let batch = Array(repeating: row, count: dish.base.rowsPerBatch)
    for _ in 0..<2 { _ = try trainer.step(batch) }
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<5 { _ = try trainer.step(batch) }
    return Double(5 * batch.count) / max(1e-6, start.duration(to: clock.now) / .seconds(1))
  }
}
