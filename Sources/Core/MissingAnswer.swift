/// That a model was asked and gave no answer, and why: one notion from the server's reply to the store,
/// to other tools' files and back, to what is judged and counted. It is never judged, and no part of what
/// a rate is taken of.
///
/// Written as its kind, with what is known besides: `error: engine is dead`.
package struct MissingAnswer: Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A provider's filter kept the answer back or cut it.
    case filtered = "stopped by a filter"
    /// The longest answer was reached before the thinking ended, and nothing was said.
    case cutWhileThinking = "cut while thinking"
    /// The model called a tool instead.
    case toolCall = "call of a tool"
    /// Something went wrong on the way.
    case error
    /// Nothing but white space.
    case empty
    /// The model's own numbers are none.
    case notFinite = "not finite"
    /// A limit other than the answer's length ended the conversation.
    case limit
    /// Of another tool's file: it says why in its own words.
    case other
  }

  package var kind: Kind
  /// On one line; empty where there is nothing to add.
  package var detail: String

  package init(_ kind: Kind, detail: String = "") {
    self.kind = kind
    self.detail = detail.onOneLine(limit: 200)
  }

  package var description: String { detail.isEmpty ? kind.rawValue : "\(kind.rawValue): \(detail)" }

  /// Reads what `description` wrote; any other text is a reason of another tool's.
  package init(_ text: String) {
    for kind in Kind.allCases {
      if text == kind.rawValue {
        self.init(kind)
        return
      }
      if text.hasPrefix(kind.rawValue + ": ") {
        self.init(kind, detail: String(text.dropFirst(kind.rawValue.count + 2)))
        return
      }
    }
    self.init(.other, detail: text)
  }

  /// Why a text is no answer; `nil` where it is one.
  package static func inText(_ text: String) -> MissingAnswer? {
    text.unicodeScalars.allSatisfy(\.properties.isWhitespace) ? MissingAnswer(.empty) : nil
  }
}
