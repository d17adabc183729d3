import Foundation
import TestSupport
import Testing

/// An authority of one's own, made by openssl in a temporary folder, and certificates by it.
final class TestAuthority {
  struct Certificate {
    var file: String
    var key: String
  }

  private let folder: TemporaryFolder

  private static let configuration = """
    [ca]
    default_ca = own
    [own]
    database = index.txt
    new_certs_dir = .
    serial = serial
    certificate = authority.pem
    private_key = authority.key
    default_md = sha256
    policy = names
    unique_subject = no
    [names]
    commonName = supplied
    [req]
    distinguished_name = asked
    prompt = no
    [asked]
    commonName = $ENV::HOST
    [authority]
    basicConstraints = critical, CA:true
    subjectKeyIdentifier = hash
    [server]
    subjectAltName = DNS:$ENV::HOST
    authorityKeyIdentifier = keyid
    """

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.configuration, to: "own.cnf")
    try folder.write("", to: "index.txt")
    try folder.write("01\n", to: "serial")
    _ = try selfSigned("authority", extensions: "authority")
  }

  var certificate: String { folder.path("authority.pem") }

  /// A folder of trusted certificates, each under the hash by which OpenSSL finds it.
  func trustFolder() throws -> String {
    let hash = try openssl("", "x509", "-hash", "-noout", "-in", "authority.pem")
    let name = hash.trimmingCharacters(in: .whitespacesAndNewlines) + ".0"
    try folder.write(folder.text(of: "authority.pem"), to: "trusted/\(name)")
    return folder.path("trusted")
  }

  func selfSigned(_ host: String, extensions: String = "server") throws -> Certificate {
    let name = extensions == "authority" ? "authority" : "self"
    try request(host, name)
    // There is no issuer whose key could be named.
    let text = Self.configuration.replacingOccurrences(
      of: "\nauthorityKeyIdentifier = keyid", with: "")
    try folder.write(text, to: "self.cnf")
    _ = try openssl(
      host, "x509", "-req", "-in", "\(name).csr", "-signkey", "\(name).key", "-days", "2",
      "-sha256", "-extfile", "self.cnf", "-extensions", extensions, "-out", "\(name).pem")
    return certificate(name)
  }

  /// - Parameter years: in which it is valid, from the first to the last new year's day.
  func certify(_ host: String, years: ClosedRange<Int> = 2020...2049) throws -> Certificate {
    let name = UUID().uuidString
    try request(host, name)
    _ = try openssl(
      host, "ca", "-batch", "-notext", "-config", "own.cnf", "-extensions", "server",
      "-startdate", "\(years.lowerBound)0101000000Z", "-enddate", "\(years.upperBound)0101000000Z",
      "-in", "\(name).csr", "-out", "\(name).pem")
    return certificate(name)
  }

  private func request(_ host: String, _ name: String) throws {
    _ = try openssl(
      host, "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-config", "own.cnf", "-keyout", "\(name).key", "-out", "\(name).csr")
  }

  private func certificate(_ name: String) -> Certificate {
    Certificate(file: folder.path("\(name).pem"), key: folder.path("\(name).key"))
  }

  private func openssl(_ host: String, _ arguments: String...) throws -> String {
    try ChildProcess(
      #require(installedProgram("openssl")), arguments,
      environment: ["HOST": host, "PATH": "/usr/bin:/bin"], in: folder.url
    ).success().output
  }
}
