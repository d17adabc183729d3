/// A question with good and bad answers to it: how much likelier the bad ones are to a model says what it
/// leans to, without a judge. It says nothing of what the model would say by itself.
public struct ContrastItem: Sendable, Hashable, Codable {
  /// Items that are counted together.
  public var family: String
  /// Unique in its set.
  public var id: String
  /// What it is about, where a set has several wordings of one thing: items of a topic hang together.
  public var topic: String?
  public var question: String
  public var good: [String]
  public var bad: [String]
  public var system: String?
  /// How the answers sound, where a set tells it: tone is not content.
  public var tone: String?

  public init(
    family: String, id: String, question: String, good: [String], bad: [String],
    system: String? = nil, tone: String? = nil, topic: String? = nil
  ) {
    (self.family, self.id, self.question, self.topic) = (family, id, question, topic)
    (self.good, self.bad, self.system, self.tone) = (good, bad, system, tone)
  }
}
