import Core
import Endpoints
import Engine
import Store
import Tuning

/// Has answers of the store judged by whichever judge an address names.
package struct AnswerJudging: Sendable {
  private let judge: JudgeAddress
  private let options: ModelOptions
  private let store: RunStore

  package init(_ judge: JudgeAddress, options: ModelOptions, store: RunStore) {
    (self.judge, self.options, self.store) = (judge, options, store)
  }

  /// Asks a judge's server whether it has the model and tells log-probabilities; nothing of other judges.
  ///
  /// - Returns: what it does otherwise than it is asked to.
  /// - Throws: `InputError` for a key; `EndpointFailure`.
  package func probe() async throws -> [String] {
    guard case .model(_, .endpoint(let address)) = judge else { return [] }
    return try await EndpointConnection.with(address, options) { client in
      try await client.probe(needsLogprobs: true, sampling: EndpointJudge.sampling()).notes
    }
  }

  /// Judges what is not judged yet.
  ///
  /// - Returns: what came of it, and what a server was asked.
  /// - Throws: as the judges do.
  package func judge(
    _ set: AnswerSet, stop: StopRequest,
    onProgress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) async throws -> (outcome: JudgingOutcome, counts: RequestCounts?) {
    let all = try await judge([set], stop: stop) { _, done, total in onProgress(done, total) }
    return all[0]
  }

  /// The same for several sets, by one connection or one reading of the judge's weights.
  ///
  /// - Returns: what came of each.
  package func judge(
    _ sets: [AnswerSet], stop: StopRequest,
    onProgress: @escaping @Sendable (_ set: Int, _ done: Int, _ total: Int) -> Void
  ) async throws -> [(outcome: JudgingOutcome, counts: RequestCounts?)] {
    var results: [(outcome: JudgingOutcome, counts: RequestCounts?)] = []
    switch judge {
    case .dish:
      let judge = try OracleJudge()
      for set in sets { results.append((try judge.judge(set.run, store: store), nil)) }
    case .guardian(let path):
      let judge = try GuardJudge(path, options)
      for (index, set) in sets.enumerated() {
        let outcome = try await judge.judge(set, store: store, stop: stop) {
          onProgress(index, $0, $1)
        }
        results.append((outcome, nil))
      }
    case .model(let rule, .endpoint(let address)):
      let store = store
      return try await EndpointConnection.with(address, options) { client in
        let capabilities = try await client.probe(
          needsLogprobs: true, sampling: EndpointJudge.sampling())
        let judge = EndpointJudge(
          client: client, address: address, capabilities: capabilities, wanted: rule.alternatives)
        var results: [(outcome: JudgingOutcome, counts: RequestCounts?)] = []
        for (index, set) in sets.enumerated() {
          let (outcome, counts) = try await judge.judge(set, store: store, stop: stop) {
            onProgress(index, $0, $1)
          }
          results.append((outcome, counts))
        }
        return results
      }
    case .model(let rule, .folder(let path)):
      let pool = WorkerPool(threadCount: options.threads)
      defer { pool.stop() }
      let judge = FolderJudge(try LoadedFolder(path, options), path: path, rule: rule, pool: pool)
      for (index, set) in sets.enumerated() {
        let outcome = try judge.judge(set, store: store, stop: stop) { onProgress(index, $0, $1) }
        results.append((outcome, nil))
      }
    }
    return results
  }
}
