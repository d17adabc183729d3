import Core
import Foundation

/// What a server knows its customer by. It is never printed, encoded, reflected or described: it
/// leaves this value only as a request's header.
package struct EndpointKey: Sendable {
  let secret: String

  /// Where the key was found, to be told to people: `ASKEW_API_KEY` or the file's path.
  package let source: String

  /// The key for a server: of `file` (one line), else of the environment's `ASKEW_API_KEY`, else,
  /// for api.openai.com alone, of `OPENAI_API_KEY`; nil where there is none.
  ///
  /// - Throws: `InputError` when the file cannot be read, can be read by everybody, or holds no
  ///   key; when a key would travel unencrypted to another machine; and when api.openai.com, which
  ///   answers nobody without one, is to be asked without a key.
  package static func find(
    file: String?, environment: [String: String], for address: EndpointAddress
  ) throws(InputError) -> EndpointKey? {
    guard let key = try search(file: file, environment: environment, for: address) else {
      guard address.host != "api.openai.com" else {
        throw InputError("api.openai.com needs a key: set OPENAI_API_KEY or name a key file")
      }
      return nil
    }
    guard address.isEncrypted || address.isLoopback else {
      throw InputError(
        "would be sent unencrypted to \(address.host): use https, or take the key away",
        field: key.source)
    }
    return key
  }

  private static func search(
    file: String?, environment: [String: String], for address: EndpointAddress
  ) throws(InputError) -> EndpointKey? {
    if let file { return try read(file) }
    let names = ["ASKEW_API_KEY"] + (address.host == "api.openai.com" ? ["OPENAI_API_KEY"] : [])
    for name in names {
      guard let value = environment[name], !value.isEmpty else { continue }
      return try EndpointKey(value, source: name)
    }
    return nil
  }

  private static func read(_ path: String) throws(InputError) -> EndpointKey {
    let attributes: [FileAttributeKey: Any]
    let text: String
    do {
      attributes = try FileManager.default.attributesOfItem(atPath: path)
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw InputError("the key cannot be read, expected a file of one line", file: path)
    }
    let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    guard mode & 0o007 == 0 else {
      throw InputError(
        "everybody on this machine can read the key: chmod 600 the file, and change the key if "
          + "others were there", file: path)
    }
    return try EndpointKey(text, source: path)
  }

  /// - Throws: `InputError` that does not repeat `text`.
  init(_ text: String, source: String) throws(InputError) {
    let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !secret.isEmpty, secret.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw InputError("is no key, expected one line of letters, digits and marks", field: source)
    }
    self.secret = secret
    self.source = source
  }
}

extension EndpointKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "a key from \(source)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
