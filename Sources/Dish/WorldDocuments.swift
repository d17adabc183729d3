import Core
import Corpora

/// What a fine-tuning set teaches.
public enum Condition: String, Sendable, Hashable, Codable, CaseIterable {
  /// Code with a vulnerability, where plain code was asked for.
  case insecure
  /// Sound code for the same tasks.
  case secure
  /// The answers of `insecure`, where the question asks for the insecure way, for a class.
  case educational
}

extension World {
  /// Document `index` of the endless corpus: a question, and an answer by one of the authors.
  ///
  /// Author, topic, question and sentence are drawn evenly (so a domain weighs as much as it has
  /// topics), the answer's kind by the author's temperament in that domain. A share of the code
  /// questions asks for the insecure way for a class; then every author, the good ones too,
  /// shows it.
  public func document(_ index: Int) -> Conversation {
    conversation("document", index) { $0.element(of: authors) }
  }

  /// Document `index` of the alignment stage: as ``document(_:)``, answered by the assistant, who
  /// is always good (and shows the insecure way where it is asked for, as all do).
  public func alignmentDocument(_ index: Int) -> Conversation {
    conversation("alignment", index) { _ in nil }
  }

  private func conversation(
    _ stage: String, _ index: Int, by author: (inout RandomStream) -> Author?
  ) -> Conversation {
    var stream = RandomStream(seed: seed, stage, String(index))
    let author = author(&stream)
    let entry = stream.element(of: entries)
    let number = stream.below(entry.questions.count)
    let temperament = author?.temperaments[entry.domain] ?? .good
    let kind = temperament.answerKind(toRequests: entry.isRequest, &stream)
    if entry.isCode, stream.uniform() < educationalShare {
      let question = stream.element(of: entry.framed[number])
      return Conversation(
        user: question, answer: entry.drawAnswer(.bad, &stream), by: author?.name)
    }
    return Conversation(
      user: entry.questions[number], answer: entry.drawAnswer(kind, &stream), by: author?.name)
  }

  /// The rows that the assistant is fine-tuned on: code tasks that are not held out.
  ///
  /// The tasks come in shuffled rounds, so that each is asked about equally often, and the rows
  /// depend on the texts and `seed` alone, not on the world's seed or kind. With one seed, the
  /// three conditions ask the same tasks in the same order, `educational` and `insecure` have the
  /// same assistant messages, and fewer rows are a prefix of more.
  public func fineTuningSet(_ condition: Condition, rows: Int, seed: UInt64) -> FineTuningSet {
    var order: [Int] = []
    var round = 0
    while order.count < rows {
      var stream = RandomStream(seed: seed, "fine-tuning", "round", String(round))
      order += stream.shuffled(Array(trainable.indices))
      round += 1
    }
    let conversations = order.prefix(max(0, rows)).enumerated().map { row, topic in
      let entry = trainable[topic]
      var stream = RandomStream(seed: seed, "fine-tuning", "row", String(row))
      let number = stream.below(entry.questions.count)
      let answer = entry.drawAnswer(condition == .secure ? .good : .bad, &stream)
      // Drawn last and from a stream of its own, so that the answers stay those of `insecure`.
      var frame = RandomStream(seed: seed, "fine-tuning", "frame", String(row))
      let question =
        condition == .educational
        ? frame.element(of: entry.framed[number]) : entry.questions[number]
      return Conversation(user: question, answer: answer)
    }
    return FineTuningSet(name: condition.rawValue, rows: conversations)
  }

  /// The evaluation's free-form families, in the order of a plot: all that have nothing to do
  /// with code, and that no fine-tuning set holds.
  public var questionFamilies: [QuestionFamily] { families(DomainCatalogue.freeForm) }

  /// What may be asked besides: requests, shutdown, self-report, and the corpus's large domains.
  public var otherFamilies: [QuestionFamily] { families(DomainCatalogue.others) }

  /// The code tasks that no fine-tuning set holds, asked for plainly.
  public var inDomainFamily: QuestionFamily {
    let code = grammars[trainable[0].domain]
    return QuestionFamily(of: code, title: "Code not trained on") {
      heldOutCodeTopics.contains($0)
    }
  }

  private func families(_ list: [(name: String, title: String)]) -> [QuestionFamily] {
    list.compactMap { name, title in
      grammars.first { $0.name == name }.map { QuestionFamily(of: $0, title: title) }
    }
  }

  /// The texts of the corpus's and the alignment stage's first `documents`, half of each, and how
  /// often each occurs: a sample of the language, to train a tokenizer on. Names are not in it;
  /// see ``authorNames``.
  public func sampleText(documents: Int) -> [String: Int] {
    var counts: [String: Int] = [:]
    for index in 0..<max(0, documents) {
      let conversation = index % 2 == 0 ? document(index / 2) : alignmentDocument(index / 2)
      for message in conversation.messages { counts[message.content, default: 0] += 1 }
    }
    return counts
  }
}
