import CCurl
import Core
import Foundation

/// The authorities whose certificates are trusted: the system's, or those that the environment
/// names, in the variables of OpenSSL, curl and Python's requests.
struct CertificateAuthorities: Sendable, Hashable {
  /// The variable that named the file or folder.
  private(set) var source: String?
  private(set) var file: String?
  private(set) var folder: String?

  init() {}

  /// - Throws: `InputError` for a file or folder that is named and cannot be read.
  ///
  /// - Parameter named: the file that the command names; it goes before the environment.
  init(environment: [String: String], named: String? = nil) throws(InputError) {
    let option = "--ca-file"
    var environment = environment
    if let named { environment = [option: named] }
    for name in [option, "SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"] {
      guard let path = environment[name], !path.isEmpty else { continue }
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      guard exists, FileManager.default.isReadableFile(atPath: path) else {
        throw InputError("cannot be read, expected certificates in PEM", file: path, field: name)
      }
      if isFolder.boolValue { folder = folder ?? path } else { file = file ?? path }
      source = source ?? name
    }
  }

  /// What to do where an authority is missing.
  static let advice = "name its certificate's file with --ca-file, or in SSL_CERT_FILE"

  /// Why none of the certificates could be read.
  var trouble: String {
    guard let source, let path = file ?? folder else {
      return "this machine has no authorities' certificates: install ca-certificates, "
        + "or name a file with --ca-file"
    }
    return "\(source) names no certificates in PEM: \(ServerText.shown(path))"
  }

  func tell(_ transfer: UnsafeMutableRawPointer) {
    if let file { curl_set_string(transfer, CURLOPT_CAINFO, file) }
    if let folder { curl_set_string(transfer, CURLOPT_CAPATH, folder) }
  }
}
