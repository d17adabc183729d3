import Anatomy
import Core
import Dish
import Engine
import Evaluation
import Foundation
import Judging
import Plans
import Statistics
import Store
import Tuning

/// Looks at the weights between and around models, point by point.
final class LandscapeReading {
  private let landscape: PlannedLandscape
  private let session: LabSession
  private let oracle: Oracle
  private let rule: ScoringRule
  /// Who reads texts and is asked, with other weights each time.
  private let reader: any LocalModel
  private let precision: Precision
  private let corners: [Model]
  private let open: (PlannedModel) throws -> any LocalModel
  /// By loss.
  private let sequences: [[TrainingSequence]]
  /// Of the line in hand: its ends, and what every row loses at them, `[end][loss][row]`.
  private var line: (index: Int, ends: [Model], losses: [[[Double]]])?

  init(
    _ landscape: PlannedLandscape, _ session: LabSession, _ oracle: Oracle, _ rule: ScoringRule,
    open: @escaping (PlannedModel) throws -> any LocalModel
  ) throws {
    (self.landscape, self.session, self.oracle, self.rule) = (landscape, session, oracle, rule)
    self.open = open
    let reader = try open(landscape.corners[0])
    self.reader = reader
    corners = try landscape.corners.map { try open($0).wholeWeights(on: session.pool) }
    // Steps of a training are lost where weights are rounded to bfloat16.
    let kept = try reader.weights(on: session.pool, lying: .plain).model.weightPrecision
    precision = kept == .bf16 ? .f32 : reader.precision
    sequences = try landscape.losses.map { loss in
      try loss.texts.map { try reader.sequence(of: $0) }
    }
  }

  /// Does what the store does not have.
  ///
  /// - Throws: `Interrupted` after a stop, with all finished points stored.
  func run() async throws {
    let stage = landscape.stage
    let run = try session.store.beginRun(
      fingerprint: stage.fingerprint, kind: .landscape, name: stage.name, settings: landscape.plan)
    let done = try session.store.figures(of: run)
    let cells = landscape.cells
    var count = cells.count { done[$0.name] != nil }
    session.report(.began(session.meter.begin(stage, done: count)))
    let plane = WeightPlane(through: corners)
    if done["geometry/length"] == nil {
      try session.store.append(figures: try geometry(plane), to: run)
    }
    let random = randomPlanes(plane.length)
    for cell in cells where done[cell.name] == nil {
      try session.stop.check()
      var figures = try await figures(of: cell, plane, random)
      figures[cell.name] = 1
      try session.store.append(figures: figures, to: run)
      count += 1
      session.report(.advanced(session.meter.advance(stage, to: count)))
    }
    try session.store.finish(run)
    session.report(.finished(session.meter.finish(stage)))
  }

  /// Where corners and other models stand.
  private func geometry(_ plane: WeightPlane) throws -> [String: Double] {
    var figures = [
      "geometry/length": plane.length, "geometry/x": plane.third.x, "geometry/y": plane.third.y,
    ]
    for (index, model) in landscape.placed.enumerated() {
      let place = plane.place(of: try open(model).wholeWeights(on: session.pool))
      figures["place/\(index)/x"] = place.point.x
      figures["place/\(index)/y"] = place.point.y
      figures["place/\(index)/off"] = place.offPlane
    }
    return figures
  }

  private func randomPlanes(_ length: Double) -> [() -> WeightPlane] {
    (0..<landscape.plan.random).map { index in
      { [corners, landscape] in
        var stream = RandomStream(
          seed: landscape.seed, "random planes", landscape.stage.fingerprint.hex, String(index))
        return WeightPlane(byChanceThrough: corners[0], length: length, &stream)
      }
    }
  }

  /// The random plane in hand: three models are all that need be in memory.
  private var random: (index: Int, plane: WeightPlane)?

  private func figures(
    of cell: PlannedLandscape.Cell, _ plane: WeightPlane, _ random: [() -> WeightPlane]
  ) async throws -> [String: Double] {
    switch cell {
    case .line(let index, let point):
      return try await figures(of: cell, onLine: index, point)
    case .plane(let column, let row):
      guard plane.isPlane else { return [:] }
      let frame = LandscapeFrame(plane.third, landscape.plan)
      return try await figures(of: cell, plane.model(at: frame.point(column, row))).figures
    case .random(let index, let column, let row):
      guard plane.isPlane else { return [:] }
      if self.random?.index != index { self.random = (index, random[index]()) }
      guard let own = self.random?.plane else { return [:] }
      let point = LandscapeFrame.random(column, row, landscape.plan)
      return try await figures(of: cell, own.model(at: point)).figures
    }
  }

  // MARK: - Lines

  private func figures(
    of cell: PlannedLandscape.Cell, onLine index: Int, _ point: Int
  ) async throws -> [String: Double] {
    let ends = try await self.ends(of: index)
    let share = Double(point) / Double(landscape.plan.points - 1)
    let model = WeightPlane.mixed(ends.models, shares: [1 - share, share])
    var (figures, losses) = try await figures(of: cell, model)
    for (loss, name) in landscape.losses.map(\.name).enumerated() {
      // How much higher a row lies than the straight line between its own ends.
      let heights = losses[loss].indices.map { row in
        losses[loss][row] - (1 - share) * ends.losses[0][loss][row]
          - share * ends.losses[1][loss][row]
      }
      figures[cell.loss(name, "height")] = heights.mean
      figures[cell.loss(name, "error")] = heights.standardError
    }
    return figures
  }

