/// The upper half of a Float's bits: 8 bits of exponent, 7 of fraction.
///
/// Here and in `HalfFloat` every case is computed and one chosen, instead of branching: loops over
/// tensors then run in vector instructions.
package enum BFloat16 {
  @inline(__always)
  package static func float(bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  /// Rounded to nearest, ties to even; NaN stays NaN.
  @inline(__always)
  package static func bits(_ value: Float) -> UInt16 {
    let pattern = value.bitPattern
    let rounded = pattern &+ 0x7fff &+ (pattern &>> 16 & 1)
    let isNaN = pattern & 0x7fff_ffff > 0x7f80_0000
    return UInt16(truncatingIfNeeded: (isNaN ? pattern | 0x40_0000 : rounded) &>> 16)
  }
}

/// IEEE 754 binary16, converted by hand because Swift's `Float16` is missing on Intel Macs.
package enum HalfFloat {
  /// Largest finite number.
  package static let largest: Float = 65504

  /// Exact; a NaN stays one, made quiet.
  @inline(__always)
  package static func float(bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7fff)
    let sign = UInt32(bits & 0x8000) &<< 16
    // The fraction moves up 13 bits; the exponent's bias grows from 15 to 127.
    let normal = magnitude &<< 13 &+ 0x3800_0000
    let special = magnitude &<< 13 | (magnitude > 0x7c00 ? 0x7fc0_0000 : 0x7f80_0000)
    let subnormal = (Float(Int32(bitPattern: magnitude)) * 0x1p-24).bitPattern
    let pattern =
      magnitude >= 0x7c00 ? special : magnitude >= 0x400 ? normal : subnormal
    return Float(bitPattern: sign | pattern)
  }

  /// Rounded to nearest, ties to even; above the largest finite number infinity; NaN stays NaN.
  @inline(__always)
  package static func bits(_ value: Float) -> UInt16 {
    let magnitude = value.bitPattern & 0x7fff_ffff
    let sign = value.bitPattern &>> 16 & 0x8000
    let special: UInt32 = magnitude > 0x7f80_0000 ? 0x7e00 : 0x7c00
    let normal = (magnitude &- 0x3800_0000 &+ 0xfff &+ (magnitude &>> 13 & 1)) &>> 13
    // Above 1/2 the step of a Float is that of the subnormal halves: the sum rounds by itself.
    let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3f00_0000
    let pattern =
      magnitude >= 0x4780_0000 ? special : magnitude >= 0x3880_0000 ? normal : subnormal
    return UInt16(truncatingIfNeeded: sign | pattern)
  }
}
