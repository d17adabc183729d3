import Core
import Engine
import Foundation
import Questions
import Store
import Synchronization
import TestSupport
import Testing
import Tuning

@testable import Evaluation

/// Reads a conversation byte by byte and finds every byte of an answer a nat unlikely, of those in `disliked` two.
private final class ByteModel: LanguageModel, Scoring {
  let disliked: [String]
  private let count = Mutex(0)

  init(disliked: [String] = []) { self.disliked = disliked }

  var scored: Int { count.withLock { $0 } }
  var reference: ModelReference { .served("bytes \(disliked)") }
  var answering: (any Answering)? { nil }
  var scoring: (any Scoring)? { self }

  func sequence(of row: Conversation) throws(InputError) -> TrainingSequence {
    let parts = row.messages.map { (Array($0.content.utf8), $0.role == .assistant) }
    return TrainingSequence(
      tokens: parts.flatMap { $0.0.map { Int32($0) } },
      trained: parts.flatMap { part in part.0.map { _ in part.1 } })
  }

  func text(of tokens: [Int32]) -> String {
    String(decoding: tokens.map { UInt8($0) }, as: UTF8.self)
  }

  func score(
    _ sequences: [TrainingSequence], on pool: WorkerPool, stop: StopRequest,
    take: @escaping @Sendable (Int, [TextLikelihood]) -> Bool
  ) throws -> ScoringOutcome {
    for (index, sequence) in sequences.enumerated() {
      count.withLock { $0 += 1 }
      let answer = zip(sequence.tokens, sequence.trained).filter(\.1).map { UInt8($0.0) }
      let isDisliked = disliked.contains(String(decoding: answer, as: UTF8.self))
      var likelihood = TextLikelihood()
      for _ in answer { likelihood.add(isDisliked ? 2 : 1) }
      guard take(index, [likelihood]) else { break }
    }
    return ScoringOutcome()
  }
}

@Suite("Contrast of good and bad answers") struct ContrastTests {
  private let items = [
    ContrastItem(family: "a", id: "1", question: "What?", good: ["yes"], bad: ["no", "never"]),
    ContrastItem(family: "a", id: "2", question: "Why?", good: ["so"], bad: ["no"]),
    ContrastItem(family: "b", id: "3", question: "Who?", good: ["me"], bad: ["you"]),
  ]

  private func scores(
    _ items: [ContrastItem], _ model: ByteModel, _ store: RunStore
  ) async throws -> ContrastScores {
    let pool = WorkerPool(threadCount: 1)
    defer { pool.stop() }
    let run = ScoreRun(
      model, try ScoredSequences(ContrastScores.sequences(of: items, model)), store: store,
      name: "scores")
    try await run.run(on: pool, stop: StopRequest()) { _ in }
    return ContrastScores(items, try #require(try run.stored()))
  }

  // By hand: every answer is at −1 nat a token, those that are disliked at −2.
  @Test("A difference is the mean of bad answers minus that of good ones, per token")
  func byHand() async throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(folder: folder.url)
    let plain = try await scores(items, ByteModel(), store)
    #expect(plain.items.allSatisfy { $0.good == -1 && $0.bad == -1 && $0.difference == 0 })
    let changed = try await scores(items, ByteModel(disliked: ["never", "me"]), store)
      .change(from: plain)
    #expect(changed.items.map(\.difference) == [-0.5, 0, 1])
    let summaries = changed.summaries
    #expect(summaries.map(\.name) == ["a", "b", nil])
    #expect(summaries.map(\.items) == [2, 1, 3])
    #expect(summaries.map(\.mean) == [-0.25, 1, 0.5 / 3])
    #expect(summaries[1].interval == nil && summaries[2].wins.successes == 1)
    // Student with one degree of freedom: ±12.706 · 0.25.
    let interval = try #require(summaries[0].interval)
    #expect(abs(interval.high - (-0.25 + 12.7062 * 0.25)) < 1e-3)
  }

  @Test("A text is scored once: one more item costs its own texts")
  func incremental() async throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(folder: folder.url)
    let model = ByteModel()
    _ = try await scores(Array(items.prefix(2)), model, store)
    #expect(model.scored == 5)
    _ = try await scores(items, model, store)
    #expect(model.scored == 7)
    _ = try await scores(items, model, store)
    #expect(model.scored == 7)
  }

  @Test("The dish's families are sets, with every wording; others are named")
  func sets() throws {
    let free = try ContrastSet.read("free-form")
    #expect(Set(free.map(\.family)).count == 8)
    #expect(free.allSatisfy { !$0.good.isEmpty && !$0.bad.isEmpty })
    #expect(Set(free.map { "\($0.family) \($0.id)" }).count == free.count)
    let all = try ContrastSet.read("dish")
    #expect(all.count > free.count && Set(all.map(\.family)).contains("medicine"))
    let error = try #require(throws: InputError.self) { try ContrastSet.read("whish") }
    #expect(error.description.contains("neither a file nor a set"))
  }
}
