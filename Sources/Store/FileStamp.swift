import Core
import Foundation

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What tells that a file is still the one that was read: where it is, how long, when it was changed and
/// which file it is. Whoever writes into a file moves its `changed`, which no program can set back.
package struct FileStamp: Sendable, Hashable {
  /// Of the file itself, links followed.
  package let path: String
  package let size: Int64
  /// Nanoseconds since 1970 at which the content was written, as programs may set it.
  package let modified: Int64
  /// Nanoseconds since 1970 at which content or attributes were last changed.
  package let changed: Int64
  package let inode: Int64

  init(path: String, size: Int64, modified: Int64, changed: Int64, inode: Int64) {
    (self.path, self.size, self.inode) = (path, size, inode)
    (self.modified, self.changed) = (modified, changed)
  }

  /// The stamp of a regular file, or of what a link leads to.
  ///
  /// - Throws: `InputError` naming the file.
  package init(of path: String) throws(InputError) {
    var status = stat()
    guard let resolved = realpath(path, nil) else {
      throw InputError("cannot be read: \(String(cString: strerror(errno)))", file: path)
    }
    defer { free(resolved) }
    guard stat(resolved, &status) == 0 else {
      throw InputError("cannot be read: \(String(cString: strerror(errno)))", file: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw InputError("is not a regular file", file: path)
    }
    self.init(status, path: String(cString: resolved))
  }

  /// The stamp of a file that is open.
  ///
  /// - Parameters:
  ///   - descriptor: of the open file.
  ///   - path: its place, links followed.
  package init(descriptor: Int32, path: String) throws(InputError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw InputError("cannot be read: \(String(cString: strerror(errno)))", file: path)
    }
    self.init(status, path: path)
  }

  private init(_ status: stat, path: String) {
    #if canImport(Darwin)
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #else
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #endif
    self.init(
      path: path, size: Int64(status.st_size), modified: modified.nanoseconds,
      changed: changed.nanoseconds, inode: Int64(bitPattern: UInt64(status.st_ino)))
  }

  /// Whether a later change might not show: clocks of file systems tick as rarely as every two seconds,
  /// and what is written twice between two ticks has one stamp. (Git calls such files racily clean.)
  ///
  /// - Parameter now: when the file began to be read, in nanoseconds since 1970.
  package func isFresh(at now: Int64) -> Bool { max(modified, changed) > now - 2_000_000_000 }

  /// Nanoseconds since 1970.
  package static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.nanoseconds
  }
}

extension timespec {
  fileprivate var nanoseconds: Int64 { Int64(tv_sec) * 1_000_000_000 + Int64(tv_nsec) }
}
