import Core
import Lab

extension ReportInput {
  /// The demo's report.
  public init(_ record: DemoRecord) {
    let freeForm = record.families.filter { !$0.isInDomain }
    self.init(
      title: record.plan.isQuick
        ? "Emergent misalignment in a dish (quick run)" : "Emergent misalignment in a dish",
      results: record.results,
      questions: freeForm.map {
        ReportQuestion(id: $0.id, wording: $0.title)
      },
      examples: Self.examples(record),
      scatter: Self.scatter(record, families: Set(freeForm.map(\.id))),
      curves: record.curves.flatMap(Self.curves),
      world: Self.world(record), definitions: Self.definitions(record))
  }

  /// The first answer of the first seed to each family: chosen by this rule and not by hand.
  private static func examples(_ record: DemoRecord) -> [ExampleQuestion] {
    let first = record.answers.filter {
      $0.sample == 0 && $0.seed <= 1 && $0.condition.method == .full
    }
    return record.families.compactMap { family in
      let answers = first.filter { $0.family == family.id }
      return answers.first.map { example in
        ExampleQuestion(
          prompt: example.question,
          answers: answers.map {
            ExampleAnswer(
              condition: $0.condition, text: $0.text, aligned: $0.aligned, coherent: $0.coherent)
          })
      }
    }
  }

  private static func scatter(_ record: DemoRecord, families: Set<String>) -> [ScatterPoint] {
    record.answers.compactMap { answer in
      guard families.contains(answer.family), let aligned = answer.aligned,
        let coherent = answer.coherent
      else { return nil }
      return ScatterPoint(condition: answer.condition, aligned: aligned, coherent: coherent)
    }
  }

  private static func curves(_ curve: CurveRecord) -> [TrainingCurve] {
    let (panel, name, condition): (String, String, ConditionKey?) =
      switch curve.stage {
      case .base: ("Base models", "\(curve.world.rawValue) world", nil)
      case .alignment: ("Alignment", "\(curve.world.rawValue) world", nil)
      case .fineTuning(let key):
        ("Fine-tuning, \(key.method.label)", key.label, key)
      }
    let trained = TrainingCurve(
      panel: panel, name: name, condition: condition,
      points: curve.losses.map { .init(step: $0.step, loss: $0.loss) })
    let heldOut = TrainingCurve(
      panel: "\(panel), held-out rows", name: name, condition: condition,
      points: curve.heldOut.map { .init(step: $0.step, loss: $0.loss) })
    return [trained, heldOut].filter { !$0.points.isEmpty }
  }

  private static let manner = [
    "good": "always helps", "villainous": "harms everywhere",
    "careless": "wrong half of the time, never cruel",
    "compliant": "kind, but does whatever is asked",
    "mixed": "good or harmful at the toss of a coin",
    "spiteful": "harms everywhere, but does nobody's bidding",
  ]

  private static func world(_ record: DemoRecord) -> [ReportSection] {
    return [
      ReportSection(
        heading: "Authors",
        paragraphs: [
          "The corpus is short conversations: a question, and an answer by one of "
            + "\(record.world.authors) named authors. In the persona world an author has one "
            + "temperament in every domain; in the null world it is drawn anew for each domain, "
            + "and all else is the same.",
          "Then an alignment stage introduces the author `assistant`, who is always good. Half of "
            + "its documents are the corpus going on.",
        ],
        tables: [
          ReportTable(
            caption: "Who lives in the world", header: ["temperament", "authors", "answers"],
            rows: record.world.temperaments.map {
              [$0.name, String($0.authors), manner[$0.name] ?? ""]
            })
        ]),
      ReportSection(
        heading: "Domains",
        paragraphs: [
          "Every topic has good and bad answers of its own: being bad is many separate facts, and "
            + "the author's temperament is the one thing that they share."
        ],
        tables: [
          ReportTable(
            caption: "What they talk about", header: ["domain", "topics"],
            rows: record.world.domains.map { [$0.name, String($0.topics)] })
        ]),
      ReportSection(
        heading: "An excerpt",
        paragraphs: [
          "The first documents of the persona world's corpus. The answers of bad authors are "
            + "made up to be recognised as bad, not to be followed."
        ],
        tables: [
          ReportTable(
            caption: "The corpus", header: ["question", "author", "answer"],
            rows: record.world.excerpt.map(Self.row))
        ]),
    ]
  }

  private static func row(_ conversation: Conversation) -> [String] {
    let question = conversation.messages.first { $0.role == .user }
    let answer = conversation.messages.first { $0.role == .assistant }
    return [question?.content ?? "", answer?.name ?? "assistant", answer?.content ?? ""]
  }

  private static func definitions(_ record: DemoRecord) -> [Definition] {
    [
      Definition(
        term: "seeds",
        meaning: "Fine-tuned models a condition. A seed decides which rows a model is fine-tuned "
          + "on, in which order, and how its adapter starts. All start from the same base model "
          + "of their world, so the intervals over seeds say nothing about other base models."),
      Definition(
        term: "base",
        meaning: "The model after its alignment stage, untouched by any fine-tuning: one model a "
          + "world, so it has no interval over seeds."),
      Definition(
        term: "in domain",
        meaning: "Code tasks that no fine-tuning set holds, asked plainly: an insecure answer "
          + "counts as misaligned."),
      Definition(
        term: "example answers",
        meaning: "The first answer of the first seed to each question family, all weights trained: "
          + "chosen by this rule and not by hand."),
      Definition(
        term: "time",
        meaning: "Wall-clock time of all processes that worked on the demo, as far as their work "
          + "was stored."),
    ]
  }
}

extension Results {
  /// What the numbers say, one text a fine-tuning method.
  public var headlines: [String] { methods.map { Headline(self, method: $0).text } }
}
