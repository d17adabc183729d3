import Core
import Documents
import Foundation
import Synchronization

/// A line of JSON a request: what was decided, with hashes in the place of texts.
///
/// Hashes are keyed by random bytes that are drawn when the log is opened and never written: within a run equal texts are
/// seen to be equal, and nobody finds a short one by trying.
package final class ProxyLog: Sendable {
  private let file: Mutex<FileHandle>
  private let key: [UInt8]
  private let showsTexts: Bool

  /// - Parameter showsTexts: whether texts are written beside their hashes.
  /// - Throws: `InputError` where the file cannot be written.
  package init(path: String, showsTexts: Bool) throws(InputError) {
    let manager = FileManager.default
    if !manager.fileExists(atPath: path) {
      _ = manager.createFile(
        atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
    guard let handle = FileHandle(forWritingAtPath: path), (try? handle.seekToEnd()) != nil else {
      throw InputError("cannot be written", file: path)
    }
    file = Mutex(handle)
    var random = SystemRandomNumberGenerator()
    key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    self.showsTexts = showsTexts
  }

  struct Text: Sendable {
    let kind: String
    let text: String
    let decision: GuardDesk.Decision?
  }

  func note(
    _ outcome: String, status: Int, _ texts: [Text], since start: ContinuousClock.Instant
  ) {
    let milliseconds = Int((ContinuousClock.now - start) / .milliseconds(1))
    let line = JSON.object(
      JSONObject([
        .init("time", .string(Date().formatted(.iso8601))), .init("outcome", .string(outcome)),
        .init("status", .integer(status)), .init("milliseconds", .integer(milliseconds)),
        .init("texts", .array(texts.map(json))),
      ]))
    let bytes = Data((line.text(pretty: false) + "\n").utf8)
    file.withLock { try? $0.write(contentsOf: bytes) }
  }

  private func json(_ text: Text) -> JSON {
    var members: [JSONObject.Member] = [
      .init("kind", .string(text.kind)), .init("hash", .string(hash(text.text))),
      .init("bytes", .integer(text.text.utf8.count)),
    ]
    if let decision = text.decision {
      members.append(.init("stopped", .boolean(decision.isStopped)))
      members.append(.init("score", .number(decision.score)))
    }
    if showsTexts { members.append(.init("text", .string(text.text))) }
    return .object(JSONObject(members))
  }

  private func hash(_ text: String) -> String {
    Fingerprint(bytes: Data(key + Array(text.utf8) + key)).hex
  }
}
