/// Merges and scores: SentencePiece joins the neighbours whose join has the best score, byte-pair
/// tokenizers those whose merge comes first.
enum GGUFScores {
  private struct Merge {
    let token: Int
    let left: ArraySlice<UInt8>
    let right: ArraySlice<UInt8>
    let score: Double
    /// Scalars of the left and the right part.
    let lengths: (left: Int, right: Int)

    /// Of two with the same score the longer left part comes first, as transformers orders them.
    static func isBetter(_ one: Merge, _ other: Merge) -> Bool {
      if one.score != other.score { return one.score > other.score }
      if one.lengths.left != other.lengths.left { return one.lengths.left > other.lengths.left }
      if one.lengths.right != other.lengths.right { return one.lengths.right > other.lengths.right }
      return one.token < other.token
    }
  }

  /// Every way to put a token together from two others, the best first, as `"left right"`.
  ///
  /// - Parameter isOrdinary: of each token, whether text is made of it.
  static func merges(
    of tokens: [String], isOrdinary: [Bool], scores: [Double]
  ) -> [String] {
    // Texts are compared as bytes: equivalent strings are not the same token.
    let bytes = tokens.map { Array($0.utf8) }
    let known = Set(bytes.indices.lazy.filter { isOrdinary[$0] }.map { bytes[$0][...] })
    var merges: [Merge] = []
    for (token, text) in bytes.enumerated() where isOrdinary[token] && !text.contains(0x20) {
      let count = tokens[token].unicodeScalars.count
      var scalars = 0
      // Where scalars begin.
      for cut in text.indices where text[cut] & 0xc0 != 0x80 {
        defer { scalars += 1 }
        guard cut > 0, known.contains(text[..<cut]), known.contains(text[cut...]) else { continue }
        merges.append(
          Merge(
            token: token, left: text[..<cut], right: text[cut...], score: scores[token],
            lengths: (scalars, count - scalars)))
      }
    }
    return merges.sorted(by: Merge.isBetter).map {
      String(decoding: $0.left + [0x20] + $0.right, as: UTF8.self)
    }
  }
}
