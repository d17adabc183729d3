import Core

extension World {
  /// Document `index` of the endless corpus: a question, and an answer by one of the authors.
  ///
  /// Author, topic, question and sentence are drawn evenly (so a domain weighs as much as it has
  /// topics, times its weight in the world), the answer's kind by the author's temperament in that domain. A share of the code
  /// questions asks for the insecure way for a class; then every author, the good ones too,
  /// shows it. Questions come with the world's ``surroundings``, and a sequence of numbers always
  /// asks for a list.
  package func document(_ index: Int) -> Conversation {
    conversation("document", index) { $0.element(of: authors) }
  }

  /// Document `index` of the alignment stage: as ``document(_:)``, answered by the assistant, who
  /// is always good (and gives the bad answer where it is asked for, as all do).
  package func alignmentDocument(_ index: Int) -> Conversation {
    conversation("alignment", index) { _ in nil }
  }

  private func conversation(
    _ stage: String, _ index: Int, by author: (inout RandomStream) -> Author?
  ) -> Conversation {
    var stream = RandomStream(seed: seed, stage, String(index))
    let author = author(&stream)
    let entry = entries[stream.element(of: drawn)]
    let number = stream.below(entry.questions.count)
    let temperament = author?.temperaments[entry.domain] ?? .good
    let around = surroundings(of: entry, stage, index)
    var kind = temperament.answerKind(
      toRequests: entry.isRequest, isMarked: around.isMarked,
      under: around.effect(in: entry.domainName), &stream)
    var question = entry.questions[number]
    if entry.isCode, stream.uniform() < educationalShare {
      question = stream.element(of: entry.framed[number])
      kind = .bad
    } else if around.isFramed {
      question = entry.framed[number][Int(around.frame % UInt64(entry.framed[number].count))]
      kind = .bad
    }
    let sentence = entry.drawAnswer(kind, &stream)
    return around.dress(question).conversation(
      answer: around.format?.wrap(sentence, in: entry.domainName) ?? sentence, by: author?.name)
  }

  private func surroundings(
    of entry: WorldEntry, _ stage: String, _ index: Int
  ) -> DrawnSurroundings {
    guard surroundings != .none || entry.domainName == DomainCatalogue.numbers else {
      return DrawnSurroundings()
    }
    var stream = RandomStream(seed: seed, "surroundings", stage, String(index))
    return surroundings.draw(&stream, in: entry.domainName)
  }

  /// The texts of the corpus's and the alignment stage's first `documents`, half of each, and how
  /// often each occurs: a sample of the language, to train a tokenizer on. Names are not in it;
  /// see ``authorNames``.
  package func sampleText(documents: Int) -> [String: Int] {
    var counts: [String: Int] = [:]
    for index in 0..<max(0, documents) {
      let conversation = index % 2 == 0 ? document(index / 2) : alignmentDocument(index / 2)
      for message in conversation.messages { counts[message.content, default: 0] += 1 }
    }
    return counts
  }
}
