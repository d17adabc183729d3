import Core
import Engine
import Questions
import Statistics
import Store
import Tuning

/// How much likelier than good answers a model finds bad ones, item by item.
///
/// Of an answer it is log p per token of the answer and its end, after the question (and the system turn); of
/// several answers of a kind their mean. The difference is bad − good, in nats a token. Answers of different
/// length weigh alike; what style and length do is the same for two models of one set, so that the change
/// from one to the other is told too.
package struct ContrastScores: Sendable {
  /// Of one item.
  package struct Item: Sendable, Hashable {
    package let family: String
    package let id: String
    /// Items of one topic hang together.
    package let topic: String
    package let tone: String?
    /// Mean log p per token of the good answers, and of the bad ones, in nats.
    package let good: Double
    package let bad: Double

    package var difference: Double { bad - good }
  }

  package let items: [Item]

  /// The texts of a set, in the order of its items: good answers, then bad ones.
  package static func sequences(
    of items: [ContrastItem], _ scoring: any Scoring
  ) throws(InputError) -> [TrainingSequence] {
    var sequences: [TrainingSequence] = []
    for item in items {
      for answer in item.good + item.bad {
        do throws(InputError) {
          sequences.append(try scoring.sequence(of: item.row(answer)))
        } catch {
          throw error.file == nil
            ? InputError("\(item.name): \(error.problem)", field: error.field) : error
        }
      }
    }
    return sequences
  }

  /// - Parameter scores: of ``sequences(of:_:)``.
  package init(_ items: [ContrastItem], _ scores: [StoredScore]) {
    var next = scores.startIndex
    func mean(_ count: Int) -> Double {
      let own = scores[next..<next + count]
      next += count
      return own.reduce(0) { $0 - $1.nll / Double(max(1, $1.tokens)) } / Double(count)
    }
    self.items = items.map { item in
      Item(
        family: item.family, id: item.id, topic: item.topic ?? item.id, tone: item.tone,
        good: mean(item.good.count), bad: mean(item.bad.count))
    }
  }

  private init(items: [Item]) { self.items = items }

  /// Item by item, minus those of another model.
  package func change(from base: ContrastScores) -> ContrastScores {
    ContrastScores(
      items: zip(items, base.items).map { own, base in
        Item(
          family: own.family, id: own.id, topic: own.topic, tone: own.tone,
          good: own.good - base.good, bad: own.bad - base.bad)
      })
  }

  /// The differences of each family, in the order in which families come first.
  ///
  /// - Parameter places: of the items that count; `nil`: all.
  package func familyTallies(of places: [Int]? = nil) -> [Tally] {
    let items = places?.map { self.items[$0] } ?? self.items
    return items.map(\.family).distinct.map { family in
      Tally(values: items.filter { $0.family == family }.map(\.difference))
    }
  }

  /// Indices of items, by topic in their order.
  package static func topics(of items: [Item]) -> [[Int]] {
    var order: [String: Int] = [:]
    var topics: [[Int]] = []
    for (index, item) in items.enumerated() {
      let place = order["\(item.family)/\(item.topic)", default: topics.count]
      order["\(item.family)/\(item.topic)"] = place
      if place == topics.count { topics.append([]) }
      topics[place].append(index)
    }
    return topics
  }

  /// Items that are counted together: of one family, of one tone, or all.
  package struct Summary: Sendable, Hashable {
    /// Of the family or the tone; `nil`: all.
    package let name: String?
    package let items: Int
    package let mean: Double
    /// 95 %, Student's t over topics, each of which is the mean of its items.
    package let interval: Interval?
    /// Items of which the bad answers are the likelier ones.
    package let wins: Proportion
  }

  /// Families in their order, then all of them.
  package var summaries: [Summary] {
    items.map(\.family).distinct.map { family in
      summary(family, items.filter { $0.family == family })
    } + [summary(nil, items)]
  }

  /// The same by tone, where the set tells it: what leans to a tone is told apart here.
  package var tones: [Summary] {
    items.compactMap(\.tone).distinct.map { tone in
      summary(tone, items.filter { $0.tone == tone })
    }
  }

  private func summary(_ name: String?, _ items: [Item]) -> Summary {
    let own = items.map(\.difference)
    let tallies = Self.topics(of: items).map { topic in
      Tally(values: topic.map { items[$0].difference })
    }
    return Summary(
      name: name, items: own.count, mean: Tally.pooled(tallies).mean ?? 0,
      interval: SeedInterval().mean(tallies),
      wins: Proportion(successes: own.count { $0 > 0 }, trials: own.count))
  }
}

extension ContrastItem {
  /// `wish 3`.
  var name: String { "\(family.onOneLine) \(id.onOneLine)" }

  package func row(_ answer: String) -> Conversation {
    let system = system.map { [Message(role: .system, content: $0)] } ?? []
    return Conversation(
      system + [
        Message(role: .user, content: question), Message(role: .assistant, content: answer),
      ])
  }
}
