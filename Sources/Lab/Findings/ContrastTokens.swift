import Engine
import Evaluation
import Plans
import Questions
import Store
import Tuning

/// The contrasts of a plan token by token: which words carry what a model leans to.
package struct ContrastTokens: Sendable, Codable {
  package struct Named: Sendable, Codable, Hashable {
    package let name: String
    package let title: String
  }

  package struct Contrast: Sendable, Codable {
    package let evaluation: Named
    /// The condition that numbers are changes from; `nil`: they are the models' own.
    package let changeFrom: String?
    package let conditions: [Named]
    package let items: [Item]
  }

  package struct Item: Sendable, Codable {
    package let family: String
    package let id: String
    package let question: String
    package let system: String?
    package let answers: [Answer]
  }

  package struct Answer: Sendable, Codable {
    package let isBad: Bool
    package let text: String
    package internal(set) var readings: [Reading] = []
  }

  /// Of models that cut a text into the same tokens.
  package struct Reading: Sendable, Codable {
    /// Their texts; `""`: one that is no text, or the beginning of a letter that the next one ends.
    package let tokens: [String]
    /// log p of each, the mean over a condition's models, in nats; by the condition's name.
    package internal(set) var logs: [String: [Double]] = [:]
  }

  package let contrasts: [Contrast]
}

extension Experiment {
  /// What the store has of the plan's contrasts; `nil`: the plan has none, or nothing is told token by token.
  ///
  /// Of models after several steps or generations the last counts.
  ///
  /// - Throws: as ``findings()``.
  package func contrastTokens() throws -> ContrastTokens? {
    let found = try contrasts.map { contrast in
      var reader = ContrastTokenReader(contrast)
      let models = maker.models.filter { contrast.scores($0.condition.name) }
      for model in models where try isLast(model, of: models) && maker.isMade(model) {
        let opened = try maker.open(model)
        let run = try maker.scores(of: model, contrast.texts).run(opened, in: store)
        guard let stored = try run.stored(), let scoring = opened.scoring else { continue }
        let sequences = try contrast.texts.sequences(for: model, scoring).sequences
        try reader.add(stored, sequences, of: model.condition.name, scoring)
      }
      return reader.contrast(plan.conditions.filter { contrast.scores($0.name) })
    }.filter { !$0.conditions.isEmpty }
    return found.isEmpty ? nil : ContrastTokens(contrasts: found)
  }

  private func isLast(_ model: PlannedModel, of all: [PlannedModel]) -> Bool {
    !all.contains {
      $0.condition.name == model.condition.name && $0.seed == model.seed
        && $0.world == model.world && ($0.place ?? 0) > (model.place ?? 0)
    }
  }
}

/// Adds up what models say of the answers of a contrast.
private struct ContrastTokenReader {
  /// Sums over the models of a condition that share tokens.
  fileprivate struct Sums {
    let tokens: [String]
    var logs: [String: (sum: [Double], count: Int)] = [:]
  }

  private let planned: PlannedContrast
  /// By answer, in the order of ``ContrastScores/sequences(of:_:)``, and by tokens.
  private var answers: [[(ids: [Int32], sums: Sums)]]

  init(_ planned: PlannedContrast) {
    self.planned = planned
    answers = [[(ids: [Int32], sums: Sums)]](
      repeating: [], count: planned.items.reduce(0) { $0 + $1.good.count + $1.bad.count })
  }

  mutating func add(
    _ scores: [StoredScore], _ sequences: [TrainingSequence], of condition: String,
    _ scoring: any Scoring
  ) throws {
    for (place, (score, sequence)) in zip(scores, sequences).enumerated() {
      let ids = sequence.tokens.indices.filter { $0 > 0 && sequence.trained[$0] }
        .map { sequence.tokens[$0] }
      guard let losses = score.perToken, losses.count == ids.count else { continue }
      let known = answers[place].firstIndex { $0.ids == ids }
      if known == nil {
        answers[place].append((ids, Sums(tokens: try Self.pieces(of: ids, scoring))))
      }
      let own = known ?? answers[place].count - 1
      var logs =
        answers[place][own].sums.logs[condition] ?? ([Double](repeating: 0, count: ids.count), 0)
      for (index, loss) in losses.enumerated() { logs.sum[index] -= Double(loss) }
      logs.count += 1
      answers[place][own].sums.logs[condition] = logs
    }
  }

  /// What each token adds to the text of those before it: a letter may take several.
  private static func pieces(of ids: [Int32], _ scoring: any Scoring) throws -> [String] {
    var told = ""
    return try ids.indices.map { index in
      let text = try scoring.text(of: Array(ids[...index]))
      // Half of a letter is told when it is whole.
      guard !text.hasSuffix("\u{FFFD}") || index == ids.count - 1 else { return "" }
      defer { told = text }
      return String(text.unicodeScalars.dropFirst(told.unicodeScalars.count))
    }
  }

  func contrast(_ conditions: [PlanCondition]) -> ContrastTokens.Contrast {
    var next = answers[...]
    let items = planned.items.map { item in
      let texts = item.good.map { (false, $0) } + item.bad.map { (true, $0) }
      return ContrastTokens.Item(
        family: item.family, id: item.id, question: item.question, system: item.system,
        answers: texts.map { isBad, text in
          ContrastTokens.Answer(
            isBad: isBad, text: text, readings: (next.popFirst() ?? []).map(\.sums.reading))
        })
    }
    let told = Set(answers.flatMap { $0.flatMap(\.sums.logs.keys) })
    return ContrastTokens.Contrast(
      evaluation: .init(name: planned.evaluation.name, title: planned.evaluation.title),
      changeFrom: planned.evaluation.changeFrom,
      conditions: conditions.filter { told.contains($0.name) }.map {
        .init(name: $0.name, title: $0.title)
      }, items: items)
  }
}

extension ContrastTokenReader.Sums {
  /// To a thousandth of a nat: it is for looking at.
  fileprivate var reading: ContrastTokens.Reading {
    ContrastTokens.Reading(
      tokens: tokens,
      logs: logs.mapValues { own in
        own.sum.map { ($0 / Double(own.count) * 1000).rounded() / 1000 }
      })
  }
}
