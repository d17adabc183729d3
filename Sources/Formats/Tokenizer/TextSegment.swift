/// Where bytes come from: a range of bytes of the text as it was given.
struct SourceSpan: Sendable, Hashable {
  var start: Int
  var end: Int
}

/// A stretch of text on its way to tokens, borrowed: valid for as long as the call that made it.
struct TextSegment {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Where each byte comes from; `nil` if the bytes are those of the given text, from `offset` on.
  private let spans: UnsafeBufferPointer<SourceSpan>?
  private let offset: Int

  /// Bytes of the given text.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.init(bytes, spans: nil, offset: 0)
  }

  /// Bytes of which nobody will ask where they come from, or that have their own spans.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, spans: UnsafeBufferPointer<SourceSpan>?, offset: Int
  ) {
    self.bytes = bytes
    self.spans = spans
    self.offset = offset
  }

  var count: Int { bytes.count }

  subscript(range: Range<Int>) -> TextSegment {
    TextSegment(
      UnsafeBufferPointer(rebasing: bytes[range]),
      spans: spans.map { UnsafeBufferPointer(rebasing: $0[range]) },
      offset: offset + range.lowerBound)
  }

  /// The bytes of the given text that `range` comes from.
  func source(_ range: Range<Int>) -> Range<Int> {
    guard let spans, !spans.isEmpty else {
      return offset + range.lowerBound..<offset + range.upperBound
    }
    let start = spans[min(range.lowerBound, spans.count - 1)].start
    return range.isEmpty ? start..<start : start..<max(start, spans[range.upperBound - 1].end)
  }

  func sourceSpan(_ range: Range<Int>) -> SourceSpan {
    let source = source(range)
    return SourceSpan(start: source.lowerBound, end: source.upperBound)
  }

  /// Where the segment begins in the given text; only for segments that are aligned or unchanged.
  var sourceStart: Int { count == 0 || spans == nil ? offset : spans?.first?.start ?? offset }
}

/// Text that is no longer what was given, and where its bytes come from.
struct ChangedText {
  private(set) var bytes: [UInt8] = []
  /// A span per byte, if anyone will ask; otherwise empty.
  private var spans: [SourceSpan] = []
  private let isAligned: Bool
  private let sourceStart: Int

  /// - Parameter isAligned: whether to keep where bytes come from.
  init(from segment: TextSegment, isAligned: Bool) {
    self.isAligned = isAligned
    sourceStart = segment.sourceStart
    bytes.reserveCapacity(segment.count + segment.count / 2 + 8)
    if isAligned { spans.reserveCapacity(segment.count + segment.count / 2 + 8) }
  }

  /// Copies bytes of the segment as they are.
  mutating func copy(_ segment: TextSegment, _ range: Range<Int>) {
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: segment.bytes[range]))
    guard isAligned else { return }
    for index in range { spans.append(segment.sourceSpan(index..<index + 1)) }
  }

  /// Puts `content` in the place of a range of the segment that is not empty.
  mutating func append(
    _ content: some Collection<UInt8>, for range: Range<Int>, of segment: TextSegment
  ) {
    bytes.append(contentsOf: content)
    guard isAligned else { return }
    spans.append(contentsOf: repeatElement(segment.sourceSpan(range), count: content.count))
  }

  func withSegment<Result>(_ body: (TextSegment) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { bytes in
      guard isAligned else { return body(TextSegment(bytes, spans: nil, offset: sourceStart)) }
      return spans.withUnsafeBufferPointer { spans in
        body(TextSegment(bytes, spans: spans, offset: sourceStart))
      }
    }
  }
}
