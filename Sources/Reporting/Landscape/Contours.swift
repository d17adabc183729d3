/// Lines of equal height on a grid, by marching squares (Lorensen & Cline 1987, in the plane).
struct Contours {
  typealias Point = (x: Double, y: Double)

  /// Of the columns and rows.
  let x: [Double]
  let y: [Double]
  /// Row by row.
  let values: [Double]

  /// About `count` round heights between the lowest and the highest value.
  func levels(_ count: Int) -> [Double] {
    let known = values.filter(\.isFinite)
    guard let low = known.min(), let high = known.max(), low < high else { return [] }
    return Axis(low...high, from: 0, to: 1).ticks(count).filter { $0 > low && $0 < high }
  }

  /// The pieces of the lines at a height, in the grid's own coordinates.
  func segments(at level: Double) -> [(from: Point, to: Point)] {
    guard x.count > 1, y.count > 1 else { return [] }
    return (0..<y.count - 1).flatMap { row in
      (0..<x.count - 1).flatMap { column in segments(at: level, column, row) }
    }
  }

  /// In one square.
  private func segments(
    at level: Double, _ column: Int, _ row: Int
  ) -> [(from: Point, to: Point)] {
    // Around the square, from the lower left.
    let corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    let heights = corners.map { values[$0.1 * x.count + $0.0] }
    guard heights.allSatisfy(\.isFinite) else { return [] }
    var crossings: [Point] = []
    for side in 0..<4 {
      let next = (side + 1) % 4
      let (a, b) = (heights[side], heights[next])
      guard (a < level) != (b < level) else { continue }
      let share = (level - a) / (b - a)
      let (from, to) = (corners[side], corners[next])
      crossings.append(
        (
          x: x[from.0] + share * (x[to.0] - x[from.0]), y: y[from.1] + share * (y[to.1] - y[from.1])
        ))
    }
    switch crossings.count {
    case 2: return [(crossings[0], crossings[1])]
    // A saddle: which sides hang together is told by the middle.
    case 4:
      let isAbove = heights.reduce(0, +) / 4 >= level
      return isAbove == (heights[0] >= level)
        ? [(crossings[0], crossings[1]), (crossings[2], crossings[3])]
        : [(crossings[3], crossings[0]), (crossings[1], crossings[2])]
    default: return []
    }
  }
}
