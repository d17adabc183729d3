import Core
import Engine
import Store

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

  /// Scores what the store does not have.
  ///
  /// - Parameter onProgress: called with how many of the texts have a score.
  /// - Throws: `Interrupted` after a stop, with all finished scores stored; `StoreError`, also for a
  ///   log-likelihood that is no number; `InputError` for a model that cannot score.
  package func run(
    on pool: WorkerPool, stop: StopRequest, onProgress: (_ done: Int) -> Void
  ) throws {
    guard let scoring = model.scoring else {
      throw InputError("\(name.onOneLine): the model cannot say how likely a text is")
    }
    let run = try store.beginRun(
      fingerprint: fingerprint, kind: RunKind(rawValue: "score"), name: name,
      settings: Address(scores: try model.reference))
    var known = Set(try store.scores(of: run).map(\.text))
    let missing = zip(keys, texts.sequences).filter { known.insert($0.0).inserted }
    var done = keys.count - missing.count
    onProgress(done)
    if missing.isEmpty { return try store.finish(run) }
    if run.state == .done { try store.reopen(run) }
    var next = 0
    var failure: (any Error)?
    try scoring.score(missing.map(\.1), on: pool) { sums in
      let scores = sums.enumerated().map { index, sum in
        let (key, sequence) = missing[next + index]
        return StoredScore(text: key, tokens: sequence.trainedCount, nll: sum)
      }
      next += sums.count
      done += sums.count
      do { try store.append(scores: scores, to: run) } catch { failure = error }
      onProgress(done)
      return failure == nil && !stop.isStopped
    }
    if let failure { throw failure }
    if next < missing.count { try stop.check() }
    try store.finish(run)
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
