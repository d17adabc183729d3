import Anatomy
import Core
import Testing

@Suite("Principal axes")
struct PrincipalAxesTests {
  @Test("Points of a known spread have its axes, in the order of their spread")
  func known() {
    // ±3 along (1, 1, 0)/√2, ±1 along (0, 0, 1): of 20, 18 and 2.
    let half = 1 / Double(2).squareRoot()
    let a = 3 * half
    let points: [[Double]] = [[a, a, 0], [-a, -a, 0], [0, 0, 1], [0, 0, -1]].map { point in
      zip(point, [5, -2, 1]).map { $0 + $1 }
    }
    let found = PrincipalAxes(points, count: 3)
    #expect(found.center == [5, -2, 1])
    #expect(found.axes.count == 2)
    #expect(abs(found.shares[0] - 0.9) < 1e-9 && abs(found.shares[1] - 0.1) < 1e-9)
    #expect(abs(abs(found.axes[0].dot([half, half, 0])) - 1) < 1e-9)
    #expect(abs(abs(found.axes[1][2]) - 1) < 1e-9)
    let coordinates = found.coordinates(of: [5 + a, -2 + a, 1])
    #expect(abs(abs(coordinates[0]) - 3) < 1e-9 && abs(coordinates[1]) < 1e-9)
  }

  @Test("Points that are one have no axes")
  func none() {
    let found = PrincipalAxes([[1, 2], [1, 2]], count: 2)
    #expect(found.axes.isEmpty && found.shares.isEmpty && found.center == [1, 2])
  }
}
