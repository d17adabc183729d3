import Core
import Endpoints
import Engine
import Foundation

/// How a model is loaded or reached.
package struct ModelOptions: Sendable {
  package var adapter: String?
  /// `nil`: as the weights are stored.
  package var precision: Precision?
  package var threads = 1
  package var omitsSystemPrompt = false
  package var keyFile: String?
  package var limits = EndpointLimits()
  /// Knows the hashes of folders' files.
  package var memory = FolderMemory()

  package init() {}

  func key(for address: EndpointAddress) throws(InputError) -> EndpointKey? {
    try EndpointKey.find(
      file: keyFile, environment: ProcessInfo.processInfo.environment, for: address)
  }
}

extension ModelAddress {
  /// The model, of which no weight is read yet, and to which nobody connects yet.
  ///
  /// - Throws: `InputError` naming file and field or tensor; `StoreError`.
  package func model(_ options: ModelOptions) throws -> any LanguageModel {
    switch self {
    case .folder(let path): try LoadedFolder(path, options)
    case .endpoint(let address): ServedModel(address, options)
    }
  }
}

/// Opens a client for as long as something is done with it.
package enum EndpointConnection {
  package static func with<Result: Sendable>(
    _ address: EndpointAddress, _ options: ModelOptions,
    _ body: (EndpointClient) async throws -> Result
  ) async throws -> Result {
    let client = try EndpointClient(
      address, key: options.key(for: address), limits: options.limits,
      environment: ProcessInfo.processInfo.environment)
    do {
      let result = try await body(client)
      await client.shutdown()
      return result
    } catch {
      await client.shutdown()
      throw error
    }
  }
}
