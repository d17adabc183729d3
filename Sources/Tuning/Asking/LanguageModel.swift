import Core
import Endpoints
import Engine
import Store

/// A model that the laboratory works with: something with an identity that may be asked for answers and
/// for log-likelihoods. Each ability is its own value, and `nil` where a model does not have it: whoever
/// needs it says so before anything is done.
package protocol LanguageModel {
  /// All that determines what it says, besides what it is asked and how it is sampled.
  ///
  /// - Throws: as ``ModelContent/identity`` does: the first time all bytes of a folder may be read.
  var reference: ModelReference { get throws }
  var answering: (any Answering)? { get }
  var scoring: (any Scoring)? { get }
  /// What becomes of its thinking.
  var thinking: Thinking { get }
  /// What can be read of it, and done to it, where its weights are on this machine.
  var local: (any LocalModel)? { get }
}

extension LanguageModel {
  package var thinking: Thinking { .strip }
  package var local: (any LocalModel)? { nil }
}

/// What tells models apart in the addresses of their answers and scores.
package indirect enum ModelReference: Sendable, Hashable, Encodable {
  /// In a folder: which one it is, wherever it lies, and how it is used.
  case folder(ModelUse)
  /// Behind an API, of which nobody outside knows more than the address.
  case served(String)
  /// Made by the training of this fingerprint; with a snapshot, by so many of its steps.
  case trained(Fingerprint, snapshot: Int?, precision: Precision)
  /// Another one whose residual stream is edited, with a hash of the edits.
  case steered(ModelReference, by: Fingerprint)
  /// Another one with other weights, with a hash of how they came about.
  case reweighted(ModelReference, to: Fingerprint)
  /// Another one that a program beside this one answers for, with all of its command that may decide answers.
  case through(ModelReference, server: String)

  /// What is between the seed and the question in the names of the random streams that answers are drawn
  /// from. Models of one plan share their seed and are told apart here; a steered or reweighted one draws as it would without.
  var drawPath: [String] {
    switch self {
    case .folder, .served: []
    case .trained(let training, let snapshot, _):
      [training.hex] + (snapshot.map { [String($0)] } ?? [])
    case .steered(let model, _), .reweighted(let model, _), .through(let model, _): model.drawPath
    }
  }

  private struct Trained: Encodable {
    let training: Fingerprint
    let snapshot: Int?
    let precision: Precision
  }

  private struct Steered: Encodable {
    let model: ModelReference
    let edits: Fingerprint
  }

  private struct Through: Encodable {
    let model: ModelReference
    let server: String
  }

  private struct Reweighted: Encodable {
    let model: ModelReference
    let weights: Fingerprint
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .folder(let use): try container.encode(use)
    case .served(let address): try container.encode(address)
    case .trained(let training, let snapshot, let precision):
      try container.encode(
        Trained(training: training, snapshot: snapshot, precision: precision))
    case .steered(let model, let edits):
      try container.encode(Steered(model: model, edits: edits))
    case .reweighted(let model, let weights):
      try container.encode(Reweighted(model: model, weights: weights))
    case .through(let model, let server):
      try container.encode(Through(model: model, server: server))
    }
  }
}

/// A model's ability to answer.
package protocol Answering {
  /// Checks that all can be asked, before any weight is read.
  ///
  /// - Throws: `InputError` for what the template refuses or the model has no room for.
  func check(_ places: [AskedPlace], _ settings: AnswerSettings) throws(InputError)

  /// Reads the weights, or connects to the server, for as long as `body` asks in these settings.
  func open<Result: Sendable>(
    on pool: WorkerPool, for settings: AnswerSettings,
    _ body: (any AnswerSession) async throws -> Result
  ) async throws -> Result

  /// The same for whom settings make no difference.
  func open<Result: Sendable>(
    on pool: WorkerPool, _ body: (any AnswerSession) async throws -> Result
  ) async throws -> Result
}

extension Answering {
  package func open<Result: Sendable>(
    on pool: WorkerPool, for settings: AnswerSettings,
    _ body: (any AnswerSession) async throws -> Result
  ) async throws -> Result { try await open(on: pool, body) }
}

/// A model that is ready to answer.
package protocol AnswerSession {
  /// What was found out about the server; `nil` on this machine.
  var server: EndpointCapabilities? { get }

  /// Asks everything.
  ///
  /// - Parameter take: called with the index of a request and what came of it, in no fixed order; returns
  ///   whether to go on.
  /// - Returns: what a server was asked; `nil` on this machine.
  /// - Throws: `InputError`; `Interrupted`; an `EndpointFailure` that ends all work.
  func answer(
    _ requests: [AnswerRequest], _ settings: AnswerSettings, stop: StopRequest,
    take: @escaping @Sendable (_ index: Int, Result<ModelReply, EndpointFailure>) -> Bool
  ) async throws -> RequestCounts?
}

/// What a model is asked once.
package struct AnswerRequest: Sendable {
  package let messages: [Message]
  /// The answer's own draws.
  package let stream: RandomStream

  package init(messages: [Message], stream: RandomStream) {
    (self.messages, self.stream) = (messages, stream)
  }
}

/// What a model said.
package struct ModelReply: Sendable, Hashable {
  package var text: String
  package var tokenCount: Int
  package var finish: StoredAnswer.FinishReason
  /// Where a server counts them.
  package var promptTokenCount: Int?
  /// What a server tells apart as thinking.
  package var thinking: String?
  /// Why there is no answer in it, as far as its source knows.
  package var missing: MissingAnswer?

  package init(
    text: String, tokenCount: Int, finish: StoredAnswer.FinishReason, promptTokenCount: Int? = nil,
    thinking: String? = nil, missing: MissingAnswer? = nil
  ) {
    (self.text, self.tokenCount, self.finish) = (text, tokenCount, finish)
    self.promptTokenCount = promptTokenCount
    (self.thinking, self.missing) = (thinking, missing)
  }
}

/// A model's ability to say how likely it finds a text.
package protocol Scoring {
  /// The tokens of a row, with those that are scored.
  ///
  /// - Throws: `InputError` for a conversation that the model cannot read.
  func sequence(of row: Conversation) throws(InputError) -> TrainingSequence

  /// The text of tokens, as its tokenizer writes it.
  func text(of tokens: [Int32]) throws(InputError) -> String

  /// How likely the scored tokens of each sequence are.
  ///
  /// - Parameter take: called, one call after the other, with the figures of some sequences that follow each other
  ///   and the index of the first; returns whether to go on.
  /// - Returns: what became of sequences of which `take` has not heard.
  /// - Throws: `InputError` naming file and tensor; `TrainingError.unsupported`; `Interrupted`; an
  ///   `EndpointFailure` that ends all work.
  func score(
    _ sequences: [TrainingSequence], on pool: WorkerPool, stop: StopRequest,
    take: @escaping @Sendable (_ first: Int, _ texts: [TextLikelihood]) -> Bool
  ) async throws -> ScoringOutcome
}

/// How scoring ended.
package struct ScoringOutcome: Sendable {
  /// Why a server has not said how likely texts are, with how many.
  package var failures: [String: Int]
  /// What was found out about the server, where one was asked.
  package var server: EndpointCapabilities?

  package init(failures: [String: Int] = [:], server: EndpointCapabilities? = nil) {
    (self.failures, self.server) = (failures, server)
  }
}
