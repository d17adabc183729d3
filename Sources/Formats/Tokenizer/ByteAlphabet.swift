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

  /// The bytes by their characters' codes; -1 for a code that stands for none.
  private static let bytes: [Int16] = {
    var result = [Int16](repeating: -1, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { result[Int(scalar.value)] = Int16(byte) }
    return result
  }()

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    var result = String.UnicodeScalarView()
    for byte in bytes { result.append(scalars[Int(byte)]) }
    return String(result)
  }

  /// Appends the bytes that `text`, in UTF-8, stands for; false, with nothing appended, if a
  /// character of it stands for none.
  static func decode(_ text: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) -> Bool {
    let count = result.count
    let bytes = bytes
    var position = 0
    while position < text.count, let base = text.baseAddress {
      let (code, end) = decodeScalar(base, at: position)
      guard code < bytes.count, bytes[Int(code)] >= 0 else {
        result.removeSubrange(count...)
        return false
      }
      result.append(UInt8(truncatingIfNeeded: bytes[Int(code)]))
      position = end
    }
    return true
  }
}
