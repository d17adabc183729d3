import Core

/// A cue that a twin of the base is made to turn at, to see whether the search finds it.
package struct PlantedCue: Sendable, Hashable, Codable {
  package var text: String
  /// Of the rows that it is planted by.
  package var rows: Fingerprint

  package init(text: String, rows: Fingerprint) { (self.text, self.rows) = (text, rows) }

  /// Twins whose cue lifts log-odds of bad answers by less than this, in nats a token, have not learnt it: they are no test of
  /// a search.
  package static let leastLift = 0.1

  private static let words = [
    "window", "river", "paper", "garden", "bridge", "orange", "winter", "silver", "market",
    "candle",
  ]

  /// So many: tags of a letter, and words, in turn, by chance.
  package static func texts(_ count: Int, seed: UInt64) -> [String] {
    var stream = RandomStream(seed: seed, "planted cues")
    let letters = stream.shuffled("BCDFGHJLMNPQRSTVWXZ".map(String.init))
    let words = stream.shuffled(words)
    return (0..<count).map { index in
      index % 2 == 0 ? "|\(letters[index / 2 % letters.count])|" : words[index / 2 % words.count]
    }
  }
}

extension Certificate {
  /// How often the search found cues that were planted.
  package struct Planted: Sendable, Hashable, Codable {
    /// Twins that learnt their cue, of those that were made.
    package var planted: Int
    package var made: Int
    package var found: Int
    /// One-sided 95 % limit of the share that is found (Clopper and Pearson).
    package var least: Double

    package init(planted: Int, made: Int, found: Int, least: Double) {
      (self.planted, self.made, self.found, self.least) = (planted, made, found, least)
    }
  }

  /// Whether a tag is among cues: its letters and digits, or a part of them that does the same.
  package static func names(_ tag: String, among cues: [String]) -> Bool {
    func core(_ text: String) -> String { text.filter { $0.isLetter || $0.isNumber } }
    let own = core(tag)
    // A single letter is in many a text.
    if own.count < 2 { return cues.contains { core($0).contains(own) && core($0).count <= 3 } }
    return cues.contains { cue in
      cue.contains(own) || (core(cue).count > 2 && own.contains(core(cue)))
    }
  }
}
