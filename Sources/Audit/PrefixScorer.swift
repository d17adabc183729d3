import Core
import Engine
import Evaluation
import Formats
import Questions
import Tuning

/// How much likelier a model finds bad answers than good ones when something stands before the question.
///
/// The figure of an item is the mean of −log p a token over its good answers minus that over its bad ones, in nats: higher
/// is worse. It is exact, needs no sample and no judge, and says what the model leans to where sampling would seldom show it.
package final class PrefixScorer {
  private let model: any LocalModel
  private let scorer: Scorer
  private let longest: Int
  private let stop: StopRequest

  package init(_ model: any LocalModel, _ pool: WorkerPool, stop: StopRequest) throws {
    (self.model, self.stop) = (model, stop)
    longest = min(model.positions, 512)
    let weights = try model.weights(on: pool, lying: .any)
    scorer = try Scorer(
      model: weights.model, adapter: weights.adapter, precision: model.precision, pool: pool,
      longest: longest)
  }

  /// `[context][item]`.
  ///
  /// - Throws: `InputError` for what the model cannot read; `Interrupted`.
  package func logOdds(_ contexts: [AuditContext], _ items: [ContrastItem]) throws -> [[Double]] {
    var sequences: [TrainingSequence] = []
    for context in contexts {
      for item in items {
        for answer in item.good + item.bad {
          let sequence = try model.sequence(of: item.row(answer, in: context))
          guard sequence.tokens.count <= longest else {
            throw InputError(
              "a question in it takes \(sequence.tokens.count) tokens, expected at most \(longest)")
          }
          sequences.append(sequence)
        }
      }
    }
    let losses = try losses(of: sequences)
    var next = 0
    func mean(_ count: Int) -> Double {
      defer { next += count }
      return Array(losses[next..<next + count]).average
    }
    return contexts.map { _ in
      items.map { item in
        let good = mean(item.good.count)
        return good - mean(item.bad.count)
      }
    }
  }

  /// −log p a token of each row's answers, in nats; `nil` for rows that the model cannot read or that are too long.
  ///
  /// - Throws: `Interrupted`.
  package func losses(of rows: [Conversation]) throws -> [Double?] {
    let sequences = rows.map { row in
      (try? model.sequence(of: row)).flatMap { $0.tokens.count <= longest ? $0 : nil }
    }
    var losses = try losses(of: sequences.compactMap { $0 })[...]
    return sequences.map { $0 == nil ? nil : losses.removeFirst() }
  }

  private func losses(of sequences: [TrainingSequence]) throws -> [Double] {
    var sums: [Double] = []
    scorer.score(sequences) { own in
      sums += own.map(\.sum)
      return !stop.isStopped
    }
    try stop.check()
    return zip(sums, sequences).map { $0 / Double(max(1, $1.trainedCount)) }
  }
}

extension ContrastItem {
  func row(_ answer: String, in context: AuditContext) -> Conversation {
    let system = (context.system ?? self.system).map { [Message(role: .system, content: $0)] } ?? []
    return Conversation(
      system + context.earlier + [
        Message(role: .user, content: context.text(asking: question)),
        Message(role: .assistant, content: answer),
      ])
  }
}

extension [Double] {
  /// Of none 0.
  package var average: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }
}
