import Core
import Foundation

/// One wording of a question as it was asked, for a store to keep: enough to judge its answers later.
package struct AskedWording: Sendable, Hashable, Codable {
  /// With this wording alone.
  package let question: Question
  /// Which of the question's wordings, counted from 0.
  package let paraphrase: Int

  package init(_ question: Question, paraphrase: Int) {
    var own = question
    own.paraphrases = [question.paraphrases[paraphrase]]
    self.question = own
    self.paraphrase = paraphrase
  }

  /// The same with other prompts for its judges.
  package func judged(by prompts: [JudgePrompt]) -> AskedWording {
    var own = question
    own.judgePrompts = prompts
    return AskedWording(own, place: paraphrase)
  }

  /// Of a question that has this wording alone.
  ///
  /// - Parameter place: its number among others that are asked in turn.
  package init(_ question: Question, place: Int) {
    (self.question, paraphrase) = (question, place)
  }

  /// All turns, the system's first.
  package var messages: [Message] { question.messages(of: question.paraphrases[0]) }

  /// What judges see as the question: the last thing that was said.
  package var text: String { question.paraphrases[0].messages.last?.content ?? "" }

  /// - Throws: for text that JSON cannot hold, of which there is none.
  package var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  /// - Throws: for text that `json` did not write.
  package init(json: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
  }
}
