import Chats
import Core
import Corpora
import Endpoints
import Engine
import Formats

/// A model folder that is read for scoring or sampling, with an adapter beside its weights.
package final class LoadedFolder: LocalModel {
  package let summary: ModelSummary
  package let tokenizer: RowTokenizer
  package let precision: Precision
  private let folder: ModelFolder
  private let content: ModelContent
  private let adapterPath: String?
  private var loaded: Model?
  /// Whether it lies as suits sampling, and can be sampled from alone.
  private var isPacked = false
  private var loadedAdapter: Adapter?

  /// Reads all but the weights, which are read when they are first needed.
  ///
  /// - Parameters:
  ///   - path: a folder, or what ``FolderMemory/folder(at:cache:)`` finds one for.
  ///   - memory: knows hashes of files, so that they need not be read for them.
  /// - Throws: `InputError` naming file and field or tensor; `StoreError`.
  package init(
    _ path: String, adapter adapterPath: String?, precision: Precision, omitsSystemPrompt: Bool,
    memory: FolderMemory = FolderMemory()
  ) throws {
    folder = try memory.folder(at: path)
    content = try ModelContent(of: folder, adapter: adapterPath, memory: memory)
    summary = try folder.check(adapter: adapterPath)
    tokenizer = try memory.rowTokenizer(of: folder, omittingDefaultSystemPrompt: omitsSystemPrompt)
    let configuration = summary.configuration
    self.adapterPath = adapterPath
    loadedAdapter = try adapterPath.map { path throws(InputError) in
      try Adapter.load(from: ModelFolder(path: path), for: configuration)
    }
    self.precision = precision
    try content.checkUnchanged()
  }

  package convenience init(_ path: String, _ options: ModelOptions) throws {
    let path = try options.memory.folder(at: path).path
    try self.init(
      path, adapter: options.adapter, precision: try options.precision ?? .stored(in: path),
      omitsSystemPrompt: options.omitsSystemPrompt, memory: options.memory)
    thinking = options.limits.thinking
  }

  /// Of the model, without its adapter.
  package var path: String { folder.path }

  /// The model with its weights.
  ///
  /// - Throws: `InputError` naming file and tensor.
  func model(_ pool: WorkerPool) throws(InputError) -> Model {
    if let loaded { return loaded }
    let model = try Model.load(from: folder, weightsIn: precision, pool: pool)
    try content.checkUnchanged()
    loaded = model
    return model
  }

  /// - Throws: `InputError` naming file and tensor.
  func adapter() throws(InputError) -> Adapter? {
    guard let adapterPath else { return nil }
    if let loadedAdapter { return loadedAdapter }
    let adapter = try Adapter.load(
      from: ModelFolder(path: adapterPath), for: summary.configuration)
    try content.checkUnchanged()
    loadedAdapter = adapter
    return adapter
  }

  /// Lets go of all weights; they are read again when they are needed.
  package func release() { (loaded, loadedAdapter, isPacked) = (nil, nil, false) }

  /// Which model it is, wherever it lies.
  package var identity: ModelIdentity { get throws { try content.identity } }

  /// What determines everything that the model says, besides what it is asked.
  package var use: ModelUse {
    get throws {
      let template = tokenizer.template
      return ModelUse(
        identity: try identity, precision: precision,
        omitsSystemPrompt: template.map {
          $0.omitsDefaultSystemPrompt && $0.defaultSystemPrompt != nil
        } ?? false, dates: template?.dates ?? [])
    }
  }

  /// Of ``use``.
  package var fingerprint: Fingerprint { get throws { try use.fingerprint } }

  package var reference: ModelReference { get throws { .folder(try use) } }

  package var conversations: any ConversationTokenizer { tokenizer }
  package var positions: Int { summary.configuration.maximumPositionCount }

  package func weights(on pool: WorkerPool, lying order: WeightOrder) throws -> LocalWeights {
    if isPacked, order == .plain { release() }
    let model = try model(pool)
    if order == .packed {
      model.packForSampling(pool: pool)
      isPacked = true
    }
    return LocalWeights(model, adapter: try adapter())
  }

  package func sequence(of row: Conversation) throws(InputError) -> TrainingSequence {
    TrainingSequence(try tokenizer.row(.conversation(row)))
  }

  /// As `ModelOptions` says.
  package private(set) var thinking = Thinking.strip

  /// For exact probabilities of short replies to prompts that `tokenizer` makes.
  ///
  /// - Throws: `InputError` naming file and tensor; `TrainingError.unsupported`.
  package func continuationScorer(
    of continuations: [[Int32]], pool: WorkerPool
  ) throws -> ContinuationScorer {
    try ContinuationScorer(
      model: try model(pool), adapter: try adapter(), precision: precision,
      continuations: continuations, terminators: tokenizer.stopTokens.map { Int32($0) }, pool: pool)
  }

  /// The likeliest reply to each prompt, token by token, in words.
  ///
  /// - Throws: `InputError` naming file and tensor; `TrainingError.unsupported`.
  package func likeliestReplies(
    to prompts: [[Int32]], maximumTokens: Int, pool: WorkerPool
  ) throws -> [String] {
    let model = try model(pool)
    model.packForSampling(pool: pool)
    isPacked = true
    let sampler = try Sampler(
      model: model, adapter: try adapter(), precision: precision, pool: pool)
    var options = SamplingOptions(
      maximumTokens: maximumTokens, stopTokens: tokenizer.stopTokens.map { Int32($0) })
    options.temperature = 0
    let one = prompts.map { Prompt(tokens: $0, streams: [RandomStream(seed: 0, "reply")]) }
    return sampler.sample(one, options: options).map {
      tokenizer.tokenizer.decode($0.tokens.map { Int($0) })
    }
  }

  /// The system text that the template adds by itself, on one line; `nil` if there is none or it is
  /// left out.
  package var systemPrompt: String? {
    guard let template = tokenizer.template, !template.omitsDefaultSystemPrompt else { return nil }
    return template.defaultSystemPrompt.map(\.quotedOnOneLine)
  }
}

