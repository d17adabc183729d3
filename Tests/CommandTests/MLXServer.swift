import Foundation
import TestSupport
import Testing

/// `mlx_lm.server` on a model folder, on the CPU, running until this value goes away.
struct MLXServer {
  /// Ends with `/v1`.
  let url: String
  private let process: ChildProcess

  private static let program = """
    import sys, runpy, mlx.core as mx
    mx.set_default_device(mx.cpu)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name='__main__')
    """

  init(folder: String) throws {
    let port = Int.random(in: 20_000..<30_000)
    url = "http://127.0.0.1:\(port)/v1"
    var environment = ProcessInfo.processInfo.environment
    environment["HF_HUB_OFFLINE"] = "1"
    process = try ChildProcess(
      Python.mlx.url,
      [
        "-c", Self.program, "mlx_lm.server", "--model", folder, "--host", "127.0.0.1", "--port",
        String(port),
      ], environment: environment)
    // It says so when its socket takes connections.
    let listens = try process.waitForError("Starting httpd", seconds: 60)
    try #require(listens, "mlx_lm.server does not start")
  }
}
