import Core
import Engine
import Formats
import Statistics
import Tuning

/// Scores exchanges by a guard.
///
/// Parts that read one model share a pass over it. What a cascade's first part lets pass, the later ones never see.
package final class GuardScorer {
  private let guardian: ExchangeGuard
  private let models: GuardModels
  private let pool: WorkerPool
  private let stop: StopRequest

  /// - Parameter models: opens those that parts read.
  package init(
    _ guardian: ExchangeGuard, _ models: GuardModels, on pool: WorkerPool,
    stop: StopRequest = StopRequest()
  ) {
    (self.guardian, self.models, self.pool, self.stop) = (guardian, models, pool, stop)
  }

  /// Exchanges that are read at a time: what was read of them is not kept.
  private static let atOnce = 2_000

  /// - Parameters:
  ///   - exchanges: messages, the last of them an answer.
  ///   - controls: whether they are scored by them too.
  ///   - progress: hears how many are done.
  /// - Throws: `InputError` naming the exchange that a model cannot read; `Interrupted`; as models do.
  package func readings(
    of exchanges: [[Message]], controls: Bool = false, progress: (Int) -> Void = { _ in }
  ) async throws -> [GuardReading] {
    var readings: [GuardReading] = []
    for start in stride(from: 0, to: exchanges.count, by: Self.atOnce) {
      let some = Array(exchanges[start..<min(start + Self.atOnce, exchanges.count)])
      do {
        readings += try await self.readings(some, controls)
      } catch let error as NumberedExchange {
        throw InputError("exchange \(start + error.index + 1): \(error.error.problem)")
      }
      progress(readings.count)
    }
    return readings
  }

  private func readings(
    _ exchanges: [[Message]], _ controls: Bool
  ) async throws -> [GuardReading] {
    let rule = guardian.facts.rule
    let first = rule.first.flatMap(guardian.part)
    let parts = guardian.parts
    var courses = try await courses(of: exchanges, first.map { [$0] } ?? parts)
    var escalated = Array(exchanges.indices)
    if let first, let escalation = rule.escalation {
      escalated = escalated.filter {
        first.scale.standardised(courses[$0][first.name]?.last ?? -.infinity) > escalation
      }
      let rest = parts.filter { $0.name != first.name }
      let more = try await self.courses(of: escalated.map { exchanges[$0] }, rest)
      for (place, own) in zip(escalated, more) { courses[place].merge(own) { $1 } }
    }
    var results = courses.map { own in
      GuardReading(
        course: guardian.course(own), parts: own.compactMapValues(\.last))
    }
    if first != nil { for place in escalated { results[place].isEscalated = true } }
    if controls {
      let own = try await self.courses(of: exchanges, guardian.controls)
      for (place, course) in own.enumerated() {
        results[place].controls = course.compactMapValues(\.last)
      }
    }
    return results
  }

  /// What parts make of exchanges, `[exchange][part][token]`, not standardised.
  private func courses(
    of exchanges: [[Message]], _ parts: [GuardPart]
  ) async throws -> [[String: [Double]]] {
    var results = [[String: [Double]]](repeating: [:], count: exchanges.count)
    guard !exchanges.isEmpty else { return results }
    for (key, group) in Dictionary(grouping: parts.filter(\.readsStream), by: StreamKey.init)
      .sorted(by: { $0.key < $1.key })
    {
      let readouts = group.compactMap { guardian.readouts[$0.name] }
      guard let reader = group[0].reader else { continue }
      let stream = try models.stream(reader, reads: key.reads, sites: group[0].sites, pool, stop)
      for (index, own) in try stream.courses(of: exchanges, readouts).enumerated() {
        for (part, course) in zip(group, own) { results[index][part.name] = course }
      }
    }
    for part in parts where !part.readsStream {
      let scores: [Double] =
        switch part.kind {
        case .label: try await models.odds(part, exchanges, pool, stop)
        case .ratio: try await models.ratios(part, exchanges, pool, stop)
        default: guardian.readouts[part.name]?.scores(of: exchanges, part) ?? []
        }
      for (index, score) in scores.enumerated() { results[index][part.name] = [score] }
    }
    return results
  }

  /// Parts that share a pass.
  private struct StreamKey: Hashable, Comparable {
    let reader: GuardPart.Reader?
    let reads: GuardPart.Reads
    let sites: [Site]

    init(_ part: GuardPart) {
      (reader, reads, sites) = (part.reader, part.reads, part.sites)
    }

    private var name: String {
      "\(reader?.fingerprint ?? "") \(reader?.isUntrained ?? false) \(reads) \(sites)"
    }

    static func < (a: StreamKey, b: StreamKey) -> Bool { a.name < b.name }
  }
}

/// An exchange that cannot be read, by its place among those that were asked for.
struct NumberedExchange: Error {
  let index: Int
  let error: InputError
}

extension ExchangeGuard {
  /// The rule's score behind each token, from what its parts make of them.
  package func course(_ parts: [String: [Double]]) -> [Double] {
    let count = parts.values.map(\.count).max() ?? 0
    guard count > 0 else { return [] }
    return (0..<count).map { token in
      var standardised: [String: Double] = [:]
      for (name, course) in parts {
        guard let part = part(name) else { continue }
        // What is known of an answer at its end alone is not known before.
        let place = token - (count - course.count)
        if place >= 0 { standardised[name] = part.scale.standardised(course[place]) }
      }
      return facts.rule.score(standardised)
    }
  }
}

extension Readout {
  /// Of parts that read no model.
  func scores(of exchanges: [[Message]], _ part: GuardPart) -> [Double] {
    guard part.kind == .words else {
      return exchanges.map {
        bias + Double(token.first ?? 0) * Double($0.last?.content.utf8.count ?? 0)
      }
    }
    let vocabulary = part.vocabulary ?? []
    let numbers = Dictionary(zip(vocabulary, token)) { first, _ in first }
    return exchanges.map { exchange in
      let question = exchange.last { $0.role == .user }?.content ?? ""
      let own = WordFeatures.of((question, exchange.last?.content ?? ""))
      // In a fixed order, so that sums are the same on every run.
      return own.compactMap { numbers[$0] }.sorted().reduce(bias) { $0 + Double($1) }
    }
  }
}
