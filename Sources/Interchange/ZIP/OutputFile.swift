import Core
import Foundation

/// A file that appears under its name when it is complete: bytes go to a temporary name in the same
/// folder, `commit` renames. Without `commit` nothing is left.
final class OutputFile {
  let path: String
  private let temporary: String
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private(set) var count: UInt64 = 0
  private var isCommitted = false

  /// Bytes gathered before they are written.
  private static let bufferSize = 1 << 18

  init(_ path: String) throws(InputError) {
    self.path = path
    let url = URL(fileURLWithPath: path)
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    temporary =
      url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(suffix).tmp").path
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let handle = FileHandle(forUpdatingAtPath: temporary)
    else {
      let reason = String(cString: strerror(errno))
      throw InputError("cannot be written: \(reason)", file: path)
    }
    self.handle = handle
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit {
    try? handle.close()
    if !isCommitted { unlink(temporary) }
  }

  func write(_ bytes: some Collection<UInt8>) throws(InputError) {
    buffer.append(contentsOf: bytes)
    count += UInt64(bytes.count)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes all that `other` holds.
  func write(contentsOf other: OutputFile) throws(InputError) {
    try other.flush()
    try perform { try other.handle.seek(toOffset: 0) }
    while let part = try perform({ try other.handle.read(upToCount: Self.bufferSize) }),
      !part.isEmpty
    {
      try write(part)
    }
  }

  /// Gives the file its name, once its bytes are safe.
  func commit() throws(InputError) {
    try flush()
    try perform {
      try handle.synchronize()
      try handle.close()
    }
    guard rename(temporary, path) == 0 else {
      throw InputError("cannot be written: \(String(cString: strerror(errno)))", file: path)
    }
    isCommitted = true
  }

  private func flush() throws(InputError) {
    try perform { try handle.write(contentsOf: buffer) }
    buffer.removeAll(keepingCapacity: true)
  }

  @discardableResult
  private func perform<Result>(_ body: () throws -> Result) throws(InputError) -> Result {
    do {
      return try body()
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: path)
    }
  }
}
