import Core
import Foundation
import Testing

/// The examples of FIPS 180-2, appendix B, and NIST's for the empty message.
@Suite("SHA-256")
struct SHA256HasherTests {
  private static let examples = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]
  private static let millionOfA =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

  private func update(_ hasher: inout SHA256Hasher, _ text: String) {
    Array(text.utf8).withUnsafeBytes { hasher.update($0) }
  }

  @Test("published hashes come out, of bytes at once and one by one", arguments: examples)
  func published(text: String, expected: String) {
    #expect(Fingerprint(bytes: Data(text.utf8)).hex == expected)
    var hasher = SHA256Hasher()
    for letter in text { update(&hasher, String(letter)) }
    #expect(hasher.finish().hex == expected)
  }

  @Test("pieces of any size make the same hash", arguments: [1, 63, 64, 65, 4096, 1_000_000])
  func pieces(size: Int) {
    var hasher = SHA256Hasher()
    var left = 1_000_000
    while left > 0 {
      update(&hasher, String(repeating: "a", count: min(size, left)))
      left -= size
    }
    #expect(hasher.finish().hex == Self.millionOfA)
  }

  @Test("a copy goes on from where it was taken, and leaves the first alone")
  func copies() {
    var first = SHA256Hasher()
    update(&first, "ab")
    var second = first
    update(&second, "x")
    update(&first, "c")
    #expect(first.finish().hex == Self.examples[1].1)
    #expect(second.finish() == Fingerprint(bytes: Data("abx".utf8)))
  }
}
