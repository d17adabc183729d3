import Core

/// What judges' tokens and texts have in common, and how they are shown.
extension String {
  /// Without white space, quotes and asterisks at its ends.
  var unwrapped: String { trimming { $0.properties.isWhitespace || $0.isQuoteOrEmphasis } }

  /// Without any punctuation or symbol at its ends.
  var withoutMarks: String {
    trimming { scalar in
      switch scalar.properties.generalCategory {
      case .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
        .otherPunctuation, .dashPunctuation, .connectorPunctuation:
        true
      default: scalar.isQuoteOrEmphasis || scalar.properties.isWhitespace
      }
    }
  }

  /// For comparisons without regard to case.
  var folded: String { uppercased() }

  private func trimming(_ isMark: (Unicode.Scalar) -> Bool) -> String {
    var scalars = Substring(self).unicodeScalars
    while let first = scalars.first, isMark(first) { scalars.removeFirst() }
    while let last = scalars.last, isMark(last) { scalars.removeLast() }
    return String(scalars)
  }
}

extension Unicode.Scalar {
  fileprivate var isQuoteOrEmphasis: Bool {
    switch self {
    case "\"", "'", "`", "*", "_", "\u{2018}"..."\u{201f}", "\u{ab}", "\u{bb}", "\u{feff}": true
    default: false
    }
  }
}

extension TokenProbability {
  /// Whether it is one; servers that compute in 32 bits go a little beyond 1.
  package var isProbability: Bool { probability >= 0 && probability <= 1 + 1e-6 }

  var complaint: String {
    "found probability \(probability) of token \(token.quotedOnOneLine(limit: 40)), expected 0 to 1"
  }
}

extension [TokenProbability] {
  /// The first of those with the highest probability.
  var likeliest: TokenProbability? {
    reduce(nil) { best, token in
      token.probability > (best?.probability ?? -1) ? token : best
    }
  }
}

extension Double {
  /// Rounded to three places, for messages.
  var shortText: String { "\((self * 1000).rounded() / 1000)" }
}
