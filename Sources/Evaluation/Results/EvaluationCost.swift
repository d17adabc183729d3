import Core
import Endpoints
import Questions
import Tuning
import Store

/// What an evaluation would ask at most, and cost, before anything is asked.
///
/// Tokens are estimated as a quarter of the UTF-8 bytes, which is high for English, and every reply
/// counts with its longest length.
package struct EvaluationCost: Sendable, Hashable, Codable {
  /// What one model is asked.
  package struct Work: Sendable, Hashable, Codable {
    /// `dir:PATH`, `openai:MODEL@URL` or `dish`.
    package var model: String
    package var requests = 0
    package var promptTokens = 0
    package var replyTokens = 0
    /// `nil` without a price for the model; 0 on this machine.
    package var price: Double?
    package var currency: String?
    /// Of the price.
    package var date: String?

    mutating func add(_ count: Int, prompt: String, reply: Int) {
      requests += count
      promptTokens += count * ((prompt.utf8.count + 3) / 4 + 4)
      replyTokens += count * reply
    }

    mutating func price(_ address: ModelAddress, _ prices: PriceTable?) {
      guard case .endpoint(let endpoint) = address else {
        price = 0
        return
      }
      guard let found = prices?.price(of: endpoint.model) else { return }
      price =
        (Double(promptTokens) * found.input + Double(replyTokens) * found.output) / 1_000_000
      (currency, date) = (found.currency, found.date)
    }
  }

  package var version = 1
  /// `nil` where the answers are there already.
  package var asking: Work?
  /// `nil` without a judge.
  package var judging: Work?

  /// Of asking and judging, as if the store were empty.
  ///
  /// - Parameters:
  ///   - places: with the prompts that the judge gets.
  ///   - longestAnswer: tokens.
  package init(
    model: ModelAddress, places: [AskedPlace], longestAnswer: Int, judge: JudgeAddress?,
    prices: PriceTable?
  ) {
    var asking = Work(model: "\(model)")
    var judging = judge.map { Work(model: "\($0)") }
    // Four bytes a token, as above.
    let longest = String(repeating: "x", count: 4 * longestAnswer)
    for places in Dictionary(grouping: places, by: \.key.question).values {
      let (wording, count) = (places[0].wording, places.count)
      let prompt = wording.messages.map(\.content).joined()
      asking.add(count, prompt: prompt, reply: longestAnswer)
      for prompt in wording.question.judgePrompts {
        judging?.add(
          count, prompt: prompt.filled(question: wording.text, answer: longest),
          reply: prompt.readsFirstToken ? 1 : JudgeReply.longestText)
      }
    }
    asking.price(model, prices)
    if case .model(_, let address)? = judge { judging?.price(address, prices) }
    (self.asking, self.judging) = (asking, judging)
  }

  /// Of judging answers that are there.
  package init(judging set: AnswerSet, judge: JudgeAddress, prices: PriceTable?) {
    var work = Work(model: "\(judge)")
    for answer in set.answers {
      for prompt in answer.wording.question.judgePrompts {
        work.add(
          1, prompt: prompt.filled(question: answer.wording.text, answer: answer.answer.text),
          reply: prompt.readsFirstToken ? 1 : JudgeReply.longestText)
      }
    }
    if case .model(_, let address) = judge { work.price(address, prices) }
    judging = work
  }
}
