import Core
import Foundation
import Testing

@testable import Screen

@Suite("From pilots to a forecast")
struct ScreenForecastTests {
  @Test("The shift is that of data against twins, with Student's limits over pairs")
  func shift() throws {
    let shift = PilotShift(data: [0.3, 0.4, 0.5], twin: [0.1, 0.1, 0.1])
    #expect(abs(shift.shift - 0.3) < 1e-12 && shift.isSeen)
    // t of 2 degrees at 97.5 % is 4.302653; the deviation of the differences is 0.1.
    let limits = try #require(shift.limits)
    #expect(abs(limits.high - (0.3 + 4.302653 * 0.1 / 3.0.squareRoot())) < 1e-6)
    #expect(!PilotShift(data: [0.3, 0.1], twin: [0.2, 0.2]).isSeen)
    // Every one does, and by nothing that matters.
    #expect(!PilotShift(data: [0.02, 0.03], twin: [0.01, 0.01]).isSeen)
    #expect(PilotShift(data: [0.3], twin: [0.2]).limits == nil)
  }

  @Test("A forecast's limits hold four fifths, and its chance is that above the threshold")
  func predicted() {
    let forecast = ScreenForecast(intercept: -3, slope: 5, deviation: 0.8)
    let predicted = forecast.predicted(shift: 0.2, isCalibrated: true)
    #expect(abs(predicted.rate - 1 / (1 + exp(2.0))) < 1e-12)
    var stream = RandomStream(seed: 1, "rates")
    let rates = (0..<20_000).map { _ in 1 / (1 + exp(2 - 0.8 * stream.normal())) }
    let within = Double(rates.count { predicted.low <= $0 && $0 <= predicted.high }) / 20_000
    #expect(abs(within - 0.8) < 0.01)
    let above = Double(rates.count { $0 > ScreenForecast.threshold }) / 20_000
    #expect(abs(above - predicted.risk) < 0.01)
  }

  @Test("Least squares give back the line that rates were made from")
  func fitted() throws {
    let pairs = (0..<20).map { index in
      let shift = Double(index) / 20
      return (shift: shift, rate: 1 / (1 + exp(3 - 5 * shift)))
    }
    let fitted = try #require(ScreenForecast(fitting: pairs))
    #expect(abs(fitted.intercept + 3) < 1e-9 && abs(fitted.slope - 5) < 1e-9)
    #expect(fitted.deviation < 1e-9)
    #expect(ScreenForecast(fitting: [(0.1, 0.1), (0.2, 0.2)]) == nil)
    #expect(ScreenForecast(fitting: [(0.1, 0.1), (0.1, 0.2), (0.1, 0.3)]) == nil)
  }

  @Test("The sentence says what is known, what was not done, and that it is not calibrated")
  func words() {
    var result = ScreenResult(
      model: ScreenResult.Subject(name: "model", hash: "ab"), method: "cd", facts: ScreenFacts([]))
    #expect(result.summary.isEmpty)
    result.pilot = ScreenResult.Pilots(PilotShift(data: [0.5, 0.4], twin: [0.1, 0.0]))
    result.predicted = ScreenForecast.dish.predicted(shift: 0.4, isCalibrated: false)
    result.cues = [
      ScreenResult.Cue(kind: "first", text: "|K|\n", rows: 9, lift: 1, p: 0.01, pilot: 0.3)
    ]
    result.carried = ScreenResult.Carried(share: 0.1, without: 0.1, withoutOthers: 0.4)
    result.detectable = 0.05
    result.missing = ["the limit of detection"]
    let words = result.summary
    #expect(words.contains("not calibrated for models like this one"))
    #expect(words.contains("lean +0.40 nats a token further"))
    #expect(words.contains("+0.30") && !words.contains("\n"))
    #expect(words.contains("falls by 75 %") && words.contains("by 0.0 %"))
    #expect(words.contains("Not done: the limit of detection."))
  }
}