/// The log-likelihood of a row's answers.
package struct RowScore: Sendable, Hashable, Codable {
  /// Counted from 0.
  package var row: Int
  /// Tokens of the assistant's turns, each with its end-of-turn token.
  package var tokens: Int
  /// −Σ log p of them, in nats.
  package var nll: Double
}

extension LoadedFolder {
  /// Scores the rows of a file, in order.
  ///
  /// - Parameter onScores: called with the scores of some rows at a time; returns whether to go on.
  /// - Throws: `InputError` naming file and line: a row longer than the model's positions is refused.
  package func score(
    _ file: String, pool: WorkerPool, onScores: ([RowScore]) -> Bool
  ) throws {
    let rows = try TuningRows(
      reading: file, with: tokenizer, maximumLength: summary.configuration.maximumPositionCount,
      tooLong: .refuse)
    try score(rows, pool: pool, onScores: onScores)
  }

  /// Scores rows, in order.
  package func score(
    _ rows: TuningRows, pool: WorkerPool, onScores: ([RowScore]) -> Bool
  ) throws {
    var row = 0
    var notFinite: InputError?
    try LocalScoring(self).score(rows.sequences, on: pool) { texts in
      if let bad = texts.firstIndex(where: { !$0.sum.isFinite }) {
        notFinite = InputError(
          "row \(row + bad): the model's own numbers are not finite, so that it says nothing; try "
            + "--precision f32", file: rows.file)
        return false
      }
      let scores = texts.enumerated().map { index, text in
        RowScore(row: row + index, tokens: rows.sequences[row + index].trainedCount, nll: text.sum)
      }
      row += texts.count
      return onScores(scores)
    }
    if let notFinite { throw notFinite }
  }
}

extension RowTokenizer: ConversationTokenizer {
  package func promptTokens(
    _ messages: [Message], prefill: String?
  ) throws(InputError) -> [Int32] {
    try prompt(messages, prefill: prefill).map { Int32($0) }
  }

  package func text(of tokens: [Int32]) -> String { tokenizer.decode(tokens.lazy.map { Int($0) }) }

  package var endTokens: [Int32] { stopTokens.map { Int32($0) } }
}
