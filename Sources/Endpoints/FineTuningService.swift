import Core
import Foundation

/// Fine-tuning at a provider with OpenAI's API: upload, job, events, new model.
///
/// What is only read is retried by the rules for chats. Placing an order is not: it costs money, so
/// after a lost reply the provider's list of jobs tells first whether the order arrived.
package struct FineTuningService: Sendable {
  let client: EndpointClient

  /// - Parameter client: its address names the model to be trained.
  package init(_ client: EndpointClient) { self.client = client }

  /// Places an order, or finds the job of an earlier one with the same key.
  ///
  /// - Throws: `EndpointFailure`.
  package func create(_ order: FineTuningOrder) async throws -> FineTuningJob {
    let body = try order.json(model: client.address.model)
    var lastReason = ""
    for attempt in 1...client.limits.attempts {
      if let job = try await find(order) { return job }
      let outcome: Attempt<FineTuningJob> = await once(
        .post, "/fine_tuning/jobs", body: .json(Array(body)))
      switch outcome {
      case .answered(let job), .flawed(let job, _, _): return job
      case .failed(let failure): throw failure
      case .cancelled: throw Interrupted()
      case .again(_, let wait, let detail):
        lastReason = detail
        try await pause(wait, attempt)
      }
    }
    // The last attempt may have arrived as well.
    if let job = try await find(order) { return job }
    throw EndpointFailure.gaveUp(attempts: client.limits.attempts, lastReason: lastReason)
  }

  /// The job that was ordered with the same key; where a server keeps no metadata, the one that
  /// trains on the same uploaded file.
  func find(_ order: FineTuningOrder) async throws -> FineTuningJob? {
    let jobs: [FineTuningJob] = try await all("/fine_tuning/jobs", limit: 100) { $0.id }
    return jobs.first { job in
      guard let key = job.metadata?[FineTuningOrder.mark] else {
        return job.metadata?.isEmpty ?? true && job.trainingFile == order.trainingFile
      }
      return key == order.key
    }
  }

  package func job(_ id: String) async throws -> FineTuningJob {
    try await send(.get, "/fine_tuning/jobs/\(Self.escaped(id))")
  }

  /// What has happened since the event named `last`, the oldest first.
  package func events(
    of id: String, since last: String? = nil
  ) async throws -> [FineTuningEvent] {
    let path = "/fine_tuning/jobs/\(Self.escaped(id))/events"
    let events: [FineTuningEvent] = try await all(path, limit: 100, until: last) { $0.id }
    return events.reversed()
  }

  package func cancel(_ id: String) async throws -> FineTuningJob {
    try await send(.post, "/fine_tuning/jobs/\(Self.escaped(id))/cancel")
  }

  /// Looks at a job again and again until it has ended, in whatever way.
  ///
  /// - Parameters:
  ///   - onJob: called after each look, before what is new of the events.
  ///   - onEvent: called for each event that is new.
  /// - Throws: `Interrupted` when asked to stop: the job itself goes on, and can be waited for again.
  package func wait(
    for id: String, every interval: Duration = .seconds(20), since last: String? = nil,
    stop: StopRequest, onJob: @Sendable (FineTuningJob) async throws -> Void = { _ in },
    onEvent: @Sendable (FineTuningEvent) async throws -> Void
  ) async throws -> FineTuningJob {
    var last = last
    while true {
      try stop.check()
      let job = try await job(id)
      try await onJob(job)
      for event in try await events(of: id, since: last) {
        try await onEvent(event)
        last = event.id
      }
      if job.status.isFinal { return job }
      let end = ContinuousClock.now + interval
      while ContinuousClock.now < end {
        try stop.check()
        try await Task.sleep(for: min(.milliseconds(200), interval))
      }
    }
  }
}

extension FineTuningService {
  /// Of jobs or events; no account has as many.
  private static let longestList = 20_000

  /// All items of a list that has pages, or those before the one named `last`.
  private func all<Item: Decodable & Sendable>(
    _ path: String, limit: Int, until last: String? = nil, id: (Item) -> String
  ) async throws -> [Item] {
    var items: [Item] = []
    while true {
      let after = items.last.map { "&after=\(Self.escaped(id($0)))" } ?? ""
      let page: FineTuningPage<Item> = try await send(.get, "\(path)?limit=\(limit)\(after)")
      // A server that does not know `after` gives the same page for ever.
      if let end = page.data.last.map(id), end == items.last.map(id) { return items }
      for item in page.data {
        if id(item) == last { return items }
        items.append(item)
      }
      guard page.hasMore == true, !page.data.isEmpty, items.count < Self.longestList else {
        return items
      }
    }
  }

  /// - Throws: `EndpointFailure` once the request is refused or given up.
  func send<Value: Decodable & Sendable>(
    _ method: HTTPMethod, _ path: String, within timeout: Duration? = nil, body: HTTPBody? = nil
  ) async throws -> Value {
    for attempt in 1...client.limits.attempts {
      let outcome: Attempt<Value> = await once(method, path, within: timeout, body: body)
      switch outcome {
      case .answered(let value), .flawed(let value, _, _): return value
      case .failed(let failure): throw failure
      case .cancelled: throw Interrupted()
      case .again(_, let wait, let detail):
        guard attempt < client.limits.attempts else {
          throw EndpointFailure.gaveUp(attempts: attempt, lastReason: detail)
        }
        try await pause(wait, attempt)
      }
    }
    throw Interrupted()
  }

  private func once<Value: Decodable & Sendable>(
    _ method: HTTPMethod, _ path: String, within timeout: Duration? = nil, body: HTTPBody? = nil
  ) async -> Attempt<Value> {
    let answer: HTTPAnswer
    do {
      answer = try await client.exchange.send(
        method, client.address.baseURL + path, headers: client.headers, body: body, within: timeout)
    } catch {
      return EndpointClient.after(error)
    }
    guard (200..<300).contains(answer.status) else {
      return refusal(answer, isOrder: method == .post && path == "/fine_tuning/jobs")
    }
    // Whatever is kept or shown of it later, the key is not in it.
    let text = ServerText.hiding(client.key?.secret, in: answer.text)
    guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
      return .again(.invalidReply, wait: nil, detail: "a reply that is not the JSON expected")
    }
    return .answered(value)
  }

  /// The rules for chats, in the words of fine-tuning.
  private func refusal<Value>(_ answer: HTTPAnswer, isOrder: Bool) -> Attempt<Value> {
    let outcome: Attempt<Value> = RetryRule.judge(
      answer, model: client.address.model, hiding: client.key?.secret)
    switch outcome {
    case .failed(.wrongAddress(let said)): return .failed(.noFineTuning(said))
    case .failed(.unknownModel(_, let said)) where !isOrder:
      return .failed(.badRequest("\(answer.status): \(said)"))
    default: return outcome
    }
  }

  private func pause(_ wait: Double?, _ attempt: Int) async throws {
    try await Task.sleep(for: .seconds(wait ?? RetryRule.backoff(afterAttempt: attempt)))
  }

  private static func escaped(_ id: String) -> String {
    id.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["-", "_"])) ?? ""
  }
}
