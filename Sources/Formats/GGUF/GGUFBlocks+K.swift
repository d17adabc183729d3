/// The "K" types: blocks of 256 elements, in groups of 16 or 32 whose scales are numbers of 4, 6 or 8
/// bits times one of 16 bits.
extension GGUFBlocks {
  /// 16 bytes of scales and minima, 64 of elements in two bits, scale, minimum.
  static func q2k(_ block: Block, _ target: Target) {
    let (scale, least) = (half(block, at: 80), half(block, at: 82))
    for group in 0..<16 {
      let packed = byte(block, group)
      let (step, base) = (scale * Float(packed & 15), least * Float(packed >> 4))
      // Groups 0 and 1 have the lowest bits of bytes 0 to 31, 2 and 3 the next, up to 7; then 32 to 63.
      let (bytes, shift) = (16 + group / 8 * 32 + group % 2 * 16, group % 8 / 2 * 2)
      for index in 0..<16 {
        let value = byte(block, bytes + index) >> shift & 3
        target[16 * group + index] = step * Float(value) - base
      }
    }
  }

  /// 32 bytes of third bits, 64 of elements in two bits, 12 of scales, scale.
  static func q3k(_ block: Block, _ target: Target) {
    let scale = half(block, at: 108)
    for group in 0..<16 {
      let low = byte(block, 96 + group % 8) >> (group / 8 * 4) & 15
      let high = byte(block, 104 + group % 4) >> (group / 4 * 2) & 3
      let step = scale * Float((low | high << 4) - 32)
      let (bytes, shift) = (32 + group / 8 * 32 + group % 2 * 16, group % 8 / 2 * 2)
      for index in 0..<16 {
        // Four is taken off where the third bit is not set.
        let third = byte(block, group % 2 * 16 + index) >> (group / 2) & 1
        let value = byte(block, bytes + index) >> shift & 3 - 4 * (1 - third)
        target[16 * group + index] = step * Float(value)
      }
    }
  }

  /// Scale and minimum of one of eight groups: six bits each, in twelve bytes.
  @inline(__always)
  private static func sixBits(_ block: Block, at offset: Int, _ group: Int) -> (Int, Int) {
    if group < 4 { return (byte(block, offset + group) & 63, byte(block, offset + 4 + group) & 63) }
    let low = byte(block, offset + 4 + group)
    return (
      low & 15 | (byte(block, offset + group - 4) >> 6) << 4,
      low >> 4 | (byte(block, offset + group) >> 6) << 4
    )
  }

  /// Scale, minimum, 12 bytes of scales and minima, 128 of elements in four bits.
  static func q4k(_ block: Block, _ target: Target) {
    let (scale, least) = (half(block, at: 0), half(block, at: 2))
    for group in 0..<8 {
      let (step, base) = sixBits(block, at: 4, group)
      let (groupScale, groupLeast) = (scale * Float(step), least * Float(base))
      for index in 0..<32 {
        let value = byte(block, 16 + group / 2 * 32 + index) >> (group % 2 * 4) & 15
        target[32 * group + index] = groupScale * Float(value) - groupLeast
      }
    }
  }

  /// The same with 32 bytes of fifth bits before the elements.
  static func q5k(_ block: Block, _ target: Target) {
    let (scale, least) = (half(block, at: 0), half(block, at: 2))
    for group in 0..<8 {
      let (step, base) = sixBits(block, at: 4, group)
      let (groupScale, groupLeast) = (scale * Float(step), least * Float(base))
      for index in 0..<32 {
        let low = byte(block, 48 + group / 2 * 32 + index) >> (group % 2 * 4) & 15
        let fifth = byte(block, 16 + index) >> group & 1
        target[32 * group + index] = groupScale * Float(low | fifth << 4) - groupLeast
      }
    }
  }

  /// 128 bytes of elements in four bits, 64 of two more bits, 16 scales of eight bits, scale.
  static func q6k(_ block: Block, _ target: Target) {
    let scale = half(block, at: 208)
    for group in 0..<16 {
      let step = scale * Float(signed(block, 192 + group))
      let (part, upper) = (group / 2 % 4, group / 8)
      let low = upper * 64 + part % 2 * 32 + group % 2 * 16
      let high = 128 + upper * 32 + group % 2 * 16
      for index in 0..<16 {
        let four = byte(block, low + index) >> (part / 2 * 4) & 15
        let two = byte(block, high + index) >> (2 * part) & 3
        target[16 * group + index] = step * Float((four | two << 4) - 32)
      }
    }
  }
}
