/// Places labels at the ends of lines, one below the other where they would overlap.
package enum LabelStack {
  /// - Parameters:
  ///   - wanted: where each label would like to be, from the top down, in rising order.
  ///   - heights: room that each takes; as many as there are labels.
  ///   - lowest: no label begins below this; those that would push the ones above them up again.
  package static func positions(
    _ wanted: [Double], heights: [Double], lowest: Double
  ) -> [Double] {
    var free = 0.0
    var positions = zip(wanted, heights).map { wanted, height in
      free = max(wanted, free)
      defer { free += height }
      return free
    }
    guard (positions.last ?? 0) > lowest else { return positions }
    var limit = lowest
    for index in positions.indices.reversed() {
      positions[index] = min(positions[index], limit)
      if index > 0 { limit = positions[index] - heights[index - 1] }
    }
    return positions
  }
}
