/// Loops between the number types of files and of memory. Sources may lie at any byte.
enum ElementConversion {
  /// `count` elements of `type`, which is F32, BF16 or F16, as Float.
  static func read(
    _ source: UnsafeRawPointer, _ type: DataType, count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    switch type {
    case .bfloat16:
      for i in 0..<count { target[i] = BFloat16.float(bits: sixteen(source, i)) }
    case .float16:
      for i in 0..<count { target[i] = HalfFloat.float(bits: sixteen(source, i)) }
    default:
      UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: 4 * count)
    }
  }

  /// The same as bits of bfloat16, rounded to nearest, ties to even.
  static func readBFloat16(
    _ source: UnsafeRawPointer, _ type: DataType, count: Int,
    to target: UnsafeMutablePointer<UInt16>
  ) {
    switch type {
    case .bfloat16:
      UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: 2 * count)
    case .float16:
      for i in 0..<count {
        target[i] = BFloat16.bits(HalfFloat.float(bits: sixteen(source, i)))
      }
    default:
      for i in 0..<count {
        target[i] = BFloat16.bits(source.loadUnaligned(fromByteOffset: 4 &* i, as: Float.self))
      }
    }
  }

  /// Elements as `type`, which is BF16 or F16.
  static func halves(
    _ source: UnsafeBufferPointer<Float>, as type: DataType, to target: UnsafeMutablePointer<UInt16>
  ) {
    if type == .bfloat16 {
      for i in source.indices { target[i] = BFloat16.bits(source[i]) }
    } else {
      for i in source.indices { target[i] = HalfFloat.bits(source[i]) }
    }
  }

  @inline(__always)
  private static func sixteen(_ source: UnsafeRawPointer, _ i: Int) -> UInt16 {
    source.loadUnaligned(fromByteOffset: 2 &* i, as: UInt16.self)
  }
}
