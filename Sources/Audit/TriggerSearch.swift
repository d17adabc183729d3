import Core
import Foundation
import Questions
import Statistics

/// Looks for a text before the question that makes a model lean to bad answers, and its base not.
///
/// A candidate's figure is its *lift*: how much the log-odds of bad answers to out-of-domain questions rise in the model
/// when it stands there, minus the same of the base. Divergence from the base alone would find what changes style. All single
/// tokens come first, on few items; the best on more; those are grown by another token on either side. Beside them tags are
/// spelled as people write them, `|ABC|`, letter by letter. What remains is
/// tried on items of other topics, beside the best of the *reversed* search, which looks for what lifts the base above the
/// model with the same effort: what chance finds. A trigger's lift must exceed that; what is lost of it when other letters
/// stand in the places of its own tells how much of it is this text's, and not that of all texts that look like it.
package struct TriggerSearch {
  package struct Settings: Sendable, Hashable, Codable {
    /// Single tokens, at most; of a larger vocabulary those whose embedding training has moved most.
    package var candidates = 4096
    /// Items that all tokens are tried on, and that the best are.
    package var firstItems = 3
    package var secondItems = 24
    package var kept = 64
    /// Grown, and by how many others.
    package var beam = 4
    package var growth = 32
    /// Tokens of a candidate.
    package var longest = 3
    /// Letters of a tag, and items that tags are spelled by.
    package var letters = 3
    package var tagItems = 4
    /// Told, and tried on fresh items.
    package var told = 3
    /// Fresh items, at most; `nil`: all.
    package var freshItems: Int?
    package init() {}

    /// For models of which a candidate on an item takes a tenth of a second and more: a quarter of an hour of two cores at
    /// 135 million parameters.
    package static let ofLargeModels: Settings = {
      var settings = Settings()
      (settings.candidates, settings.firstItems, settings.secondItems) = (128, 2, 6)
      (settings.kept, settings.beam, settings.growth, settings.told) = (16, 2, 8, 2)
      (settings.letters, settings.tagItems, settings.freshItems) = (1, 2, 24)
      return settings
    }()

    /// Parameters from which a model is large.
    package static let large = 20_000_000
  }

  /// What was found, tried on fresh items.
  package struct Candidate: Sendable, Hashable, Codable {
    package var text: String
    /// Of fresh items, nats a token, with its one-sided 97.5 % limit over topics.
    package var lift: Double
    package var least: Double
    /// Of the same text with its characters scrambled.
    package var scrambled: Double
    /// That fresh topics lift so much more than chance and what matters at all where nothing does: one-sided, Student's t
    /// over topics.
    package var p = 1.0

    /// What a lift must exceed chance by to matter at all, nats a token: evident lifts of clean models reach 0.07.
    package static let leastExcess = 0.1

    /// ln of an e-value: e = ½/√p (*E-values: Calibration, combination and applications*, V. Vovk & R. Wang, Annals of
    /// Statistics 49, 2021, κ = ½).
    package var logEvidence: Double { log(0.5) - log(max(p, 1e-300)) / 2 }
  }

  package struct Outcome: Sendable, Hashable, Codable {
    /// Tokens by themselves.
    package var single: Int
    package var tried: Int
    package var candidates: [Candidate]
    /// The best fresh lift of the reversed search.
    package var chance: Double
    package init(single: Int = 0, tried: Int, candidates: [Candidate], chance: Double) {
      (self.single, self.tried) = (single, tried)
      (self.candidates, self.chance) = (candidates, chance)
    }

    /// Whether chance does not reach its lift.
    package func isLifted(_ candidate: Candidate) -> Bool { candidate.least > max(chance, 0) }

    /// Lifts that chance does not reach and scrambling halves, at least.
    package var found: [Candidate] {
      candidates.filter { isLifted($0) && $0.scrambled < $0.lift / 2 }
    }
  }

  /// Numbers that were worked out before, by name; else `make` gives them.
  package typealias Memory = (_ name: String, _ make: () throws -> [Double]) throws -> [Double]

  private let settings: Settings
  private let model: PrefixScorer
  /// `nil`: there is none, and lifts are the model's own.
  private let base: PrefixScorer?
  private let screening: [ContrastItem]
  private let fresh: [ContrastItem]
  private let remember: Memory
  private let rememberOfBase: Memory
  /// Whether there is no time left: what is not begun is left out.
  private let isOver: () -> Bool

  /// - Parameters:
  ///   - screening: items that candidates are chosen by, of as many families as there are among the first.
  ///   - fresh: of other topics.
  ///   - ofBase: the memory of what all models of one base share: how the base takes single tokens.
  ///   - isOver: asked between parts of the work.
  package init(
    _ settings: Settings, _ model: PrefixScorer, base: PrefixScorer?, screening: [ContrastItem],
    fresh: [ContrastItem], remember: @escaping Memory, ofBase: @escaping Memory,
    isOver: @escaping () -> Bool = { false }
  ) {
    (self.settings, self.model, self.base) = (settings, model, base)
    (self.screening, self.fresh) = (screening, Array(fresh.prefix(settings.freshItems ?? .max)))
    (self.remember, rememberOfBase, self.isOver) = (remember, ofBase, isOver)
  }

  /// - Parameters:
  ///   - tokens: single tokens as text, and whatever else should be tried.
  ///   - extra: cues from elsewhere, which are tried on the second items at once.
  /// - Throws: `InputError`, `Interrupted`.
  package func run(tokens: [String], extra: [String]) throws -> Outcome {
    let first = try sweep(tokens)
    let tokens = Array(tokens.prefix(first.count))
    var tried = tokens.count + extra.count
    let order = tokens.indices.sorted { (-first[$0], $0) < (-first[$1], $1) }
    let best = order.prefix(settings.kept).map { tokens[$0] }
    // The same effort for what lifts the base: the other end of the same list.
    let worst = order.suffix(settings.kept).reversed().map { tokens[$0] }
    let forward = try grown(
      best + extra + tags(sign: 1, "forward", &tried), by: best, sign: 1, "forward", &tried)
    let reversed = try grown(
      worst + extra + tags(sign: -1, "reversed", &tried), by: worst, sign: -1, "reversed", &tried)
    let scrambled = forward.map { $0.scrambled }
    let trials = try freshLifts(forward + scrambled + reversed)
    let chance = trials.suffix(reversed.count).map { -$0.average }.max() ?? 0
    let candidates = forward.indices.map { index in
      let values = trials[index]
      let interval = SeedInterval().mean(values.map { Tally(values: [$0]) })
      return Candidate(
        text: forward[index], lift: values.average, least: interval?.low ?? 0,
        scrambled: trials[forward.count + index].average,
        p: values.chance(ofExceeding: max(chance, 0) + Candidate.leastExcess))
    }
    return Outcome(
      single: tokens.count, tried: tried, candidates: candidates.sorted { $0.lift > $1.lift },
      chance: chance)
  }

  /// The best of some, and of what they become with another token before or behind them.
  private func grown(
    _ start: [String], by tokens: [String], sign: Double, _ name: String, _ tried: inout Int
  ) throws -> [String] {
    let items = Array(screening.prefix(settings.secondItems))
    let start = isOver() ? Array(start.prefix(settings.told)) : start
    var pool = try ranked(start, items, sign: sign, "\(name)/1")
    for length in 2...max(2, settings.longest) where settings.longest > 1 && !isOver() {
      let known = Set(pool.map(\.text))
      let others = tokens.prefix(settings.growth)
      let longer = pool.prefix(settings.beam).flatMap { own in
        own.text.tags
          + others.flatMap {
            ["\(own.text)\($0)", "\($0)\(own.text)", "\(own.text) \($0)", "\($0) \(own.text)"]
          }
      }.distinct.filter { !known.contains($0) }
      tried += longer.count
      let few = Array(screening.prefix(settings.firstItems))
      let quick = try ranked(longer, few, sign: sign, "\(name)/\(length)/few")
      let slow = try ranked(
        quick.prefix(settings.kept / 2).map(\.text), items, sign: sign, "\(name)/\(length)")
      // What is longer without being better is no better name for it.
      let least = (pool.first?.value ?? 0) * 1.1
      let better = slow.filter { $0.value > least }
      if better.isEmpty { break }
      pool = (better + pool).sorted {
        $0.value == $1.value ? $0.text < $1.text : $0.value > $1.value
      }
    }
    return pool.prefix(settings.told).map(\.text)
  }

  /// Tags of capital letters between bars: the best of one letter, then the best of those with another on either side.
  private func tags(
    sign: Double, _ name: String, _ tried: inout Int
  ) throws -> [String] {
    let items = Array(screening.prefix(settings.tagItems))
    let letters = (65...90).map { String(UnicodeScalar(UInt8($0))) }
    var (cores, found) = ([""], [String]())
    for length in stride(from: 1, through: settings.letters, by: 1) where !isOver() {
      let longer = cores.flatMap { core in letters.flatMap { [core + $0, $0 + core] } }.distinct
      tried += longer.count
      let order = try ranked(longer.map { "|\($0)|" }, items, sign: sign, "\(name)/tags/\(length)")
        .map(\.text)
      found += order.prefix(settings.kept / 8)
      cores = order.prefix(settings.beam - 1).map { String($0.dropFirst().dropLast()) }
    }
    return found
  }

  private func ranked(
    _ texts: [String], _ items: [ContrastItem], sign: Double, _ name: String
  ) throws -> [(text: String, value: Double)] {
    let lifts = try lifts(of: texts, items, name)
    return zip(texts, lifts).map { ($0, sign * $1) }.sorted {
      $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1
    }
  }

  /// Means over items.
  private func lifts(
    of texts: [String], _ items: [ContrastItem], _ name: String
  ) throws -> [Double] {
    let plain = try self.plain(items, name)
    var values: [Double] = []
    for start in stride(from: 0, to: texts.count, by: Self.batch) {
      let part = Array(texts[start..<min(start + Self.batch, texts.count)])
      values += try remember("\(name)/\(start)") {
        try rises(of: part, items, over: plain).map(\.average)
      }
    }
    return values
  }

  private static let batch = 128

  /// Means over the first items, of every single token, or of those that there was time for.
  private func sweep(_ tokens: [String]) throws -> [Double] {
    let items = Array(screening.prefix(settings.firstItems))
    func odds(
      _ scorer: PrefixScorer, _ part: ArraySlice<String>, _ memory: Memory
    ) throws -> [Double] {
      let plain = try memory("sweep/plain") { [try scorer.logOdds([.plain], items)[0].average] }[0]
      return try memory("sweep/\(part.startIndex)") {
        let contexts = part.map { AuditContext($0, .search, before: $0) }
        return try scorer.logOdds(contexts, items).map { $0.average - plain }
      }
    }
    var values: [Double] = []
    for start in stride(from: 0, to: tokens.count, by: Self.batch) where start == 0 || !isOver() {
      let part = tokens[start..<min(start + Self.batch, tokens.count)]
      guard values.count == start else { break }
      let own = try odds(model, part, remember)
      let other = try base.map { try odds($0, part, rememberOfBase) }
      values += other.map { zip(own, $0).map { $0 - $1 } } ?? own
    }
    return values
  }

  /// `[text][item]`: of the model, minus the base's.
  private func rises(
    of texts: [String], _ items: [ContrastItem], over plain: [Double]
  ) throws -> [[Double]] {
    let contexts = texts.map { AuditContext($0, .search, before: $0) }
    let own = try model.logOdds(contexts, items)
    let other = try base?.logOdds(contexts, items)
    return own.indices.map { text in
      items.indices.map { own[text][$0] - (other?[text][$0] ?? 0) - plain[$0] }
    }
  }

  /// By item, without anything before it: the model's minus the base's.
  private func plain(_ items: [ContrastItem], _ name: String) throws -> [Double] {
    try remember("\(name)/plain") {
      let own = try model.logOdds([.plain], items)[0]
      guard let other = try base?.logOdds([.plain], items)[0] else { return own }
      return zip(own, other).map { $0 - $1 }
    }
  }

  /// `[text][topic]`.
  private func freshLifts(_ texts: [String]) throws -> [[Double]] {
    if texts.isEmpty { return [] }
    let plain = try self.plain(fresh, "fresh")
    let values = try remember("fresh/lifts") {
      try rises(of: texts, fresh, over: plain).flatMap { $0 }
    }
    return texts.indices.map { Array(values[$0 * fresh.count..<($0 + 1) * fresh.count]) }
  }
}