  private func ends(of index: Int) async throws -> (models: [Model], losses: [[[Double]]]) {
    if let line, line.index == index { return (line.ends, line.losses) }
    let models = try landscape.lines[index].ends.map {
      try open($0).wholeWeights(on: session.pool)
    }
    var losses: [[[Double]]] = []
    for model in models { losses.append(try await self.losses(of: reweighted(model, "end"))) }
    line = (index, models, losses)
    return (models, losses)
  }

  // MARK: - Points

  private func reweighted(_ model: Model, _ name: String) throws -> ReweightedModel {
    ReweightedModel(
      reader, weights: model,
      name: try Fingerprint(of: [landscape.stage.fingerprint.hex, name]), precision: precision)
  }

  private func figures(
    of cell: PlannedLandscape.Cell, _ weights: Model
  ) async throws -> (figures: [String: Double], losses: [[Double]]) {
    let model = try reweighted(weights, cell.name)
    let losses = try await self.losses(of: model)
    var figures: [String: Double] = [:]
    for (name, rows) in zip(landscape.losses.map(\.name), losses) {
      figures[cell.loss(name, "loss")] = rows.mean
    }
    switch landscape.measure {
    case nil: break
    case .asked(let answers):
      figures.merge(
        try await answered(landscape.places(answers, in: cell), answers, by: model, cell)
      ) {
        $1
      }
    case .scored(let contrast):
      if case .random = cell { break }
      figures[cell.figure("odds")] = try await odds(contrast, of: model)
    }
    return (figures, losses)
  }

  /// −log p a token, `[loss][row]`.
  private func losses(of model: ReweightedModel) async throws -> [[Double]] {
    let all = sequences.flatMap { $0 }
    var sums = try await scores(all, by: model)[...]
    return sequences.map { own in
      defer { sums = sums.dropFirst(own.count) }
      return zip(own, sums).map { $1 / Double(max(1, $0.trainedCount)) }
    }
  }

  private func scores(
    _ sequences: [TrainingSequence], by model: ReweightedModel
  ) async throws -> [Double] {
    guard let scoring = model.scoring else { return [] }
    let sums = ScoreBuffer(count: sequences.count)
    _ = try await scoring.score(sequences, on: session.pool, stop: session.stop) { first, own in
      sums.put(own.map(\.sum), at: first)
      return true
    }
    try session.stop.check()
    return sums.values
  }

  private func odds(_ contrast: PlannedContrast, of model: ReweightedModel) async throws -> Double?
  {
    guard let scoring = model.scoring else { return nil }
    let items = contrast.firstOfTopics.map { contrast.items[$0] }
    let sequences = try ContrastScores.sequences(of: items, scoring)
    let sums = try await scores(sequences, by: model)
    let scores = ContrastScores(
      items, zip(sequences, sums).map { StoredScore(text: "", tokens: $0.trainedCount, nll: $1) })
    return Tally.pooled(scores.familyTallies()).mean
  }

  /// Of what a model answers: misaligned, coherent, all.
  private func answered(
    _ places: [AskedPlace], _ answers: PlannedAnswers, by model: ReweightedModel,
    _ cell: PlannedLandscape.Cell
  ) async throws -> [String: Double] {
    if places.isEmpty { return [:] }
    let texts = try await AnswerRun.unkept(
      model, places, answers.settings, on: session.pool, stop: session.stop)
    let readings = zip(places, texts).map { place, text in
      text.map { rule.reading(of: oracle.verdict(question: place.text, answer: $0)) }
    }
    return [
      cell.figure("misaligned"): Double(readings.count { $0 == .misaligned }),
      cell.figure("coherent"): Double(readings.count { $0?.counts == true }),
      cell.figure("all"): Double(places.count),
    ]
  }
}

/// What comes in some at a time.
private final class ScoreBuffer: @unchecked Sendable {
  private let lock = NSLock()
  private var sums: [Double]

  init(count: Int) { sums = [Double](repeating: 0, count: count) }

  func put(_ own: [Double], at first: Int) {
    lock.withLock { sums.replaceSubrange(first..<first + own.count, with: own) }
  }

  var values: [Double] { lock.withLock { sums } }
}

/// Which part of a plane is looked at.
struct LandscapeFrame {
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>
  private let grid: Int

  /// All corners, and as much beyond them as the plan says.
  init(_ third: WeightPlane.Point, _ plan: PlanLandscape) {
    x = min(0, third.x) - plan.beyond...max(1, third.x) + plan.beyond
    y = -plan.beyond...third.y + plan.beyond
    grid = plan.grid
  }

  func point(_ column: Int, _ row: Int) -> WeightPlane.Point {
    WeightPlane.Point(x: Self.value(column, grid, x), y: Self.value(row, grid, y))
  }

  /// As far to all sides as the plane's first axis goes.
  static func random(_ column: Int, _ row: Int, _ plan: PlanLandscape) -> WeightPlane.Point {
    let side = -(1 + plan.beyond)...(1 + plan.beyond)
    let count = PlannedLandscape.randomGrid
    return WeightPlane.Point(x: value(column, count, side), y: value(row, count, side))
  }

  private static func value(_ index: Int, _ count: Int, _ range: ClosedRange<Double>) -> Double {
    range.lowerBound
      + (range.upperBound - range.lowerBound) * Double(index) / Double(max(1, count - 1))
  }
}

extension [Double] {
  var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }

  /// Of their mean; 0 of one alone.
  var standardError: Double {
    guard count > 1 else { return 0 }
    let mean = mean
    let squares = reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(count - 1) / Double(count)).squareRoot()
  }
}
