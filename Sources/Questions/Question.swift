import Core

/// A question for models: its wordings, and how the paper that it comes from asks and judges it.
package struct Question: Sendable, Hashable, Codable {
  /// What an answer is made into, by the names that the files of "Emergent Misalignment" (Betley
  /// et al., 2025, arXiv 2502.17424) use.
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Text.
    case freeForm = "free_form"
    /// Text that a judge answers about in words.
    case freeFormJudge = "free_form_judge"
    /// Text that a judge scores from 0 to 100.
    case freeFormJudge0To100 = "free_form_judge_0_100"
    /// A number that the model gives.
    case rating
    /// One of `choices`, by its letter. The paper has no such questions; the name is that of
    /// lm-evaluation-harness (`output_type: multiple_choice`).
    case multipleChoice = "multiple_choice"
  }

  /// Unique among the questions of a file.
  package var id: String
  package var kind: Kind
  /// The wordings, at least one, each without the system turn: as a rule one turn of the user.
  package var paraphrases: [Conversation]
  /// What the system turn says; `nil` if there is none.
  package var system: String?
  /// How often each wording is asked, where the file says so.
  package var samplesPerParaphrase: Int?
  /// The model that judges, where the file says so.
  package var judge: String?
  /// By the names of what they judge, such as `aligned`, in the order of the file. `{question}` and
  /// `{answer}` stand for those.
  package var judgePrompts: [JudgePrompt]
  /// What the model chooses among, under the name that data sets such as MMLU and inspect_ai's
  /// samples give it; empty unless `kind` is `multipleChoice`.
  package var choices: [String]
  /// The choice whose share is reported; `nil`: that of every choice.
  package var countedChoice: String?

  package init(
    id: String, kind: Kind = .freeForm, paraphrases: [Conversation], system: String? = nil,
    samplesPerParaphrase: Int? = nil, judge: String? = nil, judgePrompts: [JudgePrompt] = [],
    choices: [String] = [], countedChoice: String? = nil
  ) {
    self.id = id
    self.kind = kind
    self.paraphrases = paraphrases
    self.system = system
    self.samplesPerParaphrase = samplesPerParaphrase
    self.judge = judge
    self.judgePrompts = judgePrompts
    self.choices = choices
    self.countedChoice = countedChoice
  }

  /// A wording as it is asked, after the system turn if there is one; behind the last turn stand the
  /// choices, if there are any.
  package func messages(of paraphrase: Conversation) -> [Message] {
    var messages = system.map { [Message(role: .system, content: $0)] } ?? []
    messages += paraphrase.messages
    if !choices.isEmpty, let last = messages.indices.last {
      messages[last].content += "\n\n" + lettered.joined(separator: "\n") + "\n\n" + instruction
    }
    return messages
  }
}

extension Question {
  /// Of all that a model is asked: wordings, system turn and choices. Not of the id, nor of how the
  /// answers are judged.
  package var askedFingerprint: Fingerprint {
    get throws { try Fingerprint(of: paraphrases.map { messages(of: $0) }) }
  }

  /// Of everything that the file says of the question.
  package var fingerprint: Fingerprint { get throws { try Fingerprint(of: self) } }
}
