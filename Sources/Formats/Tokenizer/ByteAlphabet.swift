/// The printable characters that stand for bytes in a byte-level vocabulary (Radford et al.,
/// *Language Models are Unsupervised Multitask Learners*, 2019): bytes that print stand for
/// themselves, the others for the characters from U+0100 on.
enum ByteAlphabet {
  /// The bytes in the order of their characters: the order of ids in a vocabulary.
  static let bytesInOrder: [UInt8] = (0...255).sorted { scalars[Int($0)] < scalars[Int($1)] }

  static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0...255).map { (byte: UInt32) in
      let prints = (0x21...0x7e).contains(byte) || (0xa1...0xac).contains(byte) || byte >= 0xae
      defer { if !prints { next += 1 } }
      // Always a scalar: below U+0144.
      return Unicode.Scalar(prints ? byte : next) ?? " "
    }
  }()

  private static let bytes: [Unicode.Scalar: UInt8] = Dictionary(
    uniqueKeysWithValues: scalars.enumerated().map { ($1, UInt8($0)) })

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    var result = String.UnicodeScalarView()
    for byte in bytes { result.append(scalars[Int(byte)]) }
    return String(result)
  }

  /// The bytes that `text` stands for; `nil` if a character of it stands for none.
  static func decode(_ text: String) -> [UInt8]? {
    var result: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = bytes[scalar] else { return nil }
      result.append(byte)
    }
    return result
  }
}
