import Core

/// A request under way or waiting to be sent again.
struct RequestJob<ID: Sendable, Request: ServerRequest>: Sendable {
  var id: ID
  var request: Request
  /// How often it was sent.
  var attempts = 0
  var attemptsWithoutLogprobs = 0
  var emptyReplies = 0
  /// Not before this time.
  var due = 0.0
}

/// Decides which request is sent next, and what becomes of one that came back: the state of a run.
struct RequestQueue<Source: IteratorProtocol, ID: Sendable, Request: ServerRequest>
where Source.Element == (ID, Request) {
  typealias Job = RequestJob<ID, Request>
  typealias Answer = Result<Request.Reply, EndpointFailure>
  typealias Receiver = @Sendable (ID, Answer) async throws -> Void

  /// How often the same request is sent again because its reply lacked log-probabilities.
  private static var attemptsForLogprobs: Int { 4 }

  /// How often a request is sent whose reply says nothing.
  static var attemptsForText: Int { 3 }

  private var source: Source
  private var isExhausted = false
  /// To be sent again, the next at the end.
  private var waiting: [Job] = []
  private let limits: EndpointLimits
  private var givenUpInARow = 0
  private(set) var inFlight = 0
  private var pace: Pace
  private(set) var counts = RequestCounts()

  init(_ source: Source, limits: EndpointLimits, now: Double) {
    self.source = source
    self.limits = limits
    pace = Pace(limits, now: now)
  }

  /// Whether nothing is left to be sent.
  var isEmpty: Bool { isExhausted && waiting.isEmpty && inFlight == 0 }

  /// The request to be sent now, if one may be. Those that wait come first, and many of them keep
  /// new ones from being taken: what is held in memory has a bound.
  mutating func next(now: Double) -> Job? {
    guard pace.allows(inFlight: inFlight, now: now) else { return nil }
    if let job = waiting.last, job.due <= now { return waiting.popLast() }
    guard !isExhausted, waiting.count < max(64, 2 * limits.maximumConcurrency) else { return nil }
    guard let (id, request) = source.next() else {
      isExhausted = true
      return nil
    }
    return Job(id: id, request: request)
  }

  /// The run is over: what is left of a pause does not count.
  mutating func end(now: Double) {
    pace.end(now: now)
    counts.pausedSeconds = pace.pausedSeconds
  }

  mutating func sent(_ job: Job, now: Double) {
    inFlight += 1
    counts.requests += 1
    counts.highestConcurrency = max(counts.highestConcurrency, inFlight)
    pace.sent(tokens: job.request.tokenEstimate, now: now)
  }

  /// - Throws: the failure that ends the run; what the receiver throws.
  mutating func take(
    _ job: Job, _ attempt: Attempt<Request.Reply>, now: Double, onReply: Receiver
  ) async throws {
    inFlight -= 1
    var job = job
    job.attempts += 1
    switch attempt {
    case .flawed(let reply, let reason, let detail):
      count(reply, job, now: now)
      job.emptyReplies += reason == .emptyReply ? 1 : 0
      if job.emptyReplies >= min(Self.attemptsForText, limits.attempts) {
        // Said nothing again and again: that is how it answers.
        try await handOut(job, .success(reply), to: onReply)
      } else if let failure = retry(job, reason, wait: nil, detail: detail, now: now) {
        try await handOut(job, .failure(failure), to: onReply)
      }
    case .answered(let reply):
      count(reply, job, now: now)
      try await handOut(job, .success(reply), to: onReply)
    case .again(let reason, let wait, let detail):
      if let failure = retry(job, reason, wait: wait, detail: detail, now: now) {
        try await handOut(job, .failure(failure), to: onReply)
      }
    case .failed(let failure):
      if failure.endsRun {
        counts.failed += 1
        throw failure
      }
      try await handOut(job, .failure(failure), to: onReply)
    case .cancelled: waiting.append(job)
    }
  }

  /// What was used, and is paid for.
  private mutating func count(_ reply: Request.Reply, _ job: Job, now: Double) {
    let used = (reply.promptTokens ?? 0) + (reply.completionTokens ?? 0)
    pace.answered(unused: used == 0 ? 0 : job.request.tokenEstimate - used, now: now)
    counts.promptTokens += reply.promptTokens ?? 0
    counts.completionTokens += reply.completionTokens ?? 0
  }

  /// - Returns: why the request is not sent again, or nil when it is.
  private mutating func retry(
    _ job: Job, _ reason: RetryReason, wait: Double?, detail: String, now: Double
  ) -> EndpointFailure? {
    var job = job
    let delay = wait ?? RetryRule.backoff(afterAttempt: job.attempts)
    if reason == .rateLimit { pace.limited(wait: wait, now: now) }
    if reason.isServersTrouble { pace.troubled(now: now) }
    if reason == .missingLogprobs {
      job.attemptsWithoutLogprobs += 1
      if job.attemptsWithoutLogprobs >= Self.attemptsForLogprobs { return .missingLogprobs }
    }
    guard job.attempts < limits.attempts else {
      return .gaveUp(attempts: job.attempts, lastReason: detail)
    }
    counts.retried[reason.rawValue, default: 0] += 1
    job.due = now + delay
    let place = waiting.firstIndex { $0.due <= job.due } ?? waiting.endIndex
    waiting.insert(job, at: place)
    return nil
  }

  /// - Throws: what the receiver throws; the failure, when as many in a row were given up as one
  ///   request has attempts: the server is gone.
  mutating func handOut(
    _ job: Job, _ result: Answer, to onReply: Receiver
  ) async throws {
    switch result {
    case .success:
      counts.answered += 1
      givenUpInARow = 0
    case .failure: counts.failed += 1
    }
    try await onReply(job.id, result)
    guard case .failure(let failure) = result else { return }
    switch failure {
    case .gaveUp, .forbidden, .missingLogprobs: givenUpInARow += 1
    default: return
    }
    if givenUpInARow >= limits.attempts { throw failure }
  }
}
