/// Makes the bytes of a tensor, as ggml's reference does.
enum GGUFPacking {
  /// `nil` if a number is too large for the type.
  ///
  /// - Precondition: the elements are whole blocks; the type is F32, F16, BF16 or Q8_0.
  static func bytes(
    _ elements: UnsafeBufferPointer<Float>, as type: GGUFTensorType
  ) -> [UInt8]? {
    switch type {
    case .f32: return Array(UnsafeRawBufferPointer(elements))
    case .f16, .bf16:
      if type == .f16, elements.contains(where: { $0.isFinite && !fitsHalf($0) }) { return nil }
      return [UInt8](unsafeUninitializedCapacity: 2 * elements.count) { bytes, count in
        guard let start = UnsafeMutableRawPointer(bytes.baseAddress) else { return }
        let halves = start.bindMemory(to: UInt16.self, capacity: elements.count)
        ElementConversion.halves(elements, as: type.dataType, to: halves)
        count = 2 * elements.count
      }
    case .q8: return q8(elements)
    default: preconditionFailure("\(type.name) is only read")
    }
  }

  private static func fitsHalf(_ value: Float) -> Bool { HalfFloat.bits(value) & 0x7fff < 0x7c00 }

  /// Blocks of 32: the scale is the largest magnitude over 127, and elements are rounded to nearest,
  /// halves away from zero.
  private static func q8(_ elements: UnsafeBufferPointer<Float>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(elements.count / 32 * 34)
    for start in stride(from: 0, to: elements.count, by: 32) {
      let block = elements[start..<start + 32]
      let scale = block.reduce(0) { max($0, abs($1)) } / 127
      guard scale.isFinite, fitsHalf(scale) else { return nil }
      let inverse = scale == 0 ? 0 : 1 / scale
      let half = HalfFloat.bits(scale)
      bytes.append(UInt8(truncatingIfNeeded: half))
      bytes.append(UInt8(truncatingIfNeeded: half >> 8))
      // A scale below the smallest normal number has an inverse that is none.
      guard inverse.isFinite else { return nil }
      for value in block {
        guard value.isFinite else { return nil }
        bytes.append(UInt8(bitPattern: Int8(clamping: Int((value * inverse).rounded()))))
      }
    }
    return bytes
  }
}
