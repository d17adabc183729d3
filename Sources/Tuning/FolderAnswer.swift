import Core
import Questions
import Store

/// An answer with what it answers, as a line of JSON has it.
package struct FolderAnswer: Sendable, Encodable {
  package var questionID: String
  /// Counted from 0.
  package var paraphrase: Int
  /// Counted from 0.
  package var sample: Int
  package var system: String?
  package var question: String
  package var prefill: String?
  /// Without the prefill.
  package var answer: String
  /// `stop` or `length`.
  package var finish: String
  package var tokens: Int
  /// What was thought before the answer; left out where nothing was.
  package var thinking: String?
  /// Why it is no answer; left out where it is one.
  package var missing: String?

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
