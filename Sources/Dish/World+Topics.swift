import Core

extension World {
  /// What a question set is about, with all that is said to it: of each of its families the topics that no
  /// fine-tuning set holds.
  ///
  /// - Throws: `InputError` as ``questionFamilies(named:)``.
  package func topics(
    named name: String
  ) throws(InputError) -> [(family: String, topics: [Topic])] {
    let families = try questionFamilies(named: name).map(\.id)
    return grammars.filter { families.contains($0.name) }.map { grammar in
      let heldOut = heldOutTopics[grammar.name]
      return (grammar.name, grammar.topics.filter { heldOut?.contains($0.name) ?? true })
    }
  }
}
