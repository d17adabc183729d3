/// Makes numbers of the blocks in GGUF files, to the bit as ggml's own reference does: each product and
/// each sum rounded once, in the same order.
enum GGUFBlocks {
  /// Reads `blocks` blocks that lie one after the other, at any byte.
  static func read(
    _ source: UnsafeRawPointer, _ type: GGUFTensorType, blocks: Int,
    to target: UnsafeMutablePointer<Float>
  ) {
    switch type {
    case .f32, .f16, .bf16:
      ElementConversion.read(source, type.dataType, count: blocks, to: target)
    case .q4: each(source, type, blocks, target, q4)
    case .q4m: each(source, type, blocks, target, q4m)
    case .q5: each(source, type, blocks, target, q5)
    case .q5m: each(source, type, blocks, target, q5m)
    case .q8: each(source, type, blocks, target, q8)
    case .q2k: each(source, type, blocks, target, q2k)
    case .q3k: each(source, type, blocks, target, q3k)
    case .q4k: each(source, type, blocks, target, q4k)
    case .q5k: each(source, type, blocks, target, q5k)
    case .q6k: each(source, type, blocks, target, q6k)
    }
  }

  typealias Block = UnsafeRawPointer
  typealias Target = UnsafeMutablePointer<Float>

  @inline(__always)
  private static func each(
    _ source: UnsafeRawPointer, _ type: GGUFTensorType, _ blocks: Int, _ target: Target,
    _ body: (Block, Target) -> Void
  ) {
    let (size, count) = (type.blockByteCount, type.blockElementCount)
    for index in 0..<blocks { body(source + index * size, target + index * count) }
  }

  /// The number of 16 bits at a byte.
  @inline(__always)
  static func half(_ block: Block, at offset: Int) -> Float {
    HalfFloat.float(bits: block.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inline(__always)
  static func byte(_ block: Block, _ offset: Int) -> Int {
    Int(block.load(fromByteOffset: offset, as: UInt8.self))
  }

  @inline(__always)
  static func signed(_ block: Block, _ offset: Int) -> Int {
    Int(block.load(fromByteOffset: offset, as: Int8.self))
  }

  // Of 32 elements the first sixteen are in the lower halves of bytes, the others in the upper.

  private static func q4(_ block: Block, _ target: Target) {
    let scale = half(block, at: 0)
    for index in 0..<16 {
      let pair = byte(block, 2 + index)
      target[index] = scale * Float(pair & 15 - 8)
      target[16 + index] = scale * Float(pair >> 4 - 8)
    }
  }

  private static func q4m(_ block: Block, _ target: Target) {
    let (scale, least) = (half(block, at: 0), half(block, at: 2))
    for index in 0..<16 {
      let pair = byte(block, 4 + index)
      target[index] = scale * Float(pair & 15) + least
      target[16 + index] = scale * Float(pair >> 4) + least
    }
  }

  /// The fifth bits of all elements.
  @inline(__always)
  private static func fifths(_ block: Block, at offset: Int) -> Int {
    Int(UInt32(littleEndian: block.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  private static func q5(_ block: Block, _ target: Target) {
    let (scale, fifths) = (half(block, at: 0), fifths(block, at: 2))
    for index in 0..<16 {
      let pair = byte(block, 6 + index)
      target[index] = scale * Float((pair & 15 | (fifths >> index & 1) << 4) - 16)
      target[16 + index] = scale * Float((pair >> 4 | (fifths >> (16 + index) & 1) << 4) - 16)
    }
  }

  private static func q5m(_ block: Block, _ target: Target) {
    let (scale, least) = (half(block, at: 0), half(block, at: 2))
    let fifths = fifths(block, at: 4)
    for index in 0..<16 {
      let pair = byte(block, 8 + index)
      target[index] = scale * Float(pair & 15 | (fifths >> index & 1) << 4) + least
      target[16 + index] = scale * Float(pair >> 4 | (fifths >> (16 + index) & 1) << 4) + least
    }
  }

  private static func q8(_ block: Block, _ target: Target) {
    let scale = half(block, at: 0)
    for index in 0..<32 { target[index] = Float(signed(block, 2 + index)) * scale }
  }
}
