import Core
import Endpoints
import Judging
import Questions
import Store
import Tuning

/// A judge behind an API. Verdicts are stored one by one as they come, so that none is paid twice.
package struct EndpointJudge: Sendable {
  private let client: EndpointClient
  private let address: EndpointAddress
  /// The most alternatives that the server reports; 0: none.
  private let alternatives: Int
  private let notes: [String]

  /// - Parameter wanted: alternatives to read, where the server reports as many.
  package init(
    client: EndpointClient, address: EndpointAddress, capabilities: EndpointCapabilities,
    wanted: Int = 20
  ) {
    self.client = client
    self.address = address
    alternatives = min(wanted, capabilities.topLogprobs)
    notes = capabilities.notes
  }

  /// How judges are sampled; the probe of their server asks so too.
  static func sampling(maximumTokens: Int = 1) -> SamplingParameters {
    SamplingParameters(temperature: 0, seed: 0, maximumTokens: maximumTokens)
  }

  /// Who judges with these prompts.
  package func identity(_ prompts: [JudgePrompt]) -> JudgeDescription {
    Self.identity(address, prompts, alternatives: alternatives)
  }

  static func identity(
    _ address: EndpointAddress, _ prompts: [JudgePrompt], alternatives: Int
  ) -> JudgeDescription {
    // With fewer alternatives the same model measures less coverage.
    let rule =
      alternatives == 0 ? "text" : "\(JudgeAddress.Rule.paper(alternatives: alternatives))"
    return JudgeDescription(
      rule: rule, version: JudgeDescription.paperVersion, model: "openai:\(address)", weights: nil,
      prompts: prompts)
  }

  /// Judges what the store does not have judged yet.
  ///
  /// - Throws: `InputError` where a number is asked for and the server reports no log-probabilities;
  ///   `Interrupted`; `StoreError`; an `EndpointFailure` that ends all work.
  package func judge(
    _ set: AnswerSet, store: RunStore, stop: StopRequest,
    onProgress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) async throws -> (JudgingOutcome, RequestCounts) {
    let tasks = try JudgeTasks(for: set, in: store, identity: identity)
    if alternatives == 0, let task = tasks.tasks.first(where: { $0.prompt.reading == .number }) {
      throw InputError(
        "the server reports no log-probabilities, which \"\(task.prompt.name)\" from 0 to 100 needs; "
          + "choose another judge", field: "--judge")
    }
    let collector = VerdictCollector(tasks, run: set.run, store: store, onProgress: onProgress)
    let requests = NumberedRequests(tasks.tasks) { request($0) }
    let counts = try await client.run(requests, stop: stop) { index, result in
      try await collector.take(tasks.tasks[index], result, alternatives: alternatives)
    }
    var outcome = await collector.outcome
    outcome.notes = notes
    return (outcome, counts)
  }

  private func request(_ task: JudgeTask) -> ChatRequest {
    let first = alternatives > 0 && task.prompt.readsFirstToken
    let length = first ? 1 : task.prompt.reading == .label ? 16 : JudgeReply.longestText
    return ChatRequest(
      messages: [Message(role: .user, content: task.text)],
      sampling: Self.sampling(maximumTokens: length),
      topLogprobs: first ? alternatives : nil)
  }
}

/// Stores verdicts as they come.
private actor VerdictCollector {
  private let run: Run
  private let store: RunStore
  private let onProgress: @Sendable (Int, Int) -> Void
  private(set) var outcome: JudgingOutcome
  private var done: Int

  init(
    _ tasks: JudgeTasks, run: Run, store: RunStore,
    onProgress: @escaping @Sendable (Int, Int) -> Void
  ) {
    (self.run, self.store, self.onProgress) = (run, store, onProgress)
    outcome = JudgingOutcome(judges: tasks.judges, total: tasks.total, added: 0)
    done = tasks.total - tasks.tasks.count
    onProgress(done, tasks.total)
  }

  func take(
    _ task: JudgeTask, _ result: Result<ChatReply, EndpointFailure>, alternatives: Int
  ) throws {
    switch result {
    case .success(let reply):
      let measured = MeasuredAnswer(
        key: task.key, measurements: Self.measurements(task.prompt, reply, alternatives))
      try store.append(measurements: [measured], by: task.judge, to: run)
      outcome.added += 1
    case .failure(let failure): outcome.failures["\(failure)", default: 0] += 1
    }
    done += 1
    onProgress(done, outcome.total)
  }

  private static func measurements(
    _ prompt: JudgePrompt, _ reply: ChatReply, _ alternatives: Int
  ) -> [StoredMeasurement] {
    guard alternatives > 0, prompt.readsFirstToken else {
      if let missing = reply.missing {
        return [StoredMeasurement(metric: prompt.name, reason: "no reply: \(missing)")]
      }
      return JudgeReply.measurements(prompt, text: reply.text)
    }
    return [JudgeReply.measurement(prompt, first: reply.alternatives?.first ?? [])]
  }
}
