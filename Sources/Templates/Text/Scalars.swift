/// Searching and cutting by scalars: Swift's own ways go by characters, and take `e` and an accent
/// for one.
extension String {
  /// The first place of `part` at or after `start`, compared by scalars.
  func firstRange(of part: String, from start: Index? = nil) -> Range<Index>? {
    let bytes = utf8
    let pattern = Array(part.utf8)
    var index = start ?? startIndex
    guard let first = pattern.first else { return index..<index }
    while let place = bytes[index...].firstIndex(of: first) {
      var end = place
      var isSame = true
      for byte in pattern {
        guard end < bytes.endIndex, bytes[end] == byte else {
          isSame = false
          break
        }
        bytes.formIndex(after: &end)
      }
      if isSame { return place..<end }
      index = bytes.index(after: place)
    }
    return nil
  }

  func lastRange(of part: String) -> Range<Index>? {
    var last: Range<Index>?
    if part.isEmpty { return endIndex..<endIndex }
    var start = startIndex
    while let range = firstRange(of: part, from: start) {
      last = range
      start = unicodeScalars.index(after: range.lowerBound)
    }
    return last
  }

  /// The parts between the places of `separator`, at most `limit` cuts from the left.
  func parts(separatedBy separator: String, limit: Int = .max) -> [String] {
    var parts: [String] = []
    var start = startIndex
    while parts.count < limit, let range = firstRange(of: separator, from: start) {
      parts.append(String(self[start..<range.lowerBound]))
      start = range.upperBound
    }
    parts.append(String(self[start...]))
    return parts
  }

  /// The words between white space, at most `limit` cuts from the left.
  func words(limit: Int = .max) -> [String] {
    var words: [String] = []
    var rest = unicodeScalars[...]
    while true {
      rest = rest.drop(while: \.isPythonSpace)
      if rest.isEmpty { return words }
      if words.count == limit {
        words.append(String(String.UnicodeScalarView(rest)))
        return words
      }
      let word = rest.prefix { !$0.isPythonSpace }
      words.append(String(String.UnicodeScalarView(word)))
      rest = rest[word.endIndex...]
    }
  }

  /// Without what stands in `set` (white space if none) at its ends.
  func stripped(_ set: String? = nil, left: Bool = true, right: Bool = true) -> String {
    let marks = set.map { Set($0.unicodeScalars) }
    func goes(_ scalar: Unicode.Scalar) -> Bool { marks?.contains(scalar) ?? scalar.isPythonSpace }
    var rest = unicodeScalars[...]
    if left { rest = rest.drop(while: goes) }
    if right {
      while let last = rest.last, goes(last) { rest.removeLast() }
    }
    return String(String.UnicodeScalarView(rest))
  }

  /// The lines without their breaks, as Python's `splitlines` takes them; no more than `limit`.
  func lines(limit: Int) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var hasLine = false
    var previous: Unicode.Scalar?
    for scalar in unicodeScalars where lines.count < limit {
      if scalar == "\n", previous == "\r" {
        previous = scalar
        continue
      }
      previous = scalar
      hasLine = true
      switch scalar.value {
      case 0x0a...0x0d, 0x1c...0x1e, 0x85, 0x2028, 0x2029:
        lines.append(String(line))
        line = String.UnicodeScalarView()
        hasLine = false
      default: line.append(scalar)
      }
    }
    if hasLine, lines.count < limit { lines.append(String(line)) }
    return lines
  }

  func starts(withScalarsOf part: String) -> Bool { utf8.starts(with: part.utf8) }

  func ends(withScalarsOf part: String) -> Bool {
    utf8.reversed().starts(with: part.utf8.reversed())
  }

  /// The first scalar in upper case (in title case, as Python's `capitalize`), the rest in lower.
  func capitalizedAsInPython(titlecase: Bool = true) -> String {
    guard let first = unicodeScalars.first else { return "" }
    let rest = String(String.UnicodeScalarView(unicodeScalars.dropFirst()))
    let head = titlecase ? first.properties.titlecaseMapping : first.properties.uppercaseMapping
    return head + rest.lowercased()
  }
}
