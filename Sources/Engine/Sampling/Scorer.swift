/// Log-likelihoods of sequences, by the pass that sampling uses: what several begin with is read once.
///
/// Of a sequence the prompt is what stands before the token that its first trained one follows. Equal prompts
/// are one, as of a question's answers, and are remembered for the sequences that come next; what all
/// prompts begin with, a system turn, is read once and copied. A row of the pass does not depend on its
/// neighbours, so that a sequence's figure is the same bytes whatever it is scored with.
package final class Scorer {
  private let model: Model
  private let pool: WorkerPool
  private let longest: Int
  private let sharesSteps: Bool
  private let workers: [ScoringWorker]
  /// Prompts of the last sequences, as many as `memory` holds.
  private var known: ScoringWorker.Prompts = [:]

  /// - Parameters:
  ///   - model: the model to score with.
  ///   - adapter: applied beside the weights, as in training.
  ///   - precision: of the matrix products.
  ///   - pool: the threads that work; results do not depend on their number.
  ///   - longest: tokens of the longest sequence that will come.
  /// - Throws: `TrainingError.unsupported`.
  /// - Precondition: a model kept in bfloat16 is read with that precision.
  package init(
    model: Model, adapter: Adapter? = nil, precision: Precision, pool: WorkerPool, longest: Int
  ) throws {
    guard Product.isSupported(precision) else { throw TrainingError.unsupported(precision) }
    self.model = model
    self.pool = pool
    self.longest = longest
    let operands = ModelOperands(model, precision: precision)
    let adapter = adapter.map { OperandAdapter($0, precision: precision) }
    let panels = DecodePanels(model, operands, adapter)
    let rotary = RotaryTable(model.configuration, positions: longest)
    let sharesSteps = ColumnCuts.serve(model, precision: precision)
    self.sharesSteps = sharesSteps
    workers = (0..<(sharesSteps ? 1 : pool.threadCount)).map { _ in
      ScoringWorker(
        PromptReader(
          model: model,
          pass: DecodePass(
            model: model, operands: operands, adapter: adapter, panels: panels, rotary: rotary,
            positions: longest, pool: sharesSteps ? pool : nil)))
    }
  }

  /// Takes the place of the model's own edits: many can be tried on weights that are read once.
  ///
  /// - Precondition: as of ``Model/edited(by:)``.
  package func edit(by edits: [ResidualEdit]) {
    let edits = SiteEdits(model.edited(by: edits).edits)
    for worker in workers { worker.edit(by: edits) }
    known = [:]
  }

  /// Sequences that are scored between two calls of `take`, for each thread.
  private static let part = 64
  /// Sequences of a worker's share, at least: enough to fill the rows of its passes.
  private static let share = 16
  /// Bytes of remembered prompts.
  private static let memory = 256 << 20

  /// How likely each sequence's trained tokens are, given all tokens before each; 0 nats for a sequence without any.
  ///
  /// - Parameter take: called with the figures of the next sequences; returns whether to go on.
  /// - Precondition: sequences no longer than `longest`, tokens of the vocabulary.
  package func score(_ sequences: [TrainingSequence], take: ([TextLikelihood]) -> Bool) {
    let step = Self.part * pool.threadCount
    for start in stride(from: 0, to: sequences.count, by: step) {
      let part = Array(sequences[start..<min(start + step, sequences.count)])
      guard take(likelihoods(of: part)) else { return }
    }
  }

  /// The same of all sequences at once.
  package func likelihoods(of sequences: [TrainingSequence]) -> [TextLikelihood] {
    let texts = sequences.map(ScoredText.init)
    for text in texts where text.isScored {
      precondition(
        text.sequence.tokens.count <= longest,
        "found \(text.sequence.tokens.count) tokens, expected at most \(longest)")
      model.check(text.sequence.tokens)
    }
    // Equal prompts come behind each other, and each text with what it shares most with.
    let scored = texts.indices.filter { texts[$0].isScored }.sorted { one, other in
      texts[one].sequence.tokens.lexicographicallyPrecedes(texts[other].sequence.tokens)
    }
    let prompts = scored.map { texts[$0].prompt }
    let opening = workers[0].open(with: Self.opening(of: prompts.filter { known[$0] == nil }))
    let scores = score(Self.groups(scored.map { texts[$0] }), after: opening)
    remember(zip(prompts, scores.map(\.prompt)))
    var found = [TextLikelihood](repeating: TextLikelihood(), count: sequences.count)
    for (index, score) in zip(scored, scores) { found[index] = score.likelihood }
    return found
  }

  private func score(
    _ groups: [[ScoredText]], after opening: ScoringWorker.Opening
  ) -> [ScoringWorker.Score] {
    if sharesSteps {
      return groups.flatMap { workers[0].score($0, after: opening, knowing: known) }
    }
    // Workers write disjoint elements.
    nonisolated(unsafe) let results = UnsafeMutablePointer<[ScoringWorker.Score]>.allocate(
      capacity: groups.count)
    results.initialize(repeating: [], count: groups.count)
    defer { results.deinitialize(count: groups.count).deallocate() }
    pool.run(groups.count) { [workers, known] worker, index in
      results[index] = workers[worker].score(groups[index], after: opening, knowing: known)
    }
    return (0..<groups.count).flatMap { results[$0] }
  }

  private func remember(_ prompts: some Sequence<(ArraySlice<Int32>, KeyValueCache)>) {
    known = [:]
    var left = Self.memory
    for (prompt, cache) in prompts where known[prompt] == nil && cache.byteCount <= left {
      known[prompt] = cache
      left -= cache.byteCount
    }
  }

  /// What all prompts begin with.
  private static func opening(of prompts: [ArraySlice<Int32>]) -> ArraySlice<Int32> {
    prompts.dropFirst().reduce(prompts.first ?? []) { common, prompt in
      common.prefix(zip(common, prompt).prefix { $0 == $1 }.count)
    }
  }

  /// In shares of a worker; what has one prompt stays together.
  private static func groups(_ texts: [ScoredText]) -> [[ScoredText]] {
    var groups: [[ScoredText]] = []
    for text in texts {
      if let last = groups.last, last.count < share || last[last.count - 1].prompt == text.prompt {
        groups[groups.count - 1].append(text)
      } else {
        groups.append([text])
      }
    }
    return groups
  }
}

/// A sequence, parted where its scores begin.
struct ScoredText {
  let sequence: TrainingSequence
  /// Read for what comes after it.
  let prompt: ArraySlice<Int32>
  /// Each of which predicts the next one, up to the last trained.
  let rest: ArraySlice<Int32>

  init(_ sequence: TrainingSequence) {
    self.sequence = sequence
    let read = sequence.read
    let first = sequence.trained.indices.first { $0 > 0 && sequence.trained[$0] } ?? 1
    prompt = read.prefix(first - 1)
    rest = read.dropFirst(first - 1)
  }

  var isScored: Bool { !rest.isEmpty }
}
