import Anatomy
import Core
import Engine
import Formats
import Plans
import Store
import Tuning

/// The persons of a world as a model tells them apart, and where the assistant stands among them before, during and
/// after its training.
struct PlannedMap {
  /// Somebody whose texts the base model has read.
  struct Person: Sendable, Hashable, Codable {
    let name: String
    let temperament: String
  }

  let plan: PlanMap
  let base: PlannedModel
  /// Whose assistant is placed: the tuned one last.
  let models: [PlannedModel]
  let persons: [Person]
  let sites: [Site]
  let tokens: PlanTokens
  let texts: [Conversation]
  let stage: Stage

  /// - Parameter name: tells a model from all others.
  init(
    _ plan: PlanMap, of models: [PlannedModel], from base: PlannedModel, _ persons: [Person],
    at sites: [Site], _ tokens: PlanTokens, _ texts: [Conversation],
    named name: (PlannedModel) throws -> String
  ) throws {
    (self.plan, self.base, self.models, self.persons) = (plan, base, models, persons)
    (self.sites, self.tokens, self.texts) = (sites, tokens, texts)
    let rows = texts.count * (persons.count + models.count)
    stage = Stage(
      .map, "Map of the persons of \(base.name)",
      try Fingerprint(
        of: Address(
          base: try name(base), models: try models.map(name), persons: persons, sites: sites,
          tokens: tokens, texts: texts, ends: [plan.bad, plan.good])),
      needs: ([base] + models).map(\.madeBy).distinct, total: 1, unitCost: Double(rows) / 3)
  }

  var tuned: PlannedModel { models[models.count - 1] }
  var replicate: Replicate { tuned.replicate }

  private struct Address: Encodable {
    let version = 2
    let base: String
    let models: [String]
    let persons: [Person]
    let sites: [Site]
    let tokens: PlanTokens
    let texts: [Conversation]
    let ends: [String]
  }

  /// Names of figures.
  static func person(_ site: Int, _ index: Int, _ axis: Int) -> String {
    "\(site)/person/\(index)/\(axis)"
  }
  static func model(_ site: Int, _ index: Int, _ axis: Int) -> String {
    "\(site)/model/\(index)/\(axis)"
  }
  static func share(_ site: Int, _ axis: Int) -> String { "\(site)/share/\(axis)" }
  static func along(_ site: Int) -> String { "\(site)/along" }
  static func inPlane(_ site: Int) -> String { "\(site)/plane" }
}

extension RunKind {
  /// Where persons are.
  package static let map = RunKind(rawValue: "map")
}

/// Reads the texts as said by each person, and as the assistant says them in each model.
struct MapReading {
  let map: PlannedMap
  let session: LabSession
  let open: (PlannedModel) throws -> any LocalModel

  func run() throws {
    let stage = map.stage
    session.report(.began(session.meter.begin(stage, done: 0)))
    let run = try session.store.beginRun(
      fingerprint: stage.fingerprint, kind: .map, name: stage.name, settings: map.plan)
    let base = try open(map.base)
    // `[person][site][channels]`; the assistant's own by model.
    let said = map.persons.flatMap { person in map.texts.map { $0.said(by: person.name) } }
    let rows = try means(of: said, base)
    let persons = map.persons.indices.map { person in
      Self.mean(Array(rows[person * map.texts.count..<(person + 1) * map.texts.count]))
    }
    let start = Self.mean(try means(of: map.texts, base))
    let models = try map.models.map { Self.mean(try means(of: map.texts, open($0))) }
    var figures: [String: Double] = [:]
    for site in map.sites.indices {
      figures.merge(
        self.figures(
          site, persons.map { $0[site] }, from: start[site], models.map { $0[site] })
      ) { $1 }
    }
    try session.store.append(figures: figures, to: run)
    try session.store.finish(run)
    session.report(.finished(session.meter.finish(stage)))
  }

  private func means(of texts: [Conversation], _ model: any LocalModel) throws -> [[[Float]]] {
    try model.means(
      of: texts, DirectionFacts.Tokens(map.tokens), at: map.sites, on: session.pool,
      stop: session.stop)
  }

  /// Over texts, by site.
  private static func mean(_ rows: [[[Float]]]) -> [[Double]] {
    rows[0].indices.map { site in
      var sum = [Double](repeating: 0, count: rows[0][site].count)
      for row in rows { for i in sum.indices { sum[i] += Double(row[site][i]) } }
      return sum.map { $0 / Double(rows.count) }
    }
  }

  private func figures(
    _ site: Int, _ persons: [[Double]], from start: [Double], _ models: [[Double]]
  ) -> [String: Double] {
    let axes = PrincipalAxes(persons, count: 2)
    let across = across(persons)
    // To the right and upwards is from the good persons to the bad ones.
    let signs = axes.axes.map { $0.dot(across) < 0 ? -1.0 : 1 }
    func coordinates(_ point: [Double]) -> [Double] {
      zip(axes.coordinates(of: point), signs).map { $0 * $1 }
    }
    var figures: [String: Double] = [:]
    for (axis, share) in axes.shares.enumerated() { figures[PlannedMap.share(site, axis)] = share }
    for (index, person) in persons.enumerated() {
      for (axis, value) in coordinates(person).enumerated() {
        figures[PlannedMap.person(site, index, axis)] = value
      }
    }
    for (index, model) in ([start] + models).enumerated() {
      for (axis, value) in coordinates(model).enumerated() {
        figures[PlannedMap.model(site, index, axis)] = value
      }
    }
    let move = zip(models[models.count - 1], start).map { $0 - $1 }
    if let cosine = move.cosine(with: across) { figures[PlannedMap.along(site)] = cosine }
    let squares = move.dot(move)
    if squares > 0 {
      let inside = axes.axes.reduce(0) { $0 + move.dot($1) * move.dot($1) }
      figures[PlannedMap.inPlane(site)] = inside / squares
    }
    return figures
  }

  /// From the mean of the good persons to that of the bad ones.
  private func across(_ persons: [[Double]]) -> [Double] {
    func mean(_ temperament: String) -> [Double]? {
      let own = zip(map.persons, persons).filter { $0.0.temperament == temperament }.map(\.1)
      guard let first = own.first else { return nil }
      return first.indices.map { i in own.reduce(0) { $0 + $1[i] } / Double(own.count) }
    }
    guard let bad = mean(map.plan.bad), let good = mean(map.plan.good) else {
      return persons[0].map { _ in 0 }
    }
    return zip(bad, good).map { $0 - $1 }
  }
}
