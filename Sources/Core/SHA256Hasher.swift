import Foundation

#if canImport(CryptoKit)
  import CryptoKit
#else
  import CDigest
#endif

/// SHA-256 of bytes that come in pieces, by the system's own library.
package struct SHA256Hasher {
  private var digest = DigestState()

  package init() {}

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    #if !canImport(CryptoKit)
      if !isKnownUniquelyReferenced(&digest) { digest = digest.copy() }
    #endif
    digest.update(bytes)
  }

  /// The hash of all pieces.
  package consuming func finish() -> Fingerprint {
    Fingerprint(hex: digest.finish().map { String(format: "%02x", $0) }.joined())
  }
}

#if canImport(CryptoKit)
  private struct DigestState {
    private var hash = SHA256()

    mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }
    func finish() -> [UInt8] { Array(hash.finalize()) }
  }
#else
  /// A state of OpenSSL's, which `SHA256Hasher` copies before it writes to one that is shared.
  private final class DigestState {
    private let context: OpaquePointer

    private init(_ context: OpaquePointer?) {
      guard let context else { preconditionFailure("no memory for a digest") }
      self.context = context
    }

    convenience init() {
      self.init(EVP_MD_CTX_new())
      Self.check(EVP_DigestInit_ex(context, EVP_sha256(), nil))
    }

    /// OpenSSL fails here only without memory, or without SHA-256.
    private static func check(_ status: Int32) {
      precondition(status == 1, "OpenSSL computes no SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    func copy() -> DigestState {
      let copy = DigestState(EVP_MD_CTX_new())
      Self.check(EVP_MD_CTX_copy_ex(copy.context, context))
      return copy
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
      Self.check(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count))
    }

    /// The state itself stays as it is, since it may be shared.
    func finish() -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { bytes, count in
        var length: UInt32 = 0
        withExtendedLifetime(copy()) { last in
          Self.check(EVP_DigestFinal_ex(last.context, bytes.baseAddress, &length))
        }
        count = Int(length)
      }
    }
  }
#endif
