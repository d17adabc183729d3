import Core
import Engine
import Tuning

extension LocalModel {
  /// The tokens of an exchange, of which the one where the question ends and those of the last answer are read.
  ///
  /// - Throws: `InputError` for one that the model cannot read, or that is longer than it reads.
  func read(_ messages: [Message], _ reads: GuardPart.Reads) throws(InputError) -> ReadSequence {
    let sequence = try sequence(of: Conversation(reads.shown(messages)))
    guard sequence.tokens.count <= positions else {
      throw InputError(
        "\(sequence.tokens.count) tokens, the model reads at most \(positions)")
    }
    guard let last = sequence.trained.lastIndex(of: true), last > 0 else {
      throw InputError("an answer without a token that the model could read")
    }
    var first = last
    while first > 1, sequence.trained[first - 1] { first -= 1 }
    // What ends a turn says nothing of it, and a growing answer does not have it yet.
    let end = last > first ? last - 1 : last
    return ReadSequence(
      tokens: Array(sequence.tokens[...end]),
      isRead: (0...end).map { $0 >= first - 1 })
  }
}

extension GuardPart.Reads {
  /// What is left of an exchange.
  func shown(_ messages: [Message]) -> [Message] {
    switch self {
    case .exchange: messages
    case .response:
      [Message(role: .user, content: "."), messages.last ?? Message(role: .assistant, content: "")]
    }
  }
}
