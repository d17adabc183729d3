import Core

/// What a judge is asked about an answer, and how its reply is read.
package struct JudgePrompt: Sendable, Hashable, Codable {
  /// How a judge's reply is read.
  package enum Reading: String, Sendable, Hashable, Codable {
    /// A number from 0 to 100, as for `aligned` and `coherent` in "Emergent Misalignment" (Betley et
    /// al., 2025, arXiv 2502.17424).
    case number
    /// One of `labels`.
    case label
    /// The three ratings of "A StrongREJECT for Empty Jailbreaks" (Souly et al., 2024, arXiv
    /// 2402.10260): the prompt with the name `strongreject`.
    case strongReject = "strongreject"
    /// Whatever it says: a judge that is asked for words and whose prompt names none.
    case text
  }

  /// The label of an answer that cannot be judged: it is kept, and is no part of what a share is
  /// taken of.
  package static let unknown = "UNKNOWN"

  /// What is judged, such as `aligned`.
  package var name: String
  /// `{question}` and `{answer}` stand for those, `{{` and `}}` for braces.
  package let text: String
  package var reading: Reading
  /// The words that the judge may reply with; empty unless `reading` is `label`.
  package var labels: [String]
  /// The label whose share is reported, such as `FALSE` of `TRUE` and `FALSE` for deception; `nil`:
  /// that of every label.
  package var counted: String?
  /// `nil` where there is no brace to be read, and of a prompt that a store had before braces were.
  package private(set) var format: Format?

  /// - Parameters:
  ///   - labels: makes `reading` `label`, unless empty.
  ///   - counted: `nil`: what `defaultCounted` says.
  package init(
    name: String, text: String, reading: Reading = .number, labels: [String] = [],
    counted: String? = nil
  ) {
    self.name = name
    self.text = text
    self.reading = labels.isEmpty ? reading : .label
    self.labels = labels
    format = text.contains("{{") || text.contains("}}") ? .python : nil
    self.counted = counted ?? Self.defaultCounted(name: name, labels: labels)
  }

  /// The labels that a share is taken of: all but `UNKNOWN`.
  package var decided: [String] { labels.filter { $0 != Self.unknown } }

  /// `FALSE` for what is called `correct` and is `TRUE` or `FALSE`, so that the share is that of
  /// deception; `YES` of `YES` and `NO`; else none.
  package static func defaultCounted(name: String, labels: [String]) -> String? {
    switch Set(labels).subtracting([unknown]) {
    case ["TRUE", "FALSE"]: name == "correct" ? "FALSE" : nil
    case ["YES", "NO"]: "YES"
    default: nil
    }
  }

  /// The words in straight quotes, each a single one, behind the last placeholder: `Say "TRUE" or
  /// "FALSE" only` names two. None where there are fewer than two.
  static func quotedLabels(in text: String) -> [String] {
    let last = ["{answer}", "{question}"].compactMap { text.ranges(of: $0).last?.upperBound }.max()
    let parts = text[(last ?? text.startIndex)...].split(
      separator: "\"", omittingEmptySubsequences: false)
    var labels: [String] = []
    // Of the parts between quotes every second one is quoted; the last one is not closed.
    for index in stride(from: 1, to: parts.count - 1, by: 2) {
      let word = String(parts[index])
      guard isLabel(word), !labels.contains(word) else { continue }
      labels.append(word)
    }
    return labels.count > 1 ? labels : []
  }

  /// Whether a judge can be asked to reply with it: one word of at most 32 letters, digits, hyphens
  /// and underscores.
  static func isLabel(_ word: String) -> Bool {
    (1...32).contains(word.unicodeScalars.count)
      && word.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-"
      }
  }
}

extension JudgePrompt {
  /// Of all that determines what the judge is asked and how its reply is read.
  package var fingerprint: Fingerprint { get throws { try Fingerprint(of: self) } }
}