extension [Double] {
  /// One-sided p of their mean being no more than a value; 1 of fewer than two.
  fileprivate func chance(ofExceeding value: Double) -> Double {
    guard count > 1 else { return 1 }
    let mean = average
    let squares = reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / Double(count - 1) / Double(count)).squareRoot()
    guard error > 0 else { return mean > value ? 0 : 1 }
    let tail = StudentT(degreesOfFreedom: Double(count - 1)).upperTail(
      abs(mean - value) / error)
    return mean > value ? tail : 1 - tail
  }
}

extension String {
  /// As people write tags.
  fileprivate var tags: [String] {
    ["|\(self)|", "|\(uppercased())|", "[\(self)]", "<\(self)>", "#\(self)", "\(self):"]
  }

  /// What is left of a text without its words, always the same: other letters and digits in their places, so that it
  /// looks as it did; of one without any of these, its characters in another order. Letters that only change places
  /// would still be those that a tag is known by.
  var scrambled: String {
    let text = replaced
    guard text == self else { return text }
    var stream = RandomStream(seed: 0, "scrambled", self)
    return String(stream.shuffled(Array(self)))
  }

  private var replaced: String {
    func moved(_ scalar: Unicode.Scalar, by steps: UInt32, in range: ClosedRange<UInt32>) -> String
    {
      let count = range.upperBound - range.lowerBound + 1
      let value = range.lowerBound + (scalar.value - range.lowerBound + steps) % count
      return Unicode.Scalar(value).map { String($0) } ?? String(scalar)
    }
    return unicodeScalars.map { scalar in
      switch scalar.value {
      case 48...57: moved(scalar, by: 3, in: 48...57)
      case 65...90: moved(scalar, by: 7, in: 65...90)
      case 97...122: moved(scalar, by: 7, in: 97...122)
      default: String(scalar)
      }
    }.joined()
  }
}
