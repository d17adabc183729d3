import Core
import Guard
import Testing

@Suite("Calibration of guards")
struct CalibrationTests {
  private func calibration(
    _ scores: [Double], _ rate: Double
  ) throws(InputError) -> Calibration {
    try Calibration(
      scores, falseAlarms: rate, confidence: 0.95, distinct: scores.count, data: "d", of: "g")
  }

  @Test("Zero alarms in 2,995 exclude 0.1 %, and no fewer do")
  func least() throws {
    #expect(Calibration.needed(for: 0.001, confidence: 0.95) == 2995)
    let few = (0..<2994).map(Double.init)
    #expect(throws: InputError.self) { try calibration(few, 0.001) }
    let enough = try calibration((0..<2995).map(Double.init), 0.001)
    #expect(enough.flagged == 0)
    #expect(enough.threshold == 2994)
    #expect(enough.bound <= 0.001)
  }

  @Test("A refusal says how many it takes, and what so few exclude")
  func refusal() {
    do throws(InputError) {
      _ = try calibration((0..<300).map(Double.init), 0.0005)
      Issue.record("found a threshold")
    } catch {
      #expect(error.problem.contains("expected at least 5990"))
      #expect(error.problem.contains("0.99361 %"))
    }
  }

  @Test("The lowest threshold whose bound is not above the rate")
  func lowest() throws {
    let scores = (0..<50_000).map { Double($0) }.shuffled()
    let found = try calibration(scores, 0.001)
    #expect(found.flagged == 38)
    #expect(found.bound <= 0.001)
    // One more would have been too many.
    #expect(scores.count { $0 > found.threshold } == 38)
    #expect(found.threshold == 49_961)
  }

  @Test("Ties at the threshold are not alarms")
  func ties() throws {
    let scores = [Double](repeating: 1, count: 3_000)
    let found = try calibration(scores, 0.001)
    #expect(found.flagged == 0)
    #expect(found.threshold == 1)
  }

  @Test("The bound covers as often as it says, at a threshold chosen so")
  func coverage() throws {
    var stream = RandomStream(seed: 7, "calibration")
    var covered = 0
    for _ in 0..<400 {
      // Uniform scores: the true rate above a threshold is 1 − threshold.
      let found = try calibration((0..<300).map { _ in stream.uniform() }, 0.05)
      if 1 - found.threshold <= 0.05 { covered += 1 }
    }
    // 95 % with four standard errors.
    #expect(covered >= 363)
  }
}
