import Core
import Foundation
import Testing

@Suite("Fingerprints")
struct FingerprintTests {
  @Test("Bytes: the examples of FIPS 180-2 and the empty message")
  func bytes() {
    #expect(
      Fingerprint(bytes: Data()).hex
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let abc = Fingerprint(bytes: Data("abc".utf8))
    #expect(abc.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(abc.short == "ba7816bf8f01")
    #expect("\(abc)" == abc.hex)
  }

  private struct Value: Encodable {
    var b = 2
    var a = "x/y"
  }

  @Test("Values: the digest of {\"a\":\"x/y\",\"b\":2}, by Python's hashlib")
  func values() throws {
    let hex = "0afaedd9232aed71cb37821b4c99c540d114f9d4c02ed1256b2c4a9a671a6b5b"
    #expect(try Fingerprint(of: Value()).hex == hex)
    #expect(try Fingerprint(of: ["b": 3]).hex != hex)
  }

  @Test("A fingerprint is a string in JSON")
  func coding() throws {
    let fingerprint = Fingerprint(hex: "0f")
    let data = try JSONEncoder().encode([fingerprint])
    #expect(String(decoding: data, as: UTF8.self) == "[\"0f\"]")
    #expect(try JSONDecoder().decode([Fingerprint].self, from: data) == [fingerprint])
  }
}
