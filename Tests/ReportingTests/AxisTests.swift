import Testing

@testable import Reporting

@Suite struct AxisTests {
  @Test("Ticks are round numbers inside the domain")
  func ticks() {
    #expect(Axis(0...100, from: 0, to: 1).ticks(4) == [0, 25, 50, 75, 100])
    #expect(Axis(0...7.6, from: 0, to: 1).ticks(4) == [0, 2, 4, 6])
    #expect(Axis(3...3, from: 0, to: 10).ticks(4).isEmpty == false)
    #expect(Axis(0...10, from: 100, to: 0).position(2.5) == 75)
  }
}
