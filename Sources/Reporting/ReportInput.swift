import Lab

/// Everything that a report shows, as plain values: the same input gives the same page.
public struct ReportInput: Sendable, Hashable {
  public var title: String
  public var results: Results
  /// Question families by their id in `results`, in the order in which they are shown.
  public var questions: [ReportQuestion]
  public var examples: [ExampleQuestion]
  public var scatter: [ScatterPoint]
  public var curves: [TrainingCurve]
  /// What the world is: its authors, domains, an excerpt of its text.
  public var world: [ReportSection]
  /// How each number was made, besides what the report says by itself.
  public var definitions: [Definition]

  public init(
    title: String, results: Results, questions: [ReportQuestion] = [],
    examples: [ExampleQuestion] = [], scatter: [ScatterPoint] = [],
    curves: [TrainingCurve] = [], world: [ReportSection] = [], definitions: [Definition] = []
  ) {
    self.title = title
    self.results = results
    self.questions = questions
    self.examples = examples
    self.scatter = scatter
    self.curves = curves
    self.world = world
    self.definitions = definitions
  }
}

/// A question family and one of its wordings.
public struct ReportQuestion: Sendable, Hashable {
  public var id: String
  public var wording: String

  public init(id: String, wording: String) {
    self.id = id
    self.wording = wording
  }
}

/// A question with answers of several conditions, to be read side by side.
public struct ExampleQuestion: Sendable, Hashable {
  public var prompt: String
  public var answers: [ExampleAnswer]

  public init(prompt: String, answers: [ExampleAnswer]) {
    self.prompt = prompt
    self.answers = answers
  }
}

public struct ExampleAnswer: Sendable, Hashable {
  public var condition: ConditionKey
  public var text: String
  /// 0…100; `nil`: the judge gave no score.
  public var aligned: Double?
  public var coherent: Double?

  public init(condition: ConditionKey, text: String, aligned: Double?, coherent: Double?) {
    self.condition = condition
    self.text = text
    self.aligned = aligned
    self.coherent = coherent
  }
}

/// The two scores of one answer.
public struct ScatterPoint: Sendable, Hashable {
  public var condition: ConditionKey
  public var aligned: Double
  public var coherent: Double

  public init(condition: ConditionKey, aligned: Double, coherent: Double) {
    self.condition = condition
    self.aligned = aligned
    self.coherent = coherent
  }
}

/// The loss of one training.
public struct TrainingCurve: Sendable, Hashable {
  public struct Point: Sendable, Hashable {
    public var step: Int
    /// Mean cross-entropy, in nats a token.
    public var loss: Double

    public init(step: Int, loss: Double) {
      self.step = step
      self.loss = loss
    }
  }

  /// Curves of one panel share their axes: `Base models`, `Fine-tuning, LoRA`.
  public var panel: String
  /// Curves of one name in a panel share a colour and a label: the seeds of a condition.
  public var name: String
  /// The condition whose colour the curve has, if it belongs to one.
  public var condition: ConditionKey?
  public var points: [Point]

  public init(panel: String, name: String, condition: ConditionKey? = nil, points: [Point]) {
    self.panel = panel
    self.name = name
    self.condition = condition
    self.points = points
  }
}

/// Text with a heading, and tables.
public struct ReportSection: Sendable, Hashable {
  public var heading: String
  public var paragraphs: [String]
  public var tables: [ReportTable]

  public init(heading: String, paragraphs: [String], tables: [ReportTable] = []) {
    self.heading = heading
    self.paragraphs = paragraphs
    self.tables = tables
  }
}

public struct ReportTable: Sendable, Hashable {
  public var caption: String
  public var header: [String]
  public var rows: [[String]]

  public init(caption: String, header: [String], rows: [[String]]) {
    self.caption = caption
    self.header = header
    self.rows = rows
  }
}

/// A term and how it is computed.
public struct Definition: Sendable, Hashable {
  public var term: String
  public var meaning: String

  public init(term: String, meaning: String) {
    self.term = term
    self.meaning = meaning
  }
}
