import Chats
import Core
import Endpoints
import Engine
import Formats
import Foundation
import Store

/// A model folder that another program answers for: its server is started when something is asked, held to answers that
/// are known, and ended with whoever keeps it.
///
/// Log-likelihoods stay the engine's: of the programs here few tell those of a given text.
package struct ServedFolder: LanguageModel, Answering {
  private let folder: LoadedFolder
  /// The folder without its adapter.
  private let base: LoadedFolder?
  private let place: (model: String, adapter: String?)
  private let server: ModelServer
  private let keeper: ServerKeeper
  private let workplace: String
  private let options: ModelOptions

  /// - Parameters:
  ///   - folder: at `model`, with the adapter in its folder beside it.
  ///   - base: the same without; `nil` where there is no adapter.
  ///   - workplace: where files for the server and its log are written.
  package init(
    _ folder: LoadedFolder, base: LoadedFolder?, at model: String, adapter: String?,
    by server: ModelServer, _ keeper: ServerKeeper, in workplace: String, _ options: ModelOptions
  ) {
    (self.folder, self.base, place, self.server) = (folder, base, (model, adapter), server)
    (self.keeper, self.workplace, self.options) = (keeper, workplace, options)
  }

  package var reference: ModelReference {
    get throws { .through(try folder.reference, server: server.text) }
  }
  package var answering: (any Answering)? { self }
  package var scoring: (any Scoring)? { folder.scoring }
  package var thinking: Thinking { folder.thinking }
  package var local: (any LocalModel)? { folder }

  package func check(_ places: [AskedPlace], _ settings: AnswerSettings) throws(InputError) {
    try folder.answering?.check(places, settings)
  }

  package func open<Result: Sendable>(
    on pool: WorkerPool, _ body: (any AnswerSession) async throws -> Result
  ) async throws -> Result { try await open(on: pool, for: AnswerSettings(), body) }

  /// - Throws: `ToolProblem` naming a server that does not start, or that answers otherwise than the folder does; what
  ///   ``ServedModel`` throws.
  package func open<Result: Sendable>(
    on pool: WorkerPool, for settings: AnswerSettings,
    _ body: (any AnswerSession) async throws -> Result
  ) async throws -> Result {
    let running = try await keeper.server(Fingerprint(of: reference)) {
      let known = try await knownAnswers(on: pool)
      let running = try await start()
      let served = ServedModel(running.address, options)
      let told = try await served.open(on: pool, for: KnownAnswers.settings) {
        try await KnownAnswers.ask($0)
      }
      if let problem = known.problem(with: told) {
        throw ToolProblem(tool: server.program.rawValue, problem: problem, log: log)
      }
      return running
    }
    return try await ServedModel(running.address, options).open(on: pool, for: settings, body)
  }

  private var log: String { "\(workplace).log" }

  private func knownAnswers(on pool: WorkerPool) async throws -> KnownAnswers {
    func answers(_ model: LoadedFolder?) async throws -> [String]? {
      guard let answering = model?.answering else { return nil }
      defer { model?.release() }
      return try await answering.open(on: pool, for: KnownAnswers.settings) {
        try await KnownAnswers.ask($0)
      }
    }
    return KnownAnswers(own: try await answers(folder) ?? [], base: try await answers(base))
  }

  /// Files as the server reads them, and the server.
  private func start() async throws -> RunningServer {
    try? FileManager.default.removeItem(atPath: workplace)
    do {
      try FileManager.default.createDirectory(atPath: workplace, withIntermediateDirectories: true)
    } catch {
      throw InputError("the folder cannot be made: \(error.systemReason)", file: workplace)
    }
    var files = ServedFiles(model: absolute(place.model))
    if let adapter = place.adapter {
      if server.takesAdapters {
        files.adapter = absolute(adapter)
        files.rank = try folder.adapter()?.configuration.rank ?? 0
      } else {
        let merged = "\(workplace)/model"
        try AdapterMerge(
          model: ModelFolder(path: place.model), adapter: adapter, output: merged
        ).run()
        files.model = merged
      }
    }
    if server.program == .llama { files.model = try packed(files.model) }
    return try await RunningServer(
      server, files, made: workplace, log: log, threads: options.threads)
  }

  /// In one file, as llama.cpp reads it.
  private func packed(_ path: String) throws -> String {
    let model = ModelFolder(path: path)
    let chat = try ChatSettings(folder: model)
    let target = "\(workplace)/model.gguf"
    try GGUFExport(
      model, name: "served", template: chat.template, specialTokens: chat.specialTokens,
      as: GGUFExport.Storage(folder.summary.dataTypes.first ?? .float32)
    ).write(to: target)
    return target
  }

  private func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }
}
