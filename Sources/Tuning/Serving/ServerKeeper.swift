import Core

/// The one server that runs: models that are asked several times in a row are read once.
package final class ServerKeeper {
  private var running: (key: Fingerprint, server: RunningServer)?

  package init() {}

  package func end() { running = nil }

  /// The server of this key; any other is ended before it is started.
  func server(
    _ key: Fingerprint, start: () async throws -> RunningServer
  ) async throws -> RunningServer {
    if let running, running.key == key { return running.server }
    end()
    let server = try await start()
    running = (key, server)
    return server
  }
}
