import Core

/// A question for models: its wordings, and how the paper that it comes from asks and judges it.
public struct Question: Sendable, Hashable {
  /// What an answer is made into, by the names that the files of "Emergent Misalignment" (Betley
  /// et al., 2025, arXiv 2502.17424) use.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Text.
    case freeForm = "free_form"
    /// Text that a judge answers about in words.
    case freeFormJudge = "free_form_judge"
    /// Text that a judge scores from 0 to 100.
    case freeFormJudge0To100 = "free_form_judge_0_100"
    /// A number that the model gives.
    case rating
  }

  /// Unique among the questions of a file.
  public var id: String
  public var kind: Kind
  /// The wordings, at least one, each without the system turn: as a rule one turn of the user.
  public var paraphrases: [Conversation]
  /// What the system turn says; `nil` if there is none.
  public var system: String?
  /// How often each wording is asked, where the file says so.
  public var samplesPerParaphrase: Int?
  /// The model that judges, where the file says so.
  public var judge: String?
  /// By the names of what they judge, such as `aligned`, in the order of the file. `{question}` and
  /// `{answer}` stand for those.
  public var judgePrompts: [JudgePrompt]

  public init(
    id: String, kind: Kind = .freeForm, paraphrases: [Conversation], system: String? = nil,
    samplesPerParaphrase: Int? = nil, judge: String? = nil, judgePrompts: [JudgePrompt] = []
  ) {
    self.id = id
    self.kind = kind
    self.paraphrases = paraphrases
    self.system = system
    self.samplesPerParaphrase = samplesPerParaphrase
    self.judge = judge
    self.judgePrompts = judgePrompts
  }

  /// A wording as it is asked, after the system turn if there is one.
  public func messages(of paraphrase: Conversation) -> [Message] {
    (system.map { [Message(role: .system, content: $0)] } ?? []) + paraphrase.messages
  }
}

/// What a judge is asked about an answer.
public struct JudgePrompt: Sendable, Hashable {
  public var name: String
  public var text: String

  public init(name: String, text: String) {
    self.name = name
    self.text = text
  }
}
