import CKernels

/// Keys and values of one sequence's positions, all blocks, in the precision of the products.
///
/// Per block of the model: keys in blocks of sixteen positions `[KV, capacity / 16, D, 16]`, so that a
/// query meets sixteen of them at a time; values `[KV, capacity, D]`. `@unchecked Sendable`: a
/// prompt's cache is written by one worker before the others read it, a tail belongs to one worker.
final class KeyValueCache: @unchecked Sendable {
  let capacity: Int
  private let bytes: UnsafeMutableRawPointer
  let byteCount: Int
  private let bytesPerBlock: Int
  private let precision: Precision
  private let layers: Int
  private let keyValueHeads: Int
  private let headSize: Int

  init(
    positions: Int, layers: Int, keyValueHeads: Int, headSize: Int, precision: Precision
  ) {
    capacity = (max(1, positions) + 15) / 16 * 16
    bytesPerBlock = keyValueHeads * headSize * capacity * precision.bytes
    self.precision = precision
    self.layers = layers
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
    byteCount = 2 * layers * bytesPerBlock
    bytes = UnsafeMutableRawPointer(ParameterBlock.allocate(byteCount, of: UInt8.self))
  }

  deinit { bytes.deallocate() }

  /// Takes over everything that a cache of the same shape and capacity holds.
  func copy(_ other: KeyValueCache) {
    precondition(byteCount == other.byteCount, "caches of one shape")
    bytes.copyMemory(from: other.bytes, byteCount: byteCount)
  }

  /// Takes over the first positions of a cache of the same model.
  ///
  /// - Precondition: both caches have room for so many.
  func copy(_ other: KeyValueCache, positions: Int) {
    precondition(positions <= min(capacity, other.capacity), "caches with room for \(positions)")
    let position = headSize * precision.bytes
    let keyBytes = (positions + 15) / 16 * 16 * position
    for layer in 0..<layers {
      for head in 0..<keyValueHeads {
        let (to, from) = (head * capacity * position, head * other.capacity * position)
        (keys(layer) + to).copyMemory(from: other.keys(layer) + from, byteCount: keyBytes)
        (values(layer) + to).copyMemory(
          from: other.values(layer) + from, byteCount: positions * position)
      }
    }
  }

  func keys(_ layer: Int) -> UnsafeMutableRawPointer { bytes + 2 * layer * bytesPerBlock }
  func values(_ layer: Int) -> UnsafeMutableRawPointer { bytes + (2 * layer + 1) * bytesPerBlock }

  /// Stores one position's keys and values, `[KV · D]` each.
  func store(
    _ position: Int, layer: Int, keys: UnsafePointer<Float>, values: UnsafePointer<Float>
  ) {
    let (toKeys, toValues) = (self.keys(layer), self.values(layer))
    switch precision {
    case .f32:
      askew_cache_store_f32(
        keys, values, toKeys.floats, toValues.floats, position, capacity, keyValueHeads, headSize)
    case .bf16:
      askew_cache_store_bf16(
        keys, values, toKeys.halves, toValues.halves, position, capacity, keyValueHeads, headSize)
    }
  }
}
