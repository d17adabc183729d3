import Chats
import Core
import Endpoints
import Engine
import Formats
import Foundation

/// What a server says of a text, token by token of the model's own tokenizer.
///
/// Servers tell their lists in two ways: of all tokens and the one that was drawn; or, as llama-cpp-python does, without the
/// beginning-of-text token, wherever it stands. Of a text that does not begin with it the same server tells the numbers of
/// the neighbours (0.3.36). So counts are checked, and what the tokens say.
struct EchoedText {
  /// `nil` for those of which the server tells none.
  let logprobs: [Double?]

  /// - Throws: `InputError` that says what does not fit.
  init(
    _ reply: EchoReply, of tokens: [Int32], _ tokenizer: ServedTokenizer
  ) throws(InputError) {
    let texts = tokens.map { tokenizer.rows.tokenizer.decode(CollectionOfOne(Int($0))) }
    let own = zip(tokens, texts).map { OwnToken(id: $0, text: $1) }
    let advice = "; is the tokenizer of \(tokenizer.place.onOneLine) the model's own?"
    if let found = reply.promptTokens, found != own.count {
      throw InputError("it is \(found) tokens to the server, expected \(own.count)\(advice)")
    }
    guard reply.tokens.count != own.count || !zip(own, reply.tokens).allSatisfy({ $0.mayBe($1) })
    else { throw InputError(Self.shifted) }
    let places = try Self.places(in: reply, of: tokens)
    var logprobs = [Double?](repeating: nil, count: own.count)
    for (place, token) in zip(places, reply.tokens) {
      guard own[place].mayBe(token) else {
        throw InputError(
          "token \(place + 1) is \(token.text.quotedOnOneLine) to the server, expected "
            + own[place].text.quotedOnOneLine + advice)
      }
      logprobs[place] = token.logprob
    }
    self.logprobs = logprobs
  }

  /// Which tokens a list tells of, before the one that was drawn.
  private static func places(
    in reply: EchoReply, of tokens: [Int32]
  ) throws(InputError) -> [Int] {
    let drawn = min(max(0, reply.completionTokens ?? 1), 64)
    let others = tokens.indices.filter { tokens[$0] != tokens[0] }
    switch reply.tokens.count {
    case tokens.count + drawn: return Array(tokens.indices)
    // The drawn one is missing where it is the beginning-of-text token, which chats may go on with.
    case others.count...(others.count + drawn): return others
    case let found:
      throw InputError("found \(found) log-probabilities, expected \(tokens.count + drawn)")
    }
  }

  private static let shifted =
    "they are those of the neighbours, as llama-cpp-python tells them of texts that do not begin with a "
    + "beginning-of-text token; serve the model by vLLM or SGLang, or score its folder"

  /// Of the scored tokens.
  ///
  /// - Throws: `InputError` for a token without a log-probability.
  func likelihood(of sequence: TrainingSequence) throws(InputError) -> TextLikelihood {
    var likelihood = TextLikelihood()
    for place in sequence.trained.indices where place > 0 && sequence.trained[place] {
      guard let logprob = logprobs[place] else {
        throw InputError(
          "token \(place + 1) of \(logprobs.count) has no log-probability, expected a finite number"
        )
      }
      likelihood.add(-logprob)
    }
    return likelihood
  }
}

/// A token as the tokenizer reads it.
private struct OwnToken {
  let id: Int32
  let text: String

  /// Whether the server may mean this one: by its words, since servers write white space, special tokens and halves of
  /// letters each in their own way.
  func mayBe(_ token: EchoReply.Token) -> Bool {
    if token.text.hasPrefix("token_id:") { return token.text == "token_id:\(id)" }
    let (said, own) = (Self.words(token.text), Self.words(text))
    let isTold = !said.isEmpty && !token.text.hasPrefix("bytes:")
    return !isTold || said == own || (said + own).contains("\u{FFFD}")
  }

  private static func words(_ text: String) -> String {
    text.replacing("\u{2581}", with: " ").trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
