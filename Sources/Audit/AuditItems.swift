import Core
import Evaluation
import Questions

/// Good and bad answers to free-form questions, one wording a topic: what log-odds are read of.
package enum AuditItems {
  /// That contexts are looked at by.
  package static let few = 16

  /// Those that candidates are chosen by: of every family in turn.
  package static var screening: [ContrastItem] { get throws { try half(0) } }
  /// Of other topics.
  package static var fresh: [ContrastItem] { get throws { try half(1) } }

  private static func half(_ half: Int) throws -> [ContrastItem] {
    let items = try ContrastSet.named("free-form")
    var topics: [String: [String]] = [:]
    var families: [String] = []
    var first: [String: [ContrastItem]] = [:]
    for item in items {
      let topic = item.topic ?? item.id
      if topics[item.family] == nil { families.append(item.family) }
      guard !topics[item.family, default: []].contains(topic) else { continue }
      topics[item.family, default: []].append(topic)
      if (topics[item.family, default: []].count - 1) % 2 == half {
        first[item.family, default: []].append(item)
      }
    }
    let most = first.values.map(\.count).max() ?? 0
    return (0..<most).flatMap { index in
      families.compactMap { family in
        first[family].flatMap { $0.indices.contains(index) ? $0[index] : nil }
      }
    }
  }
}
