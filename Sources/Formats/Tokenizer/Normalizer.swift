/// What is done to text before it is cut into words: the normalizers of byte-pair tokenizers.
struct Normalizer: Sendable {
  enum Step: Sendable, Hashable {
    /// Normalization form C (Unicode Standard Annex 15).
    case nfc
    /// Puts bytes before text that is not empty.
    case prepend([UInt8])
    /// Replaces every occurrence, from the left.
    case replace([UInt8], with: [UInt8])
  }

  var steps: [Step] = []

  /// The changed text; `nil` if the segment stays as it is.
  ///
  /// - Parameter isAligned: whether to keep where bytes come from.
  /// - Complexity: O(n log n) in the segment's length.
  func normalized(_ segment: TextSegment, isAligned: Bool) -> ChangedText? {
    var changed: ChangedText?
    for step in steps {
      let next =
        if let changed {
          changed.withSegment { Self.apply(step, to: $0, isAligned: isAligned) }
        } else {
          Self.apply(step, to: segment, isAligned: isAligned)
        }
      changed = next ?? changed
    }
    return changed
  }

  /// The content of an added token as it stands in normalised text.
  func normalized(_ content: [UInt8]) -> [UInt8] {
    content.withUnsafeBufferPointer {
      normalized(TextSegment($0), isAligned: false)?.bytes ?? content
    }
  }

  private static func apply(
    _ step: Step, to segment: TextSegment, isAligned: Bool
  ) -> ChangedText? {
    switch step {
    case .nfc: composed(segment, isAligned: isAligned)
    case .prepend(let bytes): prepending(bytes, to: segment, isAligned: isAligned)
    case .replace(let old, let new): replacing(old, by: new, in: segment, isAligned: isAligned)
    }
  }

  /// The segment with bytes before it, which come from where its first byte does.
  static func prepending(
    _ bytes: [UInt8], to segment: TextSegment, isAligned: Bool
  ) -> ChangedText? {
    guard segment.count > 0, !bytes.isEmpty else { return nil }
    var result = ChangedText(from: segment, isAligned: isAligned)
    result.append(bytes, for: 0..<1, of: segment)
    result.copy(segment, 0..<segment.count)
    return result
  }

  static func replacing(
    _ old: [UInt8], by new: [UInt8], in segment: TextSegment, isAligned: Bool
  ) -> ChangedText? {
    guard let first = old.first, segment.count >= old.count else { return nil }
    let bytes = segment.bytes
    var result: ChangedText?
    var copied = 0
    var position = 0
    while position <= bytes.count - old.count {
      guard bytes[position] == first,
        old.count == 1
          || old.indices.allSatisfy({ bytes[position + $0] == old[$0] })
      else {
        position += 1
        continue
      }
      if result == nil { result = ChangedText(from: segment, isAligned: isAligned) }
      result?.copy(segment, copied..<position)
      result?.append(new, for: position..<position + old.count, of: segment)
      position += old.count
      copied = position
    }
    result?.copy(segment, copied..<bytes.count)
    return result
  }

  /// Clusters that hold a scalar which composing may change are composed, each on its own.
  private static func composed(_ segment: TextSegment, isAligned: Bool) -> ChangedText? {
    guard let base = segment.bytes.baseAddress else { return nil }
    let table = ScalarTable.shared
    var result: ChangedText?
    var copied = 0
    var cluster = 0
    var position = 0
    while position < segment.count {
      // Below U+0300 nothing changes.
      guard base[position] >= 0xcc else {
        cluster = position
        position += base[position] < 0x80 ? 1 : 2
        continue
      }
      let scalar = decodeScalar(base, at: position)
      guard table[scalar.code] & ScalarTable.mayChange != 0 else {
        cluster = position
        position = scalar.end
        continue
      }
      let end = endOfCluster(segment, from: scalar.end)
      let old = scalars(segment, cluster..<end)
      let new = CanonicalMapping.shared.composed(old)
      if new != old {
        if result == nil { result = ChangedText(from: segment, isAligned: isAligned) }
        result?.copy(segment, copied..<cluster)
        result?.append(utf8(new), for: cluster..<end, of: segment)
        copied = end
      }
      cluster = end
      position = end
    }
    result?.copy(segment, copied..<segment.count)
    return result
  }

  private static func endOfCluster(_ segment: TextSegment, from start: Int) -> Int {
    guard let base = segment.bytes.baseAddress else { return start }
    var position = start
    while position < segment.count {
      let scalar = decodeScalar(base, at: position)
      guard ScalarTable.shared[scalar.code] & ScalarTable.mayChange != 0 else { break }
      position = scalar.end
    }
    return position
  }

  private static func scalars(_ segment: TextSegment, _ range: Range<Int>) -> [UInt32] {
    guard let base = segment.bytes.baseAddress else { return [] }
    var result: [UInt32] = []
    var position = range.lowerBound
    while position < range.upperBound {
      let scalar = decodeScalar(base, at: position)
      result.append(scalar.code)
      position = scalar.end
    }
    return result
  }

  private static func utf8(_ scalars: [UInt32]) -> [UInt8] {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars.lazy.compactMap { Unicode.Scalar($0) })
    return Array(String(text).utf8)
  }
}
