import Core
import Engine
import Guard

/// Decides on texts, those that wait at the same time together: a pass over many costs little more than over one.
package actor GuardDesk {
  package struct Decision: Sendable, Hashable {
    package let isStopped: Bool
    package let score: Double
  }

  private typealias Job = (
    exchanges: [[Message]], answer: CheckedContinuation<[Decision], any Error>
  )

  private let threshold: Double
  private let streams: Bool
  // One task at a time works with it.
  private nonisolated(unsafe) let scorer: GuardScorer
  private var waiting: [Job] = []
  private var isBusy = false

  /// - Precondition: the scorer is nobody else's from here on.
  package init(_ scorer: sending GuardScorer, threshold: Double, streams: Bool) {
    (self.scorer, self.threshold, self.streams) = (scorer, threshold, streams)
  }

  /// - Throws: where an exchange cannot be read: whoever asks must let nothing of it pass.
  func decisions(on exchanges: [[Message]]) async throws -> [Decision] {
    if exchanges.isEmpty { return [] }
    return try await withCheckedThrowingContinuation { continuation in
      waiting.append((exchanges, continuation))
      guard !isBusy else { return }
      isBusy = true
      Task { await self.work() }
    }
  }

  private func work() async {
    while !waiting.isEmpty {
      let jobs = waiting
      waiting = []
      if let decisions = try? await decided(jobs.flatMap(\.exchanges)) {
        var next = 0
        for job in jobs {
          job.answer.resume(returning: Array(decisions[next..<next + job.exchanges.count]))
          next += job.exchanges.count
        }
        continue
      }
      // One of them cannot be read: the others are not to suffer for it.
      for job in jobs {
        do {
          job.answer.resume(returning: try await decided(job.exchanges))
        } catch {
          job.answer.resume(throwing: error)
        }
      }
    }
    isBusy = false
  }

  private func decided(_ exchanges: [[Message]]) async throws -> [Decision] {
    try await scorer.readings(of: exchanges).map { reading in
      Decision(
        isStopped: reading.stop(above: threshold, streaming: streams) != nil,
        score: reading.score)
    }
  }
}
