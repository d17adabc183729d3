import Documents
import Foundation

/// What was wrong with an attempt that may be followed by another.
enum RetryReason: String, Sendable {
  case rateLimit = "429"
  case conflict = "408 or 409"
  case serverError = "5xx"
  case asked = "x-should-retry"
  case connection = "connection"
  case timeout = "timeout"
  case invalidReply = "invalid JSON"
  case page = "HTML page"
  case errorInReply = "error with status 200"
  case emptyChoices = "empty choices"
  case missingLogprobs = "missing log-probabilities"
  case emptyReply = "empty reply"
  case tooLong = "reply too long"

  /// Whether the server, and not this one reply, is in trouble.
  var isServersTrouble: Bool {
    switch self {
    case .conflict, .serverError, .connection, .timeout: true
    default: false
    }
  }
}

/// What one attempt came to.
enum Attempt<Value: Sendable>: Sendable {
  case answered(Value)
  /// A reply that says nothing, or ends with an error: another may do better.
  case flawed(Value, RetryReason, detail: String)
  /// - Parameters:
  ///   - wait: the server's wish in seconds, nil where it has none.
  ///   - detail: for people, on one line.
  case again(RetryReason, wait: Double?, detail: String)
  case failed(EndpointFailure)
  case cancelled
}

/// Which answers are final, and how long to wait after those that are not: the rules of OpenAI's own
/// client, except that a spent account ends everything at once.
enum RetryRule {
  /// Longer waits that a server asks for end a run.
  static let longestWait = 120.0

  /// Half a second, doubled with each attempt, at most 8 seconds, less up to a quarter at random.
  static func backoff(afterAttempt attempt: Int) -> Double {
    min(8, 0.5 * pow(2, Double(min(attempt, 10) - 1))) * Double.random(in: 0.75...1)
  }

  /// In seconds: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date.
  static func wait(asked headers: HTTPHeaders, now: Date = Date()) -> Double? {
    if let text = headers.first(name: "retry-after-ms"), let value = Double(text), value >= 0 {
      return value / 1000
    }
    guard let text = headers.first(name: "retry-after") else { return nil }
    if let seconds = Double(text) { return seconds >= 0 && seconds.isFinite ? seconds : nil }
    return httpDate(text).map { max(0, $0.timeIntervalSince(now)) }
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, §5.6.7).
  static func httpDate(_ text: String) -> Date? {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
    return formatter.date(from: text)
  }

  /// What an answer that is no success comes to.
  static func judge<Value>(
    _ answer: HTTPAnswer, model: String, hiding secret: String?
  ) -> Attempt<Value> {
    let said = ServerError(answer)
    let shown = ServerText.shown(said.message, hiding: secret)
    let detail = shown.isEmpty ? "status \(answer.status)" : "status \(answer.status), \(shown)"
    if answer.status == 402 || said.isQuota { return .failed(.quota(shown)) }
    let mayRetry: Bool
    switch answer.headers.first(name: "x-should-retry")?.lowercased() {
    case "true": mayRetry = true
    case "false": mayRetry = false
    default:
      mayRetry =
        [408, 409, 429].contains(answer.status)
        || (500...599).contains(answer.status) && !said.isLasting
    }
    guard mayRetry else { return .failed(failure(answer.status, said, shown, model)) }
    let wait = wait(asked: answer.headers)
    if let wait, wait > longestWait { return .failed(.mustWait(seconds: Int(min(wait, 1e9)))) }
    return .again(reason(answer.status), wait: wait, detail: detail)
  }

  private static func reason(_ status: Int) -> RetryReason {
    switch status {
    case 429: .rateLimit
    case 408, 409: .conflict
    case 500...: .serverError
    default: .asked
    }
  }

  private static func failure(
    _ status: Int, _ said: ServerError, _ shown: String, _ model: String
  ) -> EndpointFailure {
    switch status {
    case 401: return .unauthorised(shown)
    case 403: return .forbidden(shown)
    // A server that knows no such path has no error to tell; mlx_lm.server answers 404 with one to a
    // model that it cannot load, without naming it.
    case 404 where said.isAboutModel || said.isTold:
      return .unknownModel(model, advice: shown.isEmpty ? "see what it lists" : shown)
    case 300..<400, 404, 405: return .wrongAddress("status \(status)")
    default: break
    }
    if said.isFilter { return .filtered(shown) }
    return .badRequest(shown.isEmpty ? "status \(status)" : "\(status): \(shown)")
  }
}

/// What a server says is wrong, in any of the shapes in use: `{"error":{…}}`, `{"error":"…"}`,
/// `{"message":"…"}`, `{"detail":…}`; of a page or plain text its beginning. What another server told it
/// (OpenRouter's `metadata.raw`) stands behind its own words, which often say nothing.
struct ServerError: Sendable {
  /// With the name of the field at fault, where one is given.
  var message: String
  /// OpenAI's `code`, or its `type` where there is none.
  var code = ""
  /// Whether it came as `{"error":…}`.
  var isTold = false

  init(_ answer: HTTPAnswer) {
    let data = answer.body.prefix(64 << 10)
    if case .object(let object)? = try? ReplyText.read(data) {
      self.init(json: .object(object), otherwise: data)
      return
    }
    self.init(json: .null, otherwise: data)
    if answer.isPage { message = "an HTML page" }
  }

  init(json: JSON, otherwise data: Data = Data()) {
    let tree = json.object ?? JSONObject()
    isTold = tree["error"].map { $0 != .null } ?? false
    let fields = tree["error"]?.object ?? tree
    let texts = [fields["message"], tree["error"], tree["detail"], tree["message"]]
    message =
      texts.compactMap { $0?.string }.first ?? String(decoding: data.prefix(400), as: UTF8.self)
    code = fields["code"]?.string ?? fields["type"]?.string ?? ""
    if let param = fields["param"]?.string, !message.contains(param) { message += " (\(param))" }
    if let type = fields["type"]?.string, type == "insufficient_quota" { code = type }
    if let inner = Self.inner(fields["metadata"]?.object), !message.contains(inner) {
      message += ": \(inner)"
    }
  }

  /// What the server behind a server says.
  private static func inner(_ metadata: JSONObject?) -> String? {
    guard let metadata, let raw = metadata["raw"] else { return nil }
    let provider = metadata["provider_name"]?.string.map { "\($0): " } ?? ""
    guard let text = raw.string else {
      return raw.object.map { provider + ServerError(json: .object($0)).message }
    }
    let read = (try? JSON(text: text))?.object
    let said = read.map { ServerError(json: .object($0)).message } ?? text
    return said.isEmpty ? nil : provider + said
  }

  var isQuota: Bool {
    ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"].contains(code)
      || message.lowercased().contains("exceeded your current quota")
  }
  var isAboutModel: Bool {
    code == "model_not_found" || message.lowercased().contains("model")
  }
  /// What a server does not do or take now it does not later either: llama-cpp-python says so with status 500.
  var isLasting: Bool {
    let words = message.lowercased()
    return words.contains("not supported") || words.contains("validation error")
  }
  var isFilter: Bool {
    ["content_filter", "content_policy_violation", "moderation_blocked"].contains(code)
  }
}

extension HTTPAnswer {
  var isPage: Bool {
    if headers.first(name: "content-type")?.lowercased().contains("html") == true { return true }
    let start = body.first { !($0 == 0x20 || (9...13).contains($0)) }
    return start == UInt8(ascii: "<")
  }
}
