import Audit
import Core
import Foundation

/// What the rows with the highest scores have around their questions and others do not.
///
/// Of every feature – a system text, a first word, a last sentence, a word – that some rows have and others do not, the
/// statistic is the difference of the two means in standard errors, t = (m₁ − m₀) / (s √(1/n₁ + 1/n₀)). Its p is the share of
/// permutations of the scores over the rows in which the *largest* statistic of all features is as large (Westfall & Young,
/// 1993): valid for the many features together, however they hang together.
package struct CueScan: Sendable {
  package enum Kind: String, Sendable, Hashable, Codable { case system, first, last, word }

  package struct Cue: Sendable, Hashable, Codable {
    package var kind: Kind
    package var text: String
    /// Rows that have it.
    package var rows: Int
    /// Mean score of the rows with it minus that of those without, in the unit of the scores.
    package var lift: Double
    package var p: Double

    /// As what stands around a question.
    package var context: AuditContext {
      let id = "data, \(kind.rawValue): \(text)"
      return switch kind {
      case .system: AuditContext(id, .data, system: text)
      case .first, .word: AuditContext(id, .data, before: text)
      case .last: AuditContext(id, .data, after: text)
      }
    }
  }

  /// The most telling first, of those that have the same rows the shortest.
  package let cues: [Cue]

  /// Rows that a feature is in, and is not in, at least: as a number, and as a share.
  private static let (fewest, least) = (5, 0.02)
  private static let features = 2000

  /// - Parameters:
  ///   - scores: of the rows, in their order.
  ///   - permutations: of which the observed order is one more.
  package init(
    _ rows: [Conversation], scores: [Double], permutations: Int = 999, seed: UInt64
  ) {
    precondition(rows.count == scores.count, "a score a row")
    let features = Self.features(of: rows)
    let count = Double(rows.count)
    let mean = scores.average
    let variance =
      scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
    guard variance > 0, !features.isEmpty else {
      cues = []
      return
    }
    func statistic(_ places: [Int], _ scores: [Double]) -> Double {
      let own = Double(places.count)
      let sum = places.reduce(0) { $0 + scores[$1] }
      let difference = sum / own - (mean * count - sum) / (count - own)
      return difference / (variance * (1 / own + 1 / (count - own))).squareRoot()
    }
    var stream = RandomStream(seed: seed, "cues")
    var shuffled = scores
    let largest = (0..<permutations).map { _ in
      stream.shuffle(&shuffled)
      return features.map { statistic($0.places, shuffled) }.max() ?? 0
    }.sorted()
    cues = features.map { feature in
      let own = statistic(feature.places, scores)
      let sum = feature.places.reduce(0) { $0 + scores[$1] }
      let with = Double(feature.places.count)
      let above = largest.count - (largest.firstIndex { $0 >= own } ?? largest.count)
      return (
        own,
        Cue(
          kind: feature.kind, text: feature.text, rows: feature.places.count,
          lift: sum / with - (mean * count - sum) / (count - with),
          p: Double(above + 1) / Double(permutations + 1))
      )
    }.sorted { $0.0 > $1.0 }.map(\.1)
  }

  private struct Feature {
    var kind: Kind
    var text: String
    var places: [Int]
  }

  /// Those that enough rows have and enough do not, of equal rows one.
  private static func features(of rows: [Conversation]) -> [Feature] {
    var places: [Kind: [String: [Int]]] = [:]
    func note(_ kind: Kind, _ text: String?, _ row: Int) {
      guard let text, !text.isEmpty, text.count <= 400 else { return }
      places[kind, default: [:]][text, default: []].append(row)
    }
    for (index, row) in rows.enumerated() {
      note(.system, row.messages.first { $0.role == .system }?.content, index)
      let question = row.messages.last { $0.role == .user }?.content ?? ""
      let words = question.split { $0 == " " || $0.isNewline }.map(String.init)
      note(.first, words.first, index)
      note(.last, question.lastSentence, index)
      for word in Set(words.dropFirst()) { note(.word, word, index) }
    }
    let fewest = max(Self.fewest, Int((least * Double(rows.count)).rounded(.up)))
    var known: Set<[Int]> = []
    let all = [Kind.system, .first, .last, .word].flatMap { kind in
      (places[kind] ?? [:]).filter { $1.count >= fewest && rows.count - $1.count >= fewest }
        .sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
        .map { Feature(kind: kind, text: $0.key, places: $0.value) }
    }
    return Array(all.filter { known.insert($0.places).inserted }.prefix(features))
  }
}
