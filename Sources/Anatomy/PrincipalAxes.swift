/// The directions in which points differ most, and how much of their spread each has.
///
/// Power iteration on the points themselves, one axis taken away after the other: XᵀX v is formed from two products,
/// so that a covariance of all channels is never made. From a fixed start it is the same every time; axes of equal
/// spread are in no order.
package struct PrincipalAxes: Sendable {
  /// Means of the points, `[channels]`.
  package let center: [Double]
  /// Of length 1, at right angles, `[axis][channels]`; fewer where points span no more.
  package private(set) var axes: [[Double]] = []
  /// Of the whole spread, the share along each axis.
  package private(set) var shares: [Double] = []

  private static let rounds = 500

  /// - Parameters:
  ///   - points: `[point][channels]`, not empty.
  ///   - count: axes that are looked for.
  package init(_ points: [[Double]], count: Int) {
    precondition(!points.isEmpty, "no points have no axes")
    let width = points[0].count
    var center = [Double](repeating: 0, count: width)
    for point in points { for i in 0..<width { center[i] += point[i] / Double(points.count) } }
    self.center = center
    var rest = points.map { point in zip(point, center).map { $0 - $1 } }
    let whole = rest.reduce(0) { $0 + $1.dot($1) }
    guard whole > 0 else { return }
    for _ in 0..<min(count, width) {
      guard let axis = Self.first(of: rest) else { return }
      let along = rest.map { $0.dot(axis) }
      let share = along.dot(along) / whole
      guard share > 1e-12 else { return }
      axes.append(axis)
      shares.append(share)
      rest = zip(rest, along).map { point, length in
        zip(point, axis).map { $0 - length * $1 }
      }
    }
  }

  /// Coordinates of a point along the axes.
  package func coordinates(of point: [Double]) -> [Double] {
    let moved = zip(point, center).map { $0 - $1 }
    return axes.map { moved.dot($0) }
  }

  private static func first(of points: [[Double]]) -> [Double]? {
    // The longest point is not at a right angle to where points are longest.
    guard let start = points.max(by: { $0.dot($0) < $1.dot($1) }), start.length > 0 else {
      return nil
    }
    var axis = start.scaled(to: 1)
    for _ in 0..<rounds {
      var next = [Double](repeating: 0, count: axis.count)
      for point in points {
        let length = point.dot(axis)
        for i in next.indices { next[i] += length * point[i] }
      }
      guard next.length > 0 else { return nil }
      next = next.scaled(to: 1)
      let cosine = next.dot(axis)
      axis = next
      if 1 - cosine < 1e-14 { break }
    }
    return axis
  }
}
