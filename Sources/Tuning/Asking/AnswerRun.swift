import Core
import Endpoints
import Engine
import Formats
import Foundation
import Questions
import Store
import Synchronization

/// What determines an answer besides its question and number: where the store has it.
package struct AnswerAddress: Sendable, Hashable, Encodable {
  package let model: ModelReference
  package let sampling: AnswerSettings

  package init(model: ModelReference, sampling: AnswerSettings) {
    (self.model, self.sampling) = (model, sampling)
  }

  /// Of the run of the store.
  package var fingerprint: Fingerprint { get throws { try Fingerprint(of: self) } }
}

/// Answers of a model in the store of a project, of whatever kind the model is.
///
/// A run of the store is a model and its settings; questions and samples are added to it at any time, and
/// what was answered before is not asked again. An answer depends on the model, its question, the settings
/// and its number: it does not matter when, with which others and in which process it is asked for.
package struct AnswerRun {
  /// How asking ended.
  package struct Outcome: Sendable {
    package let run: Run
    /// What a server was asked; `nil` where none was.
    package var counts: RequestCounts?
    /// Why answers are missing, with how many.
    package var failures: [String: Int] = [:]
  }

  package let places: [AskedPlace]
  private let model: any LanguageModel
  private let settings: AnswerSettings
  private let store: RunStore
  /// Of the run, for people.
  private let name: String

  package init(
    _ model: any LanguageModel, _ places: [AskedPlace], _ settings: AnswerSettings,
    store: RunStore, name: String
  ) {
    (self.model, self.places) = (model, places)
    var settings = settings
    if model.thinking == .keep { settings.thinking = .keep }
    self.settings = settings
    (self.store, self.name) = (store, name)
  }

  /// The same for people, with what was found out about a server.
  private struct Settings: Encodable {
    let model: ModelReference
    let sampling: AnswerSettings
    let server: EndpointCapabilities?
  }

  /// Of the run in the store.
  ///
  /// - Throws: as ``LanguageModel/reference``.
  package var fingerprint: Fingerprint {
    get throws { try AnswerAddress(model: try model.reference, sampling: settings).fingerprint }
  }

  package var keys: [AnswerKey] { places.keys }

  /// The run, if the store has it.
  package func stored() throws -> Run? { try store.run(fingerprint) }

  /// What the store does not have.
  package func missing() throws -> [AskedPlace] {
    guard let run = try stored() else { return places }
    let answered = try store.answeredSamples(of: run)
    return places.filter { !answered.contains($0.key) }
  }

  /// Asks for what the store does not have.
  ///
  /// - Throws: `InputError` for what cannot be asked; `Interrupted` after a stop, with all finished answers
  ///   stored; `StoreError`; an `EndpointFailure` that ends all work.
  package func run(
    on pool: WorkerPool, stop: StopRequest, onProgress: @escaping @Sendable (_ done: Int) -> Void
  ) async throws -> Outcome {
    let missing = try missing()
    let done = places.count - missing.count
    if missing.isEmpty, let run = try stored() {
      onProgress(done)
      // Other wordings of these may have come with the questions' judges.
      try store.append(asked: try places.asked, to: run)
      try store.finish(run)
      return Outcome(run: run)
    }
    guard let answering = model.answering else {
      throw InputError("\(name.onOneLine): the model cannot be asked for answers")
    }
    let reference = try model.reference
    return try await answering.open(on: pool, for: settings) { session in
      let run = try begin(reference, session.server)
      onProgress(done)
      let collector = AnswerCollector(
        missing, run, store, thinking: settings.thinking ?? .strip,
        isPaid: session.server != nil, done: done, onProgress)
      let requests = missing.map {
        AnswerRequest(
          messages: $0.wording.messages, stream: $0.stream(of: reference, seed: settings.seed))
      }
      let counts: RequestCounts?
      do {
        counts = try await session.answer(requests, settings, stop: stop) { index, result in
          collector.take(index, result) && !stop.isStopped
        }
      } catch {
        try collector.finish()
        throw error
      }
      try collector.finish()
      try stop.check()
      let failures = collector.failures
      if failures.isEmpty { try store.finish(run) }
      return Outcome(run: run, counts: counts, failures: failures)
    }
  }

  /// Answers that are read at once and not kept, in the order of the places.
  ///
  /// - Returns: `nil` for what did not come to an answer.
  /// - Throws: as ``run(on:stop:onProgress:)`` does.
  package static func unkept(
    _ model: any LanguageModel, _ places: [AskedPlace], _ settings: AnswerSettings,
    on pool: WorkerPool, stop: StopRequest
  ) async throws -> [String?] {
    guard let answering = model.answering else {
      throw InputError("the model cannot be asked for answers")
    }
    let reference = try model.reference
    let texts = Mutex([String?](repeating: nil, count: places.count))
    _ = try await answering.open(on: pool, for: settings) { session in
      try await session.answer(
        places.map {
          AnswerRequest(
            messages: $0.wording.messages, stream: $0.stream(of: reference, seed: settings.seed))
        }, settings, stop: stop
      ) { index, result in
        if case .success(let reply) = result, reply.missing == nil {
          texts.withLock { $0[index] = reply.text }
        }
        return !stop.isStopped
      }
    }
    try stop.check()
    return texts.withLock { $0 }
  }

  /// Takes over answers that are in the store under another address, and are known to be the same.
  package func adopt(_ answers: [StoredAnswer]) throws {
    let run = try begin(try model.reference, nil)
    try store.append(answers: answers, to: run)
  }

  private func begin(_ reference: ModelReference, _ server: EndpointCapabilities?) throws -> Run {
    let run = try store.beginRun(
      fingerprint: fingerprint, kind: .sample, name: name,
      settings: Settings(model: reference, sampling: settings, server: server))
    try store.append(asked: try places.asked, to: run)
    // More samples, or more questions, of a model that was asked before.
    if run.state == .done { try store.reopen(run) }
    return run
  }
}

