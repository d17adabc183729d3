import Core
import Foundation
import Store

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reads files from their first byte to the last. Not mapped: a file that is cut off meanwhile would end
/// the process.
struct FileHasher {
  let stop: StopRequest
  /// Called with the bytes of each piece that is done.
  let onBytes: (Int) -> Void

  /// Small enough to stay in the processor's cache between reading and hashing.
  private static let pieceBytes = 1 << 20

  /// - Throws: `InputError` for a file that cannot be read or is not what its stamp says, before as after
  ///   it is read; `Interrupted`.
  func hash(_ file: FileStamp) throws -> Fingerprint {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(file) }
    defer { close(descriptor) }
    guard try FileStamp(descriptor: descriptor, path: file.path) == file else {
      throw InputError.changed(file.path)
    }
    #if !canImport(Darwin)
      posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    #endif
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 64)
    defer { piece.deallocate() }
    var hasher = SHA256Hasher()
    var left = file.size
    while left > 0 {
      try stop.check()
      let count = read(descriptor, piece.baseAddress, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(file) }
      guard count > 0, Int64(count) <= left else { throw InputError.changed(file.path) }
      hasher.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(piece)[..<count]))
      left -= Int64(count)
      onBytes(count)
    }
    guard try FileStamp(of: file.path) == file else { throw InputError.changed(file.path) }
    return hasher.finish()
  }

  private static func failure(_ file: FileStamp) -> InputError {
    InputError("cannot be read: \(String(cString: strerror(errno)))", file: file.path)
  }
}

extension InputError {
  /// A file that somebody wrote into while it was in use.
  static func changed(_ path: String) -> InputError {
    InputError(
      "was changed while it was read; run again when nothing writes to the folder", file: path)
  }
}
