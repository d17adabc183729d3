/// One call of a tokenizer: text in, ids out, and where they come from if asked.
///
/// The order is that of `tokenizers`: added tokens of the text as given, normalizer, added tokens of
/// normalised text, pre-tokenizer, merges.
struct TextEncoder {
  private(set) var ids: [Int] = []
  private(set) var ranges: [Range<Int>] = []

  private let parts: TokenizerParts
  private let model: BytePairModel
  private let merger: PairMerger
  private let cache: WordCache
  /// Whether to keep ranges.
  private let isAligned: Bool
  private let matchesAddedTokens: Bool

  init(
    _ parts: TokenizerParts, _ workspace: Workspace, isAligned: Bool, matchesAddedTokens: Bool
  ) {
    self.parts = parts
    self.isAligned = isAligned
    self.matchesAddedTokens = matchesAddedTokens
    model = parts.model
    merger = workspace.merger
    cache = workspace.cache
  }

  mutating func encode(_ text: UnsafeBufferPointer<UInt8>) {
    ids.reserveCapacity(text.count / 3 + 8)
    let segment = TextSegment(text)
    separate(segment, parts.matcher) { $0.normalize($1) }
  }

  /// Calls `body` with the text between added tokens, and appends these.
  private mutating func separate(
    _ segment: TextSegment, _ matcher: AddedTokenMatcher,
    _ body: (inout TextEncoder, TextSegment) -> Void
  ) {
    guard matchesAddedTokens, let found = matcher.parts(of: segment.bytes) else {
      return body(&self, segment)
    }
    for part in found {
      if let token = part.token {
        ids.append(parts.addedTokens[token].id)
        if isAligned { ranges.append(segment.source(part.range)) }
      } else {
        body(&self, segment[part.range])
      }
    }
  }

  private mutating func normalize(_ segment: TextSegment) {
    guard let changed = parts.normalizer.normalized(segment, isAligned: isAligned) else {
      return separate(segment, parts.normalizedMatcher) { $0.split($1) }
    }
    changed.withSegment { segment in
      separate(segment, parts.normalizedMatcher) { $0.split($1) }
    }
  }

  // MARK: Words

  private mutating func split(_ segment: TextSegment) {
    guard segment.count > 0 else { return }
    switch parts.preTokenizer {
    case .byteLevel(let rules):
      if rules.addsPrefixSpace, segment.bytes[0] != 0x20,
        let changed = Normalizer.prepending([0x20], to: segment, isAligned: isAligned)
      {
        changed.withSegment { splitDigits($0, rules) }
      } else {
        splitDigits(segment, rules)
      }
    case .metaspace(let rules): splitAtMarks(segment, rules)
    case .none: splitFreely(segment)
    }
  }

  private mutating func splitDigits(_ segment: TextSegment, _ rules: PreTokenizer.ByteLevel) {
    guard let digits = rules.digits, let base = segment.bytes.baseAddress else {
      return words(segment, 0..<segment.count, rules.pattern)
    }
    let table = ScalarTable.shared
    var start = 0
    var position = 0
    var isInDigits = false
    while position < segment.count {
      let scalar = decodeScalar(base, at: position)
      let isDigit = table[scalar.code] & ScalarTable.isNumeric != 0
      if position > start, isDigit != isInDigits || isDigit && digits == .individual {
        words(segment, start..<position, rules.pattern)
        start = position
      }
      isInDigits = isDigit
      position = scalar.end
    }
    words(segment, start..<position, rules.pattern)
  }

  private mutating func words(
    _ segment: TextSegment, _ range: Range<Int>, _ pattern: WordPattern
  ) {
    guard let base = segment.bytes.baseAddress else { return }
    let scanner = WordScanner(bytes: base, end: range.upperBound)
    var position = range.lowerBound
    while position < range.upperBound {
      let end = scanner.endOfWord(at: position, pattern)
      word(segment, position..<end)
      position = end
    }
  }

