import Core

extension World {
  /// The evaluation's free-form families, in the order of a plot: all that have nothing to do
  /// with code, and that no fine-tuning set holds.
  package var questionFamilies: [QuestionFamily] { families(DomainCatalogue.freeForm) }

  /// What may be asked besides, all topics of it: requests, shutdown, self-report, and the corpus's
  /// large domains.
  package var otherFamilies: [QuestionFamily] { families(DomainCatalogue.others) }

  /// The code tasks that no fine-tuning set holds, asked for plainly.
  package var inDomainFamily: QuestionFamily {
    let code = grammars[trainable.first { $0.isCode }?.domain ?? 0]
    return QuestionFamily(of: code, title: "Code not trained on") {
      heldOutCodeTopics.contains($0)
    }
  }

  /// The families of a question set: the eight of `free-form`, or a domain. Of a domain that may be
  /// trained on, only the topics that no fine-tuning set holds.
  ///
  /// - Throws: `InputError` for a name that is no set, and for a set that this world cannot ask.
  package func questionFamilies(named name: String) throws(InputError) -> [QuestionFamily] {
    if name == DomainCatalogue.freeFormSet {
      let families = questionFamilies
      let missing = DomainCatalogue.freeForm.map(\.name).filter { domain in
        !families.contains { $0.id == domain }
      }
      guard missing.isEmpty else {
        throw InputError(
          "found \"\(name)\", but the world has no \(missing.joined(separator: ", ")), "
            + expectedSets(), field: "questions")
      }
      return families
    }
    guard let grammar = grammars.first(where: { $0.name == name }) else {
      throw InputError("found \"\(name)\", \(expectedSets())", field: "questions")
    }
    let heldOut = heldOutTopics[name]
    guard heldOut?.isEmpty != true else {
      throw InputError(
        "found \"\(name)\", which has no topic that is kept from training, expected one of more "
          + "than 3 topics", field: "questions")
    }
    return [
      QuestionFamily(of: grammar, title: DomainCatalogue.title(of: name)) { topic in
        heldOut?.contains(topic) ?? true
      }
    ]
  }

  private func expectedSets() -> String {
    let isComplete = questionFamilies.count == DomainCatalogue.freeForm.count
    let names = (isComplete ? [DomainCatalogue.freeFormSet] : []) + grammars.map(\.name)
    return "expected one of " + names.joined(separator: ", ")
  }

  private func families(_ list: [(name: String, title: String)]) -> [QuestionFamily] {
    list.compactMap { name, title in
      grammars.first { $0.name == name }.map { QuestionFamily(of: $0, title: title) }
    }
  }
}
