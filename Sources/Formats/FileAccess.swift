import Core

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Bytes that stay where they are for as long as this object lives: a file mapped into memory,
/// or a copy of an array.
///
/// `@unchecked Sendable`: the bytes are never written after `init`.
package final class FileBytes: @unchecked Sendable {
  package let buffer: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Maps the regular file at `path`, without reading it.
  ///
  /// - Throws: `InputError` if it cannot be read or only stands for a file elsewhere.
  package init(mapping path: String) throws(InputError) {
    let descriptor = try Self.open(path)
    defer { close(descriptor) }
    let size = try Self.size(of: descriptor, path: path)
    if size == 0 {
      buffer = UnsafeRawBufferPointer(start: nil, count: 0)
      isMapped = false
      return
    }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw InputError("cannot be mapped: \(systemMessage())", file: path) }
    buffer = UnsafeRawBufferPointer(start: start, count: size)
    isMapped = true
    if buffer.starts(with: Self.largeFilePointer) {
      throw InputError(
        "is only a pointer of Git LFS; `git lfs pull` fetches the file itself", file: path)
    }
  }

  /// How Git stores a large file that was not fetched.
  private static let largeFilePointer = Array("version https://git-lfs".utf8)

  package init(copying bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    copy.copyBytes(from: bytes)
    buffer = UnsafeRawBufferPointer(copy)
    isMapped = false
  }

  /// Lets go of the memory that reading `range` took; the next reader takes it from the file again.
  ///
  /// A hint: nothing is lost without, but the whole file would count as this process's memory.
  package func releasePages(_ range: Range<Int>) {
    let page = Int(getpagesize())
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard isMapped, start < end, let base = buffer.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count)
    } else {
      buffer.deallocate()
    }
  }

  private static func open(_ path: String) throws(InputError) -> Int32 {
    let descriptor = path.withCString { systemOpen($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw InputError("cannot be read: \(systemMessage())", file: path)
    }
    return descriptor
  }

  private static func size(of descriptor: Int32, path: String) throws(InputError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw InputError("cannot be read: \(systemMessage())", file: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw InputError("is not a regular file", file: path)
    }
    return Int(status.st_size)
  }
}

/// Whether there is anything at `path`.
package func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// Writes a file so that a reader sees the old one or the new one, never a part: to a temporary
/// name in the same folder, then `fsync` and `rename`.
package enum AtomicFile {
  package struct Output: ~Copyable {
    fileprivate let descriptor: Int32
    fileprivate let path: String

    package func write(_ bytes: UnsafeRawBufferPointer) throws(InputError) {
      var rest = bytes
      while !rest.isEmpty {
        // Some systems refuse more than 2 GiB in one call.
        let count = systemWrite(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
        if count < 0 {
          if errno == EINTR { continue }
          throw InputError("cannot be written: \(systemMessage())", file: path)
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }

    package func write(_ bytes: [UInt8]) throws(InputError) {
      let result = bytes.withUnsafeBytes { buffer in
        Result { () throws(InputError) in try self.write(buffer) }
      }
      try result.get()
    }
  }

  package static func write(
    to path: String, _ body: (borrowing Output) throws(InputError) -> Void
  ) throws(InputError) {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = "\(path[..<slash]).\(path[slash...]).\(suffix).tmp"
    let descriptor = temporary.withCString {
      systemCreate($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    }
    guard descriptor >= 0 else {
      throw InputError("cannot be written: \(systemMessage())", file: path)
    }
    do throws(InputError) {
      defer { close(descriptor) }
      try body(Output(descriptor: descriptor, path: path))
      guard fsync(descriptor) == 0 else {
        throw InputError("cannot be written: \(systemMessage())", file: path)
      }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let message = systemMessage()
      unlink(temporary)
      throw InputError("cannot be written: \(message)", file: path)
    }
    synchronizeFolder(slash == path.startIndex ? "." : String(path[..<slash]))
  }

  package static func write(_ text: String, to path: String) throws(InputError) {
    try write(to: path) { (output) throws(InputError) in try output.write(Array(text.utf8)) }
  }

  /// Makes the new name durable. Some file systems cannot; the file itself is safe by then.
  private static func synchronizeFolder(_ path: String) {
    let descriptor = path.withCString { systemOpen($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}

private func systemMessage() -> String { String(cString: strerror(errno)) }

// The C functions under names that do not collide with methods above.
private func systemOpen(_ path: UnsafePointer<CChar>, _ flags: Int32) -> Int32 {
  open(path, flags)
}
private func systemCreate(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: mode_t) -> Int32 {
  open(path, flags, mode)
}
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
