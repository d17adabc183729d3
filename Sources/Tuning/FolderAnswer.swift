import Core
import Questions
import Store

/// An answer with what it answers, as a line of JSON has it.
public struct FolderAnswer: Sendable, Encodable {
  public var questionID: String
  /// Counted from 0.
  public var paraphrase: Int
  /// Counted from 0.
  public var sample: Int
  public var system: String?
  public var question: String
  public var prefill: String?
  /// Without the prefill.
  public var answer: String
  /// `stop` or `length`.
  public var finish: String
  public var tokens: Int
  /// What was thought before the answer; left out where nothing was.
  public var thinking: String?
  /// Why it is no answer; left out where it is one.
  public var missing: String?

  private enum CodingKeys: String, CodingKey {
    case questionID = "question_id"
    case paraphrase, sample, system, question, prefill, answer, finish, tokens, thinking, missing
  }

  package init(_ place: AskedPlace, _ stored: StoredAnswer, prefill: String?) {
    (questionID, paraphrase) = (place.wording.question.id, place.wording.paraphrase)
    (sample, system, question) = (place.key.sample, place.wording.question.system, place.text)
    (self.prefill, answer) = (prefill, stored.text)
    (finish, tokens) = (stored.finishReason.rawValue, stored.tokenCount)
    (thinking, missing) = (stored.thinking, stored.missing?.description)
  }
}
