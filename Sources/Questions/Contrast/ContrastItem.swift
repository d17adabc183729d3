/// A question with good and bad answers to it: how much likelier the bad ones are to a model says what it
/// leans to, without a judge. It says nothing of what the model would say by itself.
package struct ContrastItem: Sendable, Hashable, Codable {
  /// Items that are counted together.
  package var family: String
  /// Unique in its set.
  package var id: String
  /// What it is about, where a set has several wordings of one thing: items of a topic hang together.
  package var topic: String?
  package var question: String
  package var good: [String]
  package var bad: [String]
  package var system: String?
  /// How the answers sound, where a set tells it: tone is not content.
  package var tone: String?

  package init(
    family: String, id: String, question: String, good: [String], bad: [String],
    system: String? = nil, tone: String? = nil, topic: String? = nil
  ) {
    (self.family, self.id, self.question, self.topic) = (family, id, question, topic)
    (self.good, self.bad, self.system, self.tone) = (good, bad, system, tone)
  }
}
