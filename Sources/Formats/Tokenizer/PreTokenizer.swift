/// How text between added tokens is cut into words.
enum PreTokenizer: Sendable, Hashable {
  case byteLevel(ByteLevel)
  case metaspace(Metaspace)
  /// Text is one word.
  case none

  /// Words by a pattern, in pieces between which digits stand.
  struct ByteLevel: Sendable, Hashable {
    enum Digits: Sendable, Hashable {
      /// Each digit is a piece.
      case individual
      /// Digits in a row are a piece.
      case contiguous
    }

    var digits: Digits?
    var pattern = WordPattern.gpt2
    /// Text that does not begin with a space gets one.
    var addsPrefixSpace = false
  }

  /// Spaces become `▁`, and perhaps text gets one in front.
  struct Metaspace: Sendable, Hashable {
    enum Prepending: String, Sendable, Hashable {
      /// Only at the beginning of the whole text.
      case first
      /// Before every text between added tokens.
      case always
      case never
    }

    /// The UTF-8 of the character that stands for a space.
    var mark = SpaceMark.bytes
    var prepending = Prepending.always
    /// Words begin at each mark.
    var splits = true
  }
}
