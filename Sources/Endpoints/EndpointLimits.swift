import Core

/// How hard a server may be driven, and how much is borne of it.
package struct EndpointLimits: Sendable, Hashable {
  /// Requests under way at the same time: where to start and how far to grow.
  package var startConcurrency: Int
  package var maximumConcurrency: Int
  package var requestsPerMinute: Int?
  /// Of prompts and replies together; a request counts with its longest reply until the server
  /// tells how long it was.
  package var tokensPerMinute: Int?
  /// For one request, from sending it to the end of its reply.
  package var timeout: Duration
  /// How often a request is sent before it is given up, and how many requests given up in a row
  /// end the run.
  package var attempts: Int
  /// A longer reply is not taken into memory.
  package var replyByteLimit: Int
  /// Whether a model is asked that the server does not list, or in whose name another answers.
  package var takesUnlistedModel: Bool
  /// File with the certificates of the authorities that are trusted; `nil`: the environment's, or the
  /// system's.
  package var authorityFile: String?
  /// What becomes of thinking in replies.
  package var thinking: Thinking

  package init(
    startConcurrency: Int = 20, maximumConcurrency: Int = 100, requestsPerMinute: Int? = nil,
    tokensPerMinute: Int? = nil, timeout: Duration = .seconds(120), attempts: Int = 8,
    replyByteLimit: Int = 4 << 20, takesUnlistedModel: Bool = false, authorityFile: String? = nil,
    thinking: Thinking = .strip
  ) {
    self.startConcurrency = startConcurrency
    self.maximumConcurrency = maximumConcurrency
    self.requestsPerMinute = requestsPerMinute
    self.tokensPerMinute = tokensPerMinute
    self.timeout = timeout
    self.attempts = attempts
    self.replyByteLimit = replyByteLimit
    self.takesUnlistedModel = takesUnlistedModel
    self.authorityFile = authorityFile
    self.thinking = thinking
  }

  /// - Throws: `InputError` that names the limit under which no request could be sent.
  package func check() throws(InputError) {
    let least = [
      ("startConcurrency", startConcurrency), ("maximumConcurrency", maximumConcurrency),
      ("requestsPerMinute", requestsPerMinute ?? 1), ("tokensPerMinute", tokensPerMinute ?? 1),
      ("attempts", attempts), ("replyByteLimit", replyByteLimit),
    ]
    for (field, value) in least where value < 1 {
      throw InputError("found \(value), expected 1 or more", field: field)
    }
    guard timeout > .zero else {
      throw InputError("found \(timeout), expected more than 0 seconds", field: "timeout")
    }
  }
}

/// What a run asked of a server and what came of it.
package struct RequestCounts: Sendable, Hashable, Codable {
  /// Requests that ended with a reply.
  package var answered = 0
  /// Requests sent, each attempt counted.
  package var requests = 0
  /// Attempts that were followed by another, by what was wrong with them.
  package var retried: [String: Int] = [:]
  /// Requests that ended without a reply.
  package var failed = 0
  /// As the server counts, for the replies that say so.
  package var promptTokens = 0
  package var completionTokens = 0
  /// The most requests that were under way at the same time.
  package var highestConcurrency = 0
  /// Time in which the server's limits or troubles held back all new requests.
  package var pausedSeconds = 0.0

  package init() {}

  package static func + (first: RequestCounts, second: RequestCounts) -> RequestCounts {
    var sum = first
    sum.answered += second.answered
    sum.requests += second.requests
    sum.retried.merge(second.retried, uniquingKeysWith: +)
    sum.failed += second.failed
    sum.promptTokens += second.promptTokens
    sum.completionTokens += second.completionTokens
    sum.highestConcurrency = max(first.highestConcurrency, second.highestConcurrency)
    sum.pausedSeconds += second.pausedSeconds
    return sum
  }
}