  private mutating func splitAtMarks(
    _ segment: TextSegment, _ rules: PreTokenizer.Metaspace
  ) {
    let marked = Normalizer.replacing(
      [0x20], by: rules.mark, in: segment, isAligned: isAligned)
    let prepends =
      switch rules.prepending {
      case .always: true
      case .first: segment.sourceStart == 0
      case .never: false
      }
    guard let marked else { return prepend(segment, prepends, rules) }
    marked.withSegment { prepend($0, prepends, rules) }
  }

  private mutating func prepend(
    _ segment: TextSegment, _ prepends: Bool, _ rules: PreTokenizer.Metaspace
  ) {
    guard prepends, !segment.bytes.starts(with: rules.mark),
      let changed = Normalizer.prepending(rules.mark, to: segment, isAligned: isAligned)
    else { return markedWords(segment, rules) }
    changed.withSegment { markedWords($0, rules) }
  }

  private mutating func markedWords(_ segment: TextSegment, _ rules: PreTokenizer.Metaspace) {
    guard rules.splits else { return splitFreely(segment) }
    var start = 0
    var position = 0
    while position < segment.count {
      if position > start, isMark(rules.mark, segment, at: position) {
        word(segment, start..<position)
        start = position
      }
      position += 1
    }
    word(segment, start..<position)
  }

  /// Text that the pre-tokenizer leaves whole; cut where merges cannot tell.
  private mutating func splitFreely(_ segment: TextSegment) {
    guard model.mergesStopBeforeSpaceMark, !model.ignoresMerges else {
      return word(segment, 0..<segment.count)
    }
    let bytes = segment.bytes
    var start = 0
    var position = 0
    var isAfterMark = true
    while position < bytes.count {
      guard isMark(SpaceMark.bytes, segment, at: position) else {
        isAfterMark = false
        position += 1
        continue
      }
      if !isAfterMark {
        word(segment, start..<position)
        start = position
      }
      isAfterMark = true
      position += 3
    }
    word(segment, start..<position)
  }

  @inline(__always)
  private func isMark(_ mark: [UInt8], _ segment: TextSegment, at position: Int) -> Bool {
    guard segment.bytes[position] == mark[0], position + mark.count <= segment.count else {
      return false
    }
    for index in 1..<max(1, mark.count) where segment.bytes[position + index] != mark[index] {
      return false
    }
    return true
  }

  // MARK: Tokens

  private mutating func word(_ segment: TextSegment, _ range: Range<Int>) {
    guard let base = segment.bytes.baseAddress, !range.isEmpty else { return }
    let count = range.count
    // Where tokens do not tell their own length, the merger does.
    let isCacheable =
      count <= WordCache.maximumByteCount && (!isAligned || model.isComplete)
    guard isCacheable else {
      return merge(segment, range)
    }
    let key = WordCache.Key(base + range.lowerBound, count)
    let first = ids.count
    if cache.append(key, count, to: &ids) {
      if isAligned { locate(segment, range, from: first) }
      return
    }
    merge(segment, range)
    cache.insert(key, count, merger.tokens, tokenCount: merger.count)
  }

  private mutating func merge(_ segment: TextSegment, _ range: Range<Int>) {
    model.merge(UnsafeBufferPointer(rebasing: segment.bytes[range]), merger)
    let (tokens, starts, count) = (merger.tokens, merger.starts, merger.count)
    for index in 0..<count { ids.append(Int(tokens[index])) }
    guard isAligned else { return }
    for index in 0..<count {
      let start = range.lowerBound + Int(starts[index])
      let end = index + 1 < count ? range.lowerBound + Int(starts[index + 1]) : range.upperBound
      ranges.append(segment.source(start..<max(start, end)))
    }
  }

  /// Appends the ranges of tokens from the cache, which fill the word byte by byte.
  private mutating func locate(_ segment: TextSegment, _ range: Range<Int>, from first: Int) {
    var start = range.lowerBound
    for id in ids[first...] {
      let end = min(range.upperBound, start + model.spanByteCount(id))
      ranges.append(segment.source(start..<end))
      start = end
    }
  }
}
