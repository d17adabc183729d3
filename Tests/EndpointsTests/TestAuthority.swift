import Foundation
import Testing

/// An authority of one's own, made by openssl in a temporary folder, and certificates by it.
final class TestAuthority {
  struct Certificate {
    var file: String
    var key: String
  }

  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("askew-authority-\(UUID().uuidString)")

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
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.configuration.write(to: file("own.cnf"), atomically: true, encoding: .utf8)
    try Data().write(to: file("index.txt"))
    try "01\n".write(to: file("serial"), atomically: true, encoding: .utf8)
    _ = try selfSigned("authority", extensions: "authority")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var certificate: String { file("authority.pem").path }

  /// A folder of trusted certificates, each under the hash by which OpenSSL finds it.
  func trustFolder() throws -> String {
    let trusted = file("trusted")
    try FileManager.default.createDirectory(at: trusted, withIntermediateDirectories: true)
    let hash = try openssl("", "x509", "-hash", "-noout", "-in", "authority.pem")
    let name = hash.trimmingCharacters(in: .whitespacesAndNewlines) + ".0"
    try FileManager.default.copyItem(
      at: file("authority.pem"), to: trusted.appendingPathComponent(name))
    return trusted.path
  }

  func selfSigned(_ host: String, extensions: String = "server") throws -> Certificate {
    let name = extensions == "authority" ? "authority" : "self"
    try request(host, name)
    // There is no issuer whose key could be named.
    let text = Self.configuration.replacingOccurrences(
      of: "\nauthorityKeyIdentifier = keyid", with: "")
    try text.write(to: file("self.cnf"), atomically: true, encoding: .utf8)
    _ = try openssl(
      host, "x509", "-req", "-in", "\(name).csr", "-signkey", "\(name).key", "-days", "2",
      "-sha256", "-extfile", "self.cnf", "-extensions", extensions, "-out", "\(name).pem")
    return Certificate(file: file("\(name).pem").path, key: file("\(name).key").path)
  }

  /// - Parameter years: in which it is valid, from the first to the last new year's day.
  func certify(_ host: String, years: ClosedRange<Int> = 2020...2049) throws -> Certificate {
    let name = UUID().uuidString
    try request(host, name)
    _ = try openssl(
      host, "ca", "-batch", "-notext", "-config", "own.cnf", "-extensions", "server",
      "-startdate", "\(years.lowerBound)0101000000Z", "-enddate", "\(years.upperBound)0101000000Z",
      "-in", "\(name).csr", "-out", "\(name).pem")
    return Certificate(file: file("\(name).pem").path, key: file("\(name).key").path)
  }

  private func request(_ host: String, _ name: String) throws {
    _ = try openssl(
      host, "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-config", "own.cnf", "-keyout", "\(name).key", "-out", "\(name).csr")
  }

  private func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

  private func openssl(_ host: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(PythonPeer.path("openssl")))
    process.currentDirectoryURL = folder
    process.arguments = arguments
    process.environment = ["HOST": host, "PATH": "/usr/bin:/bin"]
    let output = Pipe()
    let errors = file("errors")
    try Data().write(to: errors)
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let words = try String(contentsOf: errors, encoding: .utf8)
    try #require(process.terminationStatus == 0, "openssl \(arguments): \(words)")
    return String(decoding: said, as: UTF8.self)
  }
}
