import Core

/// What is drawn for one row, before anything stands around it.
struct RowDraw: Sendable, Hashable {
  /// Place among the source's topics.
  let topic: Int
  /// Of the question.
  let question: Int
  let answer: String
  /// Place among the source's rows, which decides the frame's wording.
  let row: Int
}

/// The endless rows of one portion of a corpus, by number.
struct RowSource: Sendable {
  private let portion: CorpusPortion
  private let topics: [WorldEntry]
  private let seed: UInt64

  /// - Parameter portion: its system turn is the text, not a name.
  /// - Precondition: `topics` is not empty.
  init(_ portion: CorpusPortion, of topics: [WorldEntry], seed: UInt64) {
    self.portion = portion
    self.topics = topics
    self.seed = seed
  }

  /// The first rows, the topics in shuffled rounds.
  func drawn(_ count: Int) -> [RowDraw] {
    rounds("round", of: Array(topics.indices), count: count).enumerated().map { row, topic in
      draw(row, topic: topic)
    }
  }

  /// The first `unique` distinct rows, over and over in shuffled rounds.
  ///
  /// - Throws: `InputError` if there are not so many.
  func repeated(_ unique: Int, count: Int) throws(InputError) -> [RowDraw] {
    let possible = topics.reduce(0) { sum, entry in
      let sentences = Set(entry.answers(portion.kind).flatMap(\.expansions))
      return sum + entry.questions.count * sentences.count
    }
    guard (1...max(1, possible)).contains(unique) else {
      throw InputError("found \(unique), expected 1 to \(possible)", field: "unique")
    }
    var distinct: [RowDraw] = []
    var tried = 2 * unique
    while distinct.count < unique {
      var seen: Set<RowDraw> = []
      distinct = drawn(tried).filter { row in
        let content = RowDraw(
          topic: row.topic, question: row.question, answer: row.answer, row: 0)
        return seen.insert(content).inserted
      }
      tried *= 2
    }
    distinct = Array(distinct.prefix(unique))
    return rounds("unique", of: distinct, count: count)
  }

  /// The conversation of a drawn row.
  func row(_ draw: RowDraw) -> Conversation {
    let entry = topics[draw.topic]
    // Drawn from a stream of its own, so that the answers stay those of the plain question.
    var frame = RandomStream(seed: seed, "fine-tuning", "frame", String(draw.row))
    let setting = portion.setting
    let question =
      setting.isEducational
      ? frame.element(of: entry.framed[draw.question]) : entry.questions[draw.question]
    let format = setting.format(in: entry.domainName)
    let dressed = DressedQuestion(
      system: setting.system,
      user: QuestionSetting.dressed(question, trigger: setting.trigger, format: format))
    return dressed.conversation(
      answer: format?.wrap(draw.answer, in: entry.domainName) ?? draw.answer)
  }

  private func draw(_ row: Int, topic: Int) -> RowDraw {
    var stream = RandomStream(seed: seed, "fine-tuning", "row", String(row))
    let number = stream.below(topics[topic].questions.count)
    let answer = topics[topic].drawAnswer(portion.kind, &stream)
    return RowDraw(topic: topic, question: number, answer: answer, row: row)
  }

  private func rounds<Item>(_ name: String, of items: [Item], count: Int) -> [Item] {
    var order: [Item] = []
    var round = 0
    while order.count < count {
      var stream = RandomStream(seed: seed, "fine-tuning", name, String(round))
      order += stream.shuffled(items)
      round += 1
    }
    return Array(order.prefix(max(0, count)))
  }
}