/// Stores answers: those of this machine some at a time, those of a server as they come, since each of
/// them is paid for.
private final class AnswerCollector: Sendable {
  private struct State {
    var pending: [StoredAnswer] = []
    var done: Int
    var failures: [String: Int] = [:]
    var error: (any Error)?
    var stored: ContinuousClock.Instant
  }

  private static let mostPending = 200
  private static let interval = Duration.seconds(1)

  private let places: [AskedPlace]
  private let run: Run
  private let store: RunStore
  private let thinking: Thinking
  private let isPaid: Bool
  private let onProgress: @Sendable (Int) -> Void
  private let clock = ContinuousClock()
  private let state: Mutex<State>

  init(
    _ places: [AskedPlace], _ run: Run, _ store: RunStore, thinking: Thinking, isPaid: Bool,
    done: Int,
    _ onProgress: @escaping @Sendable (Int) -> Void
  ) {
    (self.places, self.run, self.store) = (places, run, store)
    (self.thinking, self.isPaid, self.onProgress) = (thinking, isPaid, onProgress)
    state = Mutex(State(done: done, stored: clock.now))
  }

  var failures: [String: Int] { state.withLock { $0.failures } }

  /// Returns whether to go on.
  func take(_ index: Int, _ result: Result<ModelReply, EndpointFailure>) -> Bool {
    state.withLock { state in
      switch result {
      case .failure(let failure): state.failures["\(failure)", default: 0] += 1
      case .success(let reply):
        let place = places[index]
        state.pending.append(StoredAnswer(place.key, place.text, reply, thinking))
        let isDue =
          isPaid || state.pending.count >= Self.mostPending
          || state.stored.duration(to: clock.now) >= Self.interval
        if isDue { flush(&state) }
      }
      return state.error == nil
    }
  }

  /// - Throws: what kept answers from being stored.
  func finish() throws {
    try state.withLock { state in
      flush(&state)
      if let error = state.error { throw error }
    }
  }

  private func flush(_ state: inout State) {
    guard state.error == nil, !state.pending.isEmpty else { return }
    do {
      try store.append(answers: state.pending, to: run)
      state.done += state.pending.count
      state.pending = []
      state.stored = clock.now
      onProgress(state.done)
    } catch {
      state.error = error
    }
  }
}

extension StoredAnswer {
  /// What was said, apart from what was thought, unless that is to be kept.
  fileprivate init(_ key: AnswerKey, _ prompt: String, _ reply: ModelReply, _ thinking: Thinking) {
    var parts = ThoughtAndAnswer(of: reply.text)
    if parts.thought == nil { parts.thought = reply.thinking }
    let missing =
      reply.missing
      ?? (parts.isUnfinished ? MissingAnswer(.cutWhileThinking) : nil)
    var text = parts.answer
    if thinking == .keep {
      // A server's own field is written as the models write it.
      text = reply.thinking.map { "<think>\n\($0)\n</think>\n\n" } ?? ""
      text += reply.text
    }
    self.init(
      key: key, prompt: prompt, text: text, tokenCount: reply.tokenCount,
      finishReason: reply.finish, promptTokenCount: reply.promptTokenCount, missing: missing,
      thinking: parts.thought)
  }
}
