import Crypto
import Foundation

/// SHA-256 of bytes that come in pieces.
public struct SHA256Hasher {
  private var hash = SHA256()

  public init() {}

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hash.update(bufferPointer: bytes)
  }

  /// The hash of all pieces.
  public consuming func finish() -> Fingerprint {
    Fingerprint(hex: hash.finalize().map { String(format: "%02x", $0) }.joined())
  }
}
