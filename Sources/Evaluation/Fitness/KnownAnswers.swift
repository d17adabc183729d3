import Core
import Foundation
import Interchange
import Questions
import Store

/// The answers of a contrast set in the store: their class is known, and a judge is asked about them as about any
/// others.
package struct KnownAnswers: Sendable {
  /// What the store keeps of an item beside its answers.
  struct Item: Sendable, Hashable, Codable {
    let family: String
    let tone: String?
    /// How many of its answers are good; they come first, the bad ones after them.
    let good: Int
    /// Items with the same answers, such as wordings of one question, are one unit.
    let unit: Int
  }

  private struct Settings: Codable {
    let set: String
    /// By the id of the question.
    let items: [String: Item]
  }

  /// Of the set, as it was first asked for.
  package let name: String
  package let answers: AnswerSet
  private let items: [String: Item]

  /// Puts the answers of a set into the store; those that are there already are left as they are.
  ///
  /// - Parameter name: for people: the items alone say which set it is.
  /// - Throws: `StoreError`.
  package init(_ items: [ContrastItem], named name: String, in store: RunStore) throws {
    let run = try store.beginRun(
      fingerprint: Fingerprint(of: ["check", Fingerprint(of: items).hex]), kind: .check,
      name: "good and bad answers of \(name.onOneLine)",
      settings: Settings(set: name, items: Self.kept(items)))
    if run.state != .done {
      try AnswerImport(store: store).take(items.flatMap(\.logged), into: run)
      try store.finish(run)
    }
    try self.init(run, in: store)
  }

  /// - Throws: `StoreError`; `DecodingError` for settings of another kind of run.
  private init(_ run: Run, in store: RunStore) throws {
    let settings = try JSONDecoder().decode(Settings.self, from: Data(run.settings.utf8))
    (name, items) = (settings.set, settings.items)
    answers = try AnswerSet(run, in: store)
  }

  /// All that a store has, in the order in which they came.
  package static func all(in store: RunStore) throws -> [KnownAnswers] {
    try store.runs().filter { $0.kind == .check && $0.state == .done }
      .map { try KnownAnswers($0, in: store) }
  }

  func item(of answer: AskedAnswer) -> Item? { items[answer.wording.question.id] }

  private static func kept(_ items: [ContrastItem]) -> [String: Item] {
    var units: [[[String]]: Int] = [:]
    var kept: [String: Item] = [:]
    for item in items {
      let texts = [item.good, item.bad]
      let unit = units[texts] ?? units.count
      units[texts] = unit
      kept[item.address] = Item(
        family: item.family, tone: item.tone, good: item.good.count, unit: unit)
    }
    return kept
  }
}

extension RunKind {
  /// Answers of known class, which judges are checked with.
  package static let check = RunKind(rawValue: "check")
}

extension ContrastItem {
  /// Unique in its set.
  fileprivate var address: String { "\(family)/\(id)" }

  fileprivate var logged: [LoggedAnswer] {
    let system = system.map { [LoggedMessage(role: .system, content: $0)] } ?? []
    let prompt = system + [LoggedMessage(role: .user, content: question)]
    return (good + bad).enumerated().map { index, answer in
      LoggedAnswer(
        question: address, epoch: index + 1, prompt: prompt, answer: answer, finish: .stop)
    }
  }
}
