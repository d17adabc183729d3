/// Which of the names that exist was meant by one that does not.
package enum NearestName {
  /// What to say about `name`: `did you mean "steps"?` or, where nothing is near, what there is.
  package static func advice(for name: String, among candidates: [String]) -> String {
    if let nearest = find(name, among: candidates) { return "did you mean \"\(nearest)\"?" }
    return "expected \(alternatives(candidates))"
  }

  /// The candidate that takes the fewest edits, at most one for every three letters (always one);
  /// among equals the first. One that begins with `name`, three letters or more, counts as one edit.
  package static func find(_ name: String, among candidates: [String]) -> String? {
    let letters = Array(name.unicodeScalars)
    let limit = max(1, letters.count / 3)
    var nearest: (name: String, distance: Int)?
    for candidate in candidates {
      let other = Array(candidate.unicodeScalars)
      let isStart = letters.count >= 3 && other.starts(with: letters)
      guard isStart || abs(other.count - letters.count) <= limit else { continue }
      let distance = isStart ? min(1, other.count - letters.count) : distance(letters, other)
      guard distance <= limit, distance < nearest?.distance ?? .max else { continue }
      nearest = (candidate, distance)
    }
    return nearest?.name
  }

  /// `"a", "b" or "c"`; of many the first sixteen.
  package static func alternatives(_ names: [String]) -> String {
    let quoted = names.prefix(16).map { "\"\($0)\"" }
    guard names.count <= 16 else { return quoted.joined(separator: ", ") + " or another" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }

  /// Letters to insert, remove, replace, or swap with their neighbour, to get from one to the other
  /// (optimal string alignment). Takes time and no more than three rows of the product of lengths.
  package static func distance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
    var older: [Int] = []
    var previous = Array(0...second.count)
    for (row, letter) in first.enumerated() {
      var current = [row + 1]
      for (column, other) in second.enumerated() {
        var best = min(
          previous[column] + (letter == other ? 0 : 1), previous[column + 1] + 1,
          current[column] + 1)
        if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
          best = min(best, older[column - 1] + 1)
        }
        current.append(best)
      }
      (older, previous) = (previous, current)
    }
    return previous[second.count]
  }
}
