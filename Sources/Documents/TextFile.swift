import Core
import Foundation

/// The text of a file from elsewhere: UTF-8, and no more of it than its reader takes.
package struct TextFile: Sendable {
  /// Without a byte-order mark.
  package let text: String
  /// The name that errors give.
  package let file: String

  /// How long a text may be, and what it is, such as `plan`.
  package struct Limit: Sendable {
    package var bytes: Int
    package var kind: String

    package init(bytes: Int, of kind: String) {
      self.bytes = bytes
      self.kind = kind
    }

    fileprivate func check(_ count: Int, _ file: String) throws(InputError) {
      guard count <= bytes else {
        throw InputError(
          "found more than \(bytes / 1024) KiB, expected a shorter \(kind)", file: file)
      }
    }
  }

  package init(_ text: String, file: String, limit: Limit) throws(InputError) {
    try limit.check(text.utf8.count, file)
    self.text =
      text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    self.file = file
  }

  /// - Throws: `InputError` with the line of bytes that are not UTF-8.
  package init(bytes: [UInt8], file: String, limit: Limit) throws(InputError) {
    try limit.check(bytes.count, file)
    try self.init(try Self.text(of: bytes, file: file), file: file, limit: limit)
  }

  /// Reads a file, or a pipe, but no more of it than `limit`.
  package init(reading path: String, limit: Limit) throws(InputError) {
    let bytes = try Self.bytes(of: path, upTo: limit.bytes + 1)
    try self.init(bytes: bytes, file: path, limit: limit)
  }

  /// The first `limit` bytes of a file or a pipe; `-` is standard input.
  package static func bytes(of path: String, upTo limit: Int = .max) throws(InputError) -> [UInt8] {
    let opened = path == "-" ? fdopen(dup(STDIN_FILENO), "rb") : fopen(path, "rb")
    guard let stream = opened else { throw unreadable(path) }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let capacity = min(1 << 20, limit - bytes.count)
      let piece = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        count = fread(buffer.baseAddress, 1, capacity, stream)
      }
      if piece.isEmpty { break }
      bytes += piece
    }
    guard ferror(stream) == 0 else { throw unreadable(path) }
    return bytes
  }

  /// The text that `bytes` are.
  ///
  /// - Throws: `InputError` with the line of those that are not UTF-8.
  package static func text(of bytes: [UInt8], file: String) throws(InputError) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
    throw InputError("found bytes that are not UTF-8", file: file, line: line.map { $0 + 1 })
  }

  private static func unreadable(_ path: String) -> InputError {
    InputError("cannot be read: \(String(cString: strerror(errno)))", file: path)
  }
}
