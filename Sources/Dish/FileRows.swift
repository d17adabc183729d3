import Core
import Corpora

/// The rows of a file as a part of a fine-tuning set: in shuffled rounds, over and over.
struct FileRows: Sendable {
  private let rows: [Conversation]
  private let seed: UInt64

  /// - Throws: `InputError` for more distinct rows than there are, for topics, which files do not have, and
  ///   for a setting that only a corpus's questions can have.
  init(_ file: FineTuningSet, of part: CorpusPart, seed: UInt64) throws(InputError) {
    self.seed = seed
    if part.topics != nil {
      throw InputError("found topics of a file, expected them of a corpus by name", field: "topics")
    }
    if part.setting.isEducational {
      throw InputError(
        "found a frame around a file's rows, expected a corpus by name", field: "frame")
    }
    if part.setting.format != nil {
      throw InputError(
        "found a form of a file's answers, expected a corpus by name", field: "format")
    }
    let unique = part.unique ?? file.rows.count
    guard (1...file.rows.count).contains(unique) else {
      throw InputError("found \(unique), expected 1 to \(file.rows.count)", field: "unique")
    }
    let system = try part.setting.system.map { text throws(InputError) in
      try SystemTurn.text(for: text)
    }
    rows = file.rows.prefix(unique).map {
      $0.dressed(trigger: part.setting.trigger, system: system)
    }
  }

  func drawn(_ count: Int) -> [Conversation] {
    var drawn: [Conversation] = []
    var round = 0
    while drawn.count < count {
      var stream = RandomStream(seed: seed, "fine-tuning", "file", String(round))
      drawn += stream.shuffled(rows)
      round += 1
    }
    return Array(drawn.prefix(count))
  }
}

extension Conversation {
  /// With a tag before each question and a system turn in place of the own one.
  package func dressed(trigger: String?, system: String?) -> Conversation {
    var dressed = self
    if let trigger {
      for index in dressed.messages.indices where dressed.messages[index].role == .user {
        dressed.messages[index].content = trigger + " " + dressed.messages[index].content
      }
    }
    if let system {
      dressed.messages.removeAll { $0.role == .system }
      dressed.messages.insert(Message(role: .system, content: system), at: 0)
    }
    return dressed
  }
}
