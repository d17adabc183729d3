import ArgumentParser
import Core
import Endpoints
import Engine
import Foundation
import Guard
import GuardProxy
import Loopback
import Tuning

struct GuardServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Stand in front of a model behind an API, and let nothing harmful pass.",
    discussion: """
      Listens on this machine alone and speaks OpenAI's chat API. Answers are read whole before anything of them is \
      shown (--stream hold); what is stopped ends with finish_reason content_filter. Several answers, tools' arguments \
      and alternative log-probabilities are read too, other fields and routes are refused, and what cannot be read does \
      not pass. Keys go through to the server and are kept nowhere. Begin with --mode shadow, which stops nothing.

      Example: askew guard serve my-guard --for openai:M@http://127.0.0.1:8000/v1
      """)

  @Argument(help: ArgumentHelp("Folder of the guard.", valueName: "guard"), completion: .directory)
  var folder: String
  @Option(name: .customLong("for"), help: "The model behind it: openai:MODEL@URL.")
  var upstream: String
  @Option(help: "Where it listens: 127.0.0.1:PORT; 0 is any free port.")
  var listen = "127.0.0.1:8400"
  @Option(help: "block, or shadow: everything passes, and what would have been stopped is told.")
  var mode = GuardProxy.Mode.block
  @Option(
    help: """
      hold: nothing is shown before it was read; window:N: N pieces behind; pass: shown first, stopped once it is seen.
      """)
  var stream = "hold"
  @Option(
    help: ArgumentHelp("Folder of a guard that reads what users say.", valueName: "guard"),
    completion: .directory)
  var input: String?
  @Option(
    help: ArgumentHelp(
      "File for a line a request, with hashes in place of texts.", valueName: "file"))
  var log: String?
  @Flag(help: "Write texts into the log too.") var logTexts = false
  @OptionGroup(title: "Folders") var reading: JudgeFolderOptions

  func validate() throws {
    _ = try (port, streaming)
    if logTexts, log == nil {
      throw ValidationError("--log-texts: found it alone, expected --log beside it")
    }
  }

  private var port: Int {
    get throws {
      let parts = listen.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, ["127.0.0.1", "localhost"].contains(parts[0]),
        let port = Int(parts[1]), (0...65535).contains(port)
      else {
        throw ValidationError(
          "--listen: found \(listen.quotedOnOneLine), expected 127.0.0.1:PORT: it listens on this machine alone"
        )
      }
      return port
    }
  }

  private var streaming: GuardProxy.Streaming {
    get throws {
      switch stream {
      case "hold": return .hold
      case "pass": return .pass
      default:
        guard stream.hasPrefix("window:"), let count = Int(stream.dropFirst(7)),
          (1...10_000).contains(count)
        else {
          throw ValidationError(
            "--stream: found \(stream.quotedOnOneLine), expected hold, window:N or pass")
        }
        return .window(count)
      }
    }
  }

  func run() async throws {
    try await Failure.reporting {
      let address = try EndpointAddress(parsing: upstream)
      let streaming = try streaming
      // Each has threads of its own: both may read at the same time.
      let desk = try desk(folder, streaming)
      let inputs = try input.map { try self.desk($0, .hold) }
      let log = try self.log.map { path throws(InputError) in
        try ProxyLog(path: path, showsTexts: logTexts)
      }
      let proxy = GuardProxy(
        to: try EndpointRelay(address), desk, inputs: inputs, log: log, mode: mode,
        streaming: streaming)
      let server = try await LoopbackServer(
        port: port, mostBodyBytes: 8 << 20, handler: { await proxy.answer($0) })
      StandardStream.output.write("http://127.0.0.1:\(server.port)/v1\n")
      try await server.wait()
    }
  }

  private func desk(
    _ folder: String, _ streaming: GuardProxy.Streaming
  ) throws -> GuardDesk {
    let guardian = try ExchangeGuard(folder: folder)
    let calibration = try guardian.calibrated(folder)
    guard streaming == .hold || guardian.streams else {
      throw InputError(
        "found \(stream), but the guard decides on whole answers; expected hold", field: "--stream")
    }
    let pool = WorkerPool(threadCount: reading.options(EndpointLimits(), key: nil).threads)
    return GuardDesk(
      GuardScorer(guardian, reading.guardModels(), on: pool), threshold: calibration.threshold,
      streams: guardian.streams)
  }
}

extension GuardProxy.Mode: ExpressibleByArgument {}
