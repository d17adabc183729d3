import Core
import Foundation
import Synchronization

/// Asks a model behind an OpenAI-compatible API: many requests at once, as fast as the server
/// allows, each until it is answered or cannot be.
///
/// Streaming is off and every sampling parameter is sent. Call `probe` once and keep what it finds;
/// `shutdown` when done.
package final class EndpointClient: Sendable {
  package let address: EndpointAddress
  package let limits: EndpointLimits
  let key: EndpointKey?
  let exchange: Exchange
  private let state: Mutex<State>

  struct State: Sendable {
    var capabilities: EndpointCapabilities?
    var counts = RequestCounts()
  }

  /// - Parameters:
  ///   - capabilities: of an earlier `probe`.
  ///   - environment: where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are looked for, and for https
  ///     the files of trusted authorities.
  /// - Throws: `InputError` for limits, a proxy or authorities that cannot be.
  package init(
    _ address: EndpointAddress, key: EndpointKey?, limits: EndpointLimits = EndpointLimits(),
    capabilities: EndpointCapabilities? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(InputError) {
    try limits.check()
    let proxy = try EndpointProxy.find(environment: environment, for: address)
    let authorities =
      address.isEncrypted
      ? try CertificateAuthorities(
        environment: environment, named: limits.authorityFile) : CertificateAuthorities()
    self.address = address
    self.limits = limits
    self.key = key
    exchange = Exchange(proxy: proxy, authorities: authorities, limits: limits)
    state = Mutex(State(capabilities: capabilities))
  }

  deinit { exchange.abandon() }

  /// Closes all connections; nothing can be asked afterwards.
  package func shutdown() async { await exchange.shutdown() }

  /// What the last `probe` found, or was given at the start.
  package var capabilities: EndpointCapabilities? { state.withLock { $0.capabilities } }

  /// Of all runs so far, those that were interrupted among them.
  package var counts: RequestCounts { state.withLock { $0.counts } }

  func update(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

  /// Sends a request once and reads what comes back.
  func attempt<Request: ServerRequest>(
    _ request: Request, as shape: RequestShape
  ) async -> Attempt<Request.Reply> {
    let answer: HTTPAnswer
    do {
      answer = try await exchange.send(
        .post, address.baseURL + Request.path, headers: headers,
        body: .json(request.body(as: shape, model: address.model)))
    } catch {
      return Self.after(error)
    }
    guard answer.status == 200 else {
      return RetryRule.judge(answer, model: address.model, hiding: key?.secret)
    }
    return request.read(answer, hiding: key?.secret)
  }

  static func after<Value>(_ trouble: ExchangeTrouble) -> Attempt<Value> {
    switch trouble {
    case .connection(let detail): .again(.connection, wait: nil, detail: "connection: \(detail)")
    case .refused(let said): .failed(.noConnection(said))
    case .timeout: .again(.timeout, wait: nil, detail: "no whole reply in time")
    case .tooLong: .again(.tooLong, wait: nil, detail: "a reply above the byte limit")
    case .cancelled: .cancelled
    }
  }

  var headers: HTTPHeaders {
    var headers: HTTPHeaders = ["accept": "application/json", "user-agent": "askew"]
    if let key { headers.add(name: "authorization", value: "Bearer \(key.secret)") }
    return headers
  }
}

/// Neither printed nor dumped does a client show its key.
extension EndpointClient: CustomStringConvertible, CustomReflectable {
  package var description: String { "a client of \(address)" }
  package var customMirror: Mirror { Mirror(self, children: ["address": address]) }
}
