import Core
import Endpoints
import Engine
import Foundation

/// How a model is loaded or reached.
public struct ModelOptions: Sendable {
  public var adapter: String?
  /// `nil`: as the weights are stored.
  public var precision: Precision?
  public var threads = 1
  public var omitsSystemPrompt = false
  public var keyFile: String?
  public var limits = EndpointLimits()
  /// Knows the hashes of folders' files.
  public var memory = FolderMemory()

  public init() {}

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
