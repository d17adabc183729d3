import CCurl
import Foundation

/// How a transfer ended without an answer, as libcurl tells it.
struct TransferEnd {
  var code: CURLcode
  /// libcurl's own words, which hold no header and no password.
  var text: String
  /// `errno` of the last connection, or 0.
  var systemError: Int32
  /// What a proxy answered to `CONNECT`, or 0.
  var proxyStatus: Int
  var host: String
  var options: TransferOptions

  var trouble: ExchangeTrouble {
    if proxyStatus >= 300 { return proxyTrouble }
    switch code {
    case CURLE_OPERATION_TIMEDOUT: return .timeout
    case CURLE_FILESIZE_EXCEEDED: return .tooLong
    case CURLE_COULDNT_CONNECT: return connectionTrouble
    case CURLE_COULDNT_RESOLVE_HOST: return .connection("the name \(shownHost) is not known")
    case CURLE_COULDNT_RESOLVE_PROXY:
      return .connection("the proxy's name \(Self.shown(options.proxy?.host ?? "")) is not known")
    case CURLE_PEER_FAILED_VERIFICATION:
      return .refused("the certificate of \(shownHost) \(certificateTrouble)")
    case CURLE_SSL_CACERT_BADFILE: return .refused(options.authorities.trouble)
    case CURLE_SSL_CONNECT_ERROR: return handshakeTrouble
    case CURLE_ABORTED_BY_CALLBACK: return .connection("closed before a reply came")
    default: return .connection(said)
    }
  }

  private var shownHost: String { Self.shown(host) }

  private var said: String {
    Self.shown(text.isEmpty ? String(cString: curl_easy_strerror(code)) : text)
  }

  private static func shown(_ text: String) -> String {
    ServerText.shown(text.trimmingCharacters(in: .whitespacesAndNewlines), limit: 120)
  }

  private var proxyTrouble: ExchangeTrouble {
    guard proxyStatus == 407 else {
      return .connection("the proxy answers \(proxyStatus) when asked for \(shownHost)")
    }
    let given = options.proxy?.user == nil ? "none are given" : "not those that are given"
    return .refused("the proxy wants a name and a password (407), \(given)")
  }

  private var connectionTrouble: ExchangeTrouble {
    guard systemError != 0 else { return .connection(said) }
    let said = String(cString: strerror(systemError))
    guard systemError == ECONNREFUSED else { return .connection(said) }
    let question = options.proxy == nil ? "does a server run at this URL?" : "does the proxy run?"
    return .connection("\(said): \(question)")
  }

  /// Libraries differ in their words and agree in the ones looked for here.
  private var certificateTrouble: String {
    let said = text.lowercased()
    func says(_ words: String...) -> Bool { words.contains { said.contains($0) } }
    if says("expired") { return "has expired" }
    if says("not yet valid") { return "is not valid yet: is this machine's clock right?" }
    if says("name match", "name matches", "does not match", "subject name") {
      return "is another host's"
    }
    if says("self-signed certificate in", "self signed certificate in", "issuer", "unknown") {
      return "is from an authority that is not trusted here: \(CertificateAuthorities.advice)"
    }
    if says("self-signed", "self signed") {
      return "is signed by itself: \(CertificateAuthorities.advice)"
    }
    return "is refused: \(self.said)"
  }

  /// A handshake that was broken off may do better next time, one that was refused will not.
  private var handshakeTrouble: ExchangeTrouble {
    let isBrokenOff = ["reset", "syscall", "eof", "timed out"].contains {
      text.lowercased().contains($0)
    }
    let question = "does the server speak https?"
    if isBrokenOff { return .connection("closed while encryption began: \(question)") }
    return .refused("no encryption with \(shownHost) (\(said)): \(question)")
  }
}
