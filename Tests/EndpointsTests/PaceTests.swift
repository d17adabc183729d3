import Core
import Foundation
import Testing

@testable import Endpoints

@Suite("Pace and retries")
struct PaceTests {
  @Test("the number under way doubles a round until a 429, then shrinks by a fifth an episode")
  func window() {
    var pace = Pace(EndpointLimits(startConcurrency: 20, maximumConcurrency: 100), now: 0)
    for _ in 0..<20 { pace.answered(unused: 0, now: 0) }
    #expect(pace.window == 40)
    for _ in 0..<200 { pace.answered(unused: 0, now: 0) }
    #expect(pace.window == 100)
    pace.limited(wait: 1, now: 10)
    pace.limited(wait: 1, now: 11)
    #expect(pace.window == 80 && !pace.allows(inFlight: 0, now: 11.9))
    #expect(pace.allows(inFlight: 79, now: 12) && !pace.allows(inFlight: 80, now: 12))
    for _ in 0..<80 { pace.answered(unused: 0, now: 12) }
    #expect(abs(pace.window - 84) < 1e-9)
    pace.limited(wait: 0, now: 26)
    #expect(abs(pace.window - 67.2) < 1e-9)
    #expect(abs(pace.pausedSeconds - 2) < 1e-9)
  }

  @Test("much trouble in a row holds new requests back, a little does not")
  func trouble() {
    var pace = Pace(EndpointLimits(startConcurrency: 6), now: 0)
    for _ in 0..<5 { pace.troubled(now: 0) }
    #expect(pace.allows(inFlight: 0, now: 0))
    pace.troubled(now: 0)
    #expect(!pace.allows(inFlight: 0, now: 0) && pace.window == 6)
    #expect(pace.allows(inFlight: 0, now: 1.01))
  }

  @Test("no minute sees more requests or tokens than allowed", arguments: [1, 7, 60, 1000])
  func rates(limit: Int) {
    var pace = Pace(
      EndpointLimits(requestsPerMinute: limit, tokensPerMinute: 500 * limit), now: 0)
    var sent: [Double] = []
    for step in 0..<30_000 {
      let now = Double(step) * 0.01
      if pace.allows(inFlight: 0, now: now) {
        pace.sent(tokens: 100, now: now)
        sent.append(now)
      }
    }
    let most = sent.map { start in sent.count { $0 >= start && $0 < start + 60 } }.max() ?? 0
    #expect(most <= limit && sent.count >= 4 * limit)
  }

  @Test("tokens taken too many are given back")
  func refunds() {
    var bucket = TokenBucket(perMinute: 1000, now: 0)
    bucket.take(600, now: 0)
    #expect(!bucket.isOpen(0, for: 0))
    bucket.take(-590, now: 0)
    #expect(bucket.isOpen(0, for: 0))
  }

  @Test("waits are read in milliseconds, seconds and as dates")
  func waits() {
    let now = Date(timeIntervalSince1970: 784_111_767)
    #expect(RetryRule.wait(asked: ["retry-after-ms": "250", "retry-after": "9"]) == 0.25)
    #expect(RetryRule.wait(asked: ["Retry-After": "2"]) == 2)
    #expect(RetryRule.wait(asked: ["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"], now: now) == 10)
    #expect(RetryRule.wait(asked: ["retry-after": "soon"]) == nil)
    #expect(RetryRule.wait(asked: [:]) == nil)
    for attempt in 1...20 {
      let whole = min(8, 0.5 * pow(2, Double(attempt - 1)))
      #expect((0.75 * whole...whole).contains(RetryRule.backoff(afterAttempt: attempt)))
    }
  }

  private func judged(_ status: Int, _ body: String, retry: String? = nil) -> Attempt<Int> {
    RetryRule.judge(
      HTTPAnswer(
        status: status, headers: retry.map { ["x-should-retry": $0] } ?? [:],
        body: Data(body.utf8)), model: "m", hiding: nil)
  }

  @Test("statuses, x-should-retry and error bodies of every shape decide what follows")
  func verdicts() {
    for status in [408, 409, 429, 500, 502, 503, 529] {
      guard case .again = judged(status, #"{"error":"busy"}"#) else {
        Issue.record("\(status) is final")
        continue
      }
    }
    func failure(_ attempt: Attempt<Int>) -> EndpointFailure? {
      if case .failed(let failure) = attempt { failure } else { nil }
    }
    #expect(failure(judged(400, #"{"error":"no"}"#)) == .badRequest("400: no"))
    #expect(failure(judged(422, #"{"detail":"bad"}"#)) == .badRequest("422: bad"))
    #expect(failure(judged(401, #"{"error":{"message":"who"}}"#)) == .unauthorised("who"))
    #expect(failure(judged(403, #"{"message":"not you"}"#)) == .forbidden("not you"))
    #expect(failure(judged(404, "<html>")) == .wrongAddress("status 404"))
    #expect(failure(judged(302, "")) == .wrongAddress("status 302"))
    #expect(
      failure(judged(429, #"{"error":{"message":"x","type":"insufficient_quota"}}"#)) == .quota("x")
    )
    #expect(
      failure(judged(400, #"{"error":{"message":"x","code":"content_filter"}}"#)) == .filtered("x"))
    #expect(failure(judged(500, #"{"error":"x"}"#, retry: "false")) == .badRequest("500: x"))
    guard case .again = judged(400, "", retry: "true") else {
      Issue.record("x-should-retry is not heard")
      return
    }
  }
}
