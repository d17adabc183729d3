import Core
import Engine
import Store
import Synchronization

/// Texts as a model reads them, with the names under which the store has their scores: the same for all models
/// that share a tokenizer.
package struct ScoredSequences: Sendable {
  package let sequences: [TrainingSequence]
  fileprivate let keys: [String]

  package init(_ sequences: [TrainingSequence]) throws {
    self.sequences = sequences
    keys = try sequences.map { try $0.storedName }
  }
}

/// Log-likelihoods of texts under a model in the store of a project, of whatever kind the model is.
///
/// A run of the store is a model; texts are added to it at any time, each is scored once, and the same text
/// in two sets is one. A score depends on the model and the text alone.
package struct ScoreRun {
  private let texts: ScoredSequences
  private let model: any LanguageModel
  private let store: RunStore
  /// Of the run, for people.
  private let name: String

  package init(
    _ model: any LanguageModel, _ texts: ScoredSequences, store: RunStore, name: String
  ) {
    (self.model, self.texts, self.store, self.name) = (model, texts, store, name)
  }

  private var keys: [String] { texts.keys }

  private struct Address: Encodable {
    let scores: ModelReference
  }

  /// Of the run in the store.
  ///
  /// - Throws: as ``LanguageModel/reference``.
  package var fingerprint: Fingerprint {
    get throws { try Fingerprint(of: Address(scores: model.reference)) }
  }

  /// In the order of the texts; `nil`: the store does not have all of them.
  package func stored() throws -> [StoredScore]? {
    guard let run = try store.run(fingerprint) else { return keys.isEmpty ? [] : nil }
    let known = Dictionary(try store.scores(of: run).map { ($0.text, $0) }) { first, _ in first }
    let own = keys.compactMap { known[$0] }
    return own.count == keys.count ? own : nil
  }

  /// What the store does not have, each text once.
  package func missing() throws -> [TrainingSequence] {
    try missing(try store.run(fingerprint)).map(\.1)
  }

  private func missing(_ run: Run?) throws -> [(String, TrainingSequence)] {
    var known = Set(try run.map { try store.scores(of: $0) }?.map(\.text) ?? [])
    return zip(keys, texts.sequences).filter { known.insert($0.0).inserted }
  }

  /// Scores what the store does not have.
  ///
  /// - Parameter onProgress: called with how many of the texts have a score.
  /// - Returns: why texts have none: the same run asks for them again.
  /// - Throws: `Interrupted` after a stop, with all finished scores stored; `StoreError`, also for a
  ///   log-likelihood that is no number; `InputError` for a model that cannot score; an `EndpointFailure` that
  ///   ends all work.
  @discardableResult
  package func run(
    on pool: WorkerPool, stop: StopRequest, onProgress: @escaping @Sendable (_ done: Int) -> Void
  ) async throws -> ScoringOutcome {
    guard let scoring = model.scoring else {
      throw InputError("\(name.onOneLine): the model cannot say how likely a text is")
    }
    let run = try store.beginRun(
      fingerprint: fingerprint, kind: RunKind(rawValue: "score"), name: name,
      settings: Address(scores: try model.reference))
    let missing = try missing(run)
    let collector = ScoreCollector(
      missing, run, store, done: keys.count - missing.count, onProgress)
    if missing.isEmpty {
      try store.finish(run)
      return ScoringOutcome()
    }
    if run.state == .done { try store.reopen(run) }
    let outcome: ScoringOutcome
    do {
      outcome = try await scoring.score(missing.map(\.1), on: pool, stop: stop) { first, texts in
        collector.take(first, texts) && !stop.isStopped
      }
    } catch {
      try collector.check()
      throw error
    }
    try collector.check()
    if collector.isWhole { try store.finish(run) } else { try stop.check() }
    return outcome
  }
}

/// Stores scores as they come: some at a time of this machine, one by one of a server, since each is paid for.
private final class ScoreCollector: Sendable {
  private struct State {
    var taken = 0
    var error: (any Error)?
  }

  private let missing: [(key: String, sequence: TrainingSequence)]
  private let run: Run
  private let store: RunStore
  private let done: Int
  private let onProgress: @Sendable (Int) -> Void
  private let state = Mutex(State())

  init(
    _ missing: [(String, TrainingSequence)], _ run: Run, _ store: RunStore, done: Int,
    _ onProgress: @escaping @Sendable (Int) -> Void
  ) {
    (self.missing, self.run, self.store, self.done) = (missing, run, store, done)
    self.onProgress = onProgress
    onProgress(done)
  }

  /// Returns whether to go on.
  func take(_ first: Int, _ texts: [TextLikelihood]) -> Bool {
    state.withLock { state in
      let scores = zip(missing[first...], texts).map { text, found in
        StoredScore(
          text: text.key, tokens: text.sequence.trainedCount, nll: found.sum,
          perToken: found.tokens)
      }
      do { try store.append(scores: scores, to: run) } catch { state.error = error }
      state.taken += texts.count
      onProgress(done + state.taken)
      return state.error == nil
    }
  }

  var isWhole: Bool { state.withLock { $0.taken == missing.count } }

  /// - Throws: what kept scores from being stored.
  func check() throws {
    if let error = state.withLock({ $0.error }) { throw error }
  }
}

extension TrainingSequence {
  /// Under which the store has its scores: of its tokens and what is scored of them.
  fileprivate var storedName: String {
    get throws {
      struct Content: Encodable {
        let tokens: [Int32]
        let scored: [Bool]
      }
      return String(
        try Fingerprint(of: Content(tokens: tokens, scored: trained)).hex.prefix(32))
    }
  }
}
