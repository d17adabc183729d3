import ArgumentParser
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An OpenAI-compatible server on loopback that answers at once and always the same, or badly in
/// every way that servers do. For tests and benchmarks; prints its base URL when it listens.
@main
struct LoopbackServer: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "loopback-server")

  @Option(help: "Port to listen on; 0: any that is free.")
  var port = 0

  @Option(help: "Name of the model that is listed and answers.")
  var model = "loopback"

  @Flag(help: "Answer at once and without faults, as also without any other option.")
  var fast = false

  @Flag(help: "Answer a share of the requests with faults, one kind after the other.")
  var hostile = false

  @Option(help: "Share of faulty answers.")
  var faultShare = 0.2

  @Option(help: "Decides which requests meet a fault.")
  var seed: UInt64 = 0

  @Option(help: "Faults to use, by name; all where none is given.")
  var fault: [Fault] = []

  @Option(help: "Faulty answers in all; then none any more.")
  var faultLimit = Int.max

  @Option(help: "Seconds that a 429 asks to wait.")
  var retryAfter = "0.05"

  @Option(help: "Seconds from a request to its answer.")
  var delay = 0.0

  @Option(help: "Requests a minute; 429 with Retry-After for those above.")
  var rate: Int?

  @Option(help: "File to which a line is written for each request received and each answered.")
  var journal: String?

  @Option(help: "File with the key without which requests are refused.")
  var requireKey: String?

  @Option(help: "Body of every chat's reply, as it is, unless it asks for log-probabilities.")
  var reply: String?

  @Option(help: "Least tokens of a reply that may be asked for.")
  var leastTokens = 1

  @Flag(help: "Refuse every temperature but one that is sent as 1.")
  var oneTemperature = false

  @Option(help: "Name of the model in the list.")
  var listed: String?

  @Flag(help: "Leave the model out of the list and answer for every name, as \"base\".")
  var unlisted = false

  @Flag(help: "Drop the connection when asked for the list of models.")
  var withoutList = false

  @Option(help: "Fields to refuse with 400.")
  var refuse: [String] = []

  @Option(help: "The most alternatives that may be asked for; more are refused.")
  var mostLogprobs = 20

  @Flag(help: "Write alternatives in no order, without bytes and in byte-level glyphs.")
  var glyphs = false

  @Flag(help: "Say of a given text nothing, and of the token behind it how likely it is.")
  var withoutEcho = false

  @Flag(help: "Take the first fine-tuning job and drop the connection instead of saying so.")
  var loseCreation = false

  mutating func validate() throws {
    guard (0...1).contains(faultShare) else {
      throw ValidationError("--fault-share: expected 0 to 1, found \(faultShare)")
    }
    if fast, hostile { throw ValidationError("--fast and --hostile exclude each other") }
  }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    // Started from a thread that blocks signals, as Dispatch's do, this would not end on SIGTERM.
    var none = sigset_t()
    sigemptyset(&none)
    sigprocmask(SIG_SETMASK, &none, nil)
    let service = try Service(options: self)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let server = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 512)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try Connection.configure(channel, for: service)
        }
      }
    let channel = try server.bind(host: "127.0.0.1", port: port).wait()
    print("http://127.0.0.1:\(channel.localAddress?.port ?? 0)/v1")
    fflush(nil)
    try channel.closeFuture.wait()
  }
}
