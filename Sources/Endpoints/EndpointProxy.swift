import CCurl
import Core
import Foundation

/// The proxy that the environment names, as curl and Go read it: `HTTPS_PROXY` for https, and
/// `HTTP_PROXY` for http, in either case of letters, except for the hosts in `NO_PROXY` and for this
/// machine itself. The proxy must know `CONNECT`.
struct EndpointProxy: Sendable, Hashable {
  var host: String
  var port: Int
  var user: String?
  var password: String?

  /// - Throws: `InputError` that names the variable and never repeats it: it may hold a password.
  static func find(
    environment: [String: String], for address: EndpointAddress
  ) throws(InputError) -> EndpointProxy? {
    let name = address.isEncrypted ? "HTTPS_PROXY" : "HTTP_PROXY"
    func value(_ name: String) -> String? {
      [environment[name.lowercased()], environment[name]].compactMap { $0 }.first { !$0.isEmpty }
    }
    guard let text = value(name), !address.isLoopback,
      !isExempt(address, in: value("NO_PROXY") ?? "")
    else { return nil }
    guard let url = URLComponents(string: text.contains("://") ? text : "http://" + text),
      url.scheme?.lowercased() == "http", let host = url.host, !host.isEmpty
    else {
      throw InputError("is no proxy's URL, expected one like http://proxy:3128", field: name)
    }
    return EndpointProxy(
      host: host, port: url.port ?? 80, user: url.user,
      password: url.user.map { _ in url.password ?? "" })
  }

  /// `*`, a host, or a domain with or without a dot in front; `host:port` for one port.
  static func isExempt(_ address: EndpointAddress, in list: String) -> Bool {
    let port = URLComponents(string: address.baseURL)?.port ?? (address.isEncrypted ? 443 : 80)
    return list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).contains { entry in
      var name = entry.lowercased()
      if name.hasSuffix(":\(port)") { name.removeLast("\(port)".count + 1) }
      if name.hasPrefix("*.") { name.removeFirst() }
      if name.hasPrefix(".") { name.removeFirst() }
      return name == "*" || address.host == name || address.host.hasSuffix("." + name)
    }
  }
}

extension EndpointProxy {
  /// Without the login.
  private var url: String {
    let isBare = host.contains(":") && !host.hasPrefix("[")
    return "http://\(isBare ? "[\(host)]" : host):\(port)"
  }

  /// libcurl would look at the environment itself, also for this machine and without a proxy.
  static func tell(_ proxy: EndpointProxy?, _ transfer: UnsafeMutableRawPointer) {
    curl_set_string(transfer, CURLOPT_NOPROXY, "")
    curl_set_string(transfer, CURLOPT_PROXY, proxy?.url ?? "")
    guard let proxy else { return }
    curl_set_long(transfer, CURLOPT_HTTPPROXYTUNNEL, 1)
    curl_set_long(transfer, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    guard let user = proxy.user else { return }
    curl_set_string(transfer, CURLOPT_PROXYUSERNAME, user)
    curl_set_string(transfer, CURLOPT_PROXYPASSWORD, proxy.password)
  }
}

/// Neither printed nor dumped does a proxy show its password.
extension EndpointProxy: CustomStringConvertible, CustomReflectable {
  var description: String { "a proxy at \(host):\(port)" }
  var customMirror: Mirror { Mirror(self, children: ["host": host, "port": port]) }
}
