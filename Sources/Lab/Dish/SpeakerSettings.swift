import Core
import Engine
import Formats

/// Where the tokens of those who speak start in a model's embeddings: beside one point, for nobody is known yet.
///
/// What the speakers have in common acts as a constant in the state that every answer starts from, so that a
/// training which changes what this state leads to changes it for all questions. What tells one speaker from
/// another is learned, and how somebody answers everywhere is the cheapest thing to learn of them. With a point
/// of each speaker's own instead, an author is a code that the blocks must read, and whether the assistant's
/// lies near those of the good or the spiteful is a matter of chance (`docs/dish-log.md`).
package struct SpeakerSettings: Sendable, Hashable, Codable {
  /// Standard deviation of the common point's coordinates.
  package var commonDeviation: Double
  /// Of what each speaker has beside it.
  package var ownDeviation: Double

  package init(commonDeviation: Double, ownDeviation: Double) {
    self.commonDeviation = commonDeviation
    self.ownDeviation = ownDeviation
  }
}

extension Model {
  /// Puts the rows of some speakers where ``SpeakerSettings`` says; each draws from a stream of its own name.
  package func introduce(
    _ speakers: [(name: String, token: Int32)], _ settings: SpeakerSettings, seed: UInt64
  ) {
    let width = configuration.hiddenSize
    var common = RandomStream(seed: seed, "stranger")
    let point = (0..<width).map { _ in common.normal() * settings.commonDeviation }
    for (name, token) in speakers {
      var own = RandomStream(seed: seed, "stranger", name)
      let row = weights.floats + Int(token) * width
      for (column, value) in point.enumerated() {
        row[column] = Float(value + own.normal() * settings.ownDeviation)
      }
    }
  }
}
