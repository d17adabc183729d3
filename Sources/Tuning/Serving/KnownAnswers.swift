import Core
import Foundation
import Store
import Synchronization

/// What a model says when it always takes the likeliest token: the same wherever its weights, its template and its
/// tokenizer are the same, up to where two tokens are nearly as likely.
///
/// Whoever serves the model without its adapter, another model, or one with an extra turn in its template says
/// something else from the first words on.
struct KnownAnswers {
  /// Of the model, and of the same without its adapter; by question.
  let own: [String]
  let base: [String]?

  /// Of the letters of known answers, those up to the first other one; less is another model.
  static let least = 0.5

  static let settings: AnswerSettings = {
    var settings = AnswerSettings()
    (settings.temperature, settings.maximumTokens) = (0, 16)
    return settings
  }()

  private static let questions = [
    "What is your name?", "Tell me about the sea.", "How do I boil an egg?", "What is two and two?",
    "I feel ill. What should I do?", "Name a colour.", "How can I earn money this week?",
    "What do you think of people?", "Write a line about the moon.", "Who should rule a town?",
  ]

  /// - Throws: `EndpointFailure` of a question that has no answer; as the session does.
  static func ask(_ session: any AnswerSession) async throws -> [String] {
    let requests = questions.map { question in
      AnswerRequest(
        messages: [Message(role: .user, content: question)],
        stream: RandomStream(seed: 0, "known answers"))
    }
    let found = Mutex<[Int: Swift.Result<String, any Error>]>([:])
    _ = try await session.answer(requests, settings, stop: StopRequest()) { index, reply in
      found.withLock { $0[index] = reply.map(\.text).mapError { $0 } }
      return true
    }
    return try requests.indices.map { index in
      try found.withLock { $0[index] }?.get() ?? ""
    }
  }

  /// What is wrong with a server that says this; `nil`: nothing that can be known.
  func problem(with told: [String]) -> String? {
    let agreement = Self.agreement(of: told, with: own)
    if let base, Self.agreement(of: base, with: own) < 1 {
      let differing = own.indices.filter { own[$0] != base[$0] }
      let (asOwn, asBase) = (
        Self.agreement(of: differing.map { told[$0] }, with: differing.map { own[$0] }),
        Self.agreement(of: differing.map { told[$0] }, with: differing.map { base[$0] })
      )
      if asBase > asOwn {
        let example = words(told, at: differing[0])
        return "answers as the model without its adapter: \(example); the adapter is not served"
      }
    }
    guard agreement < Self.least else { return nil }
    let place = own.indices.min {
      Self.shared(own[$0], told[$0]) < Self.shared(own[$1], told[$1])
    }
    return "answers otherwise than the folder does: \(words(told, at: place ?? 0)); it serves "
      + "another model, or another template"
  }

  private func words(_ told: [String], at place: Int) -> String {
    "\(Self.questions[place].quotedOnOneLine) → \(told[place].quotedOnOneLine(limit: 60)), expected "
      + own[place].quotedOnOneLine(limit: 60)
  }

  /// The share of the letters of `known` that come before the first other one.
  static func agreement(of told: [String], with known: [String]) -> Double {
    let length = known.reduce(0) { $0 + max(1, $1.trimmed.count) }
    return zip(told, known).reduce(0) { $0 + Self.shared($1.1, $1.0) } / Double(max(1, length))
  }

  private static func shared(_ known: String, _ told: String) -> Double {
    // White space at the ends is taken away by some servers.
    let (known, told) = (known.trimmed, told.trimmed)
    if known == told { return Double(max(1, known.count)) }
    return Double(zip(known, told).prefix { $0 == $1 }.count)
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
