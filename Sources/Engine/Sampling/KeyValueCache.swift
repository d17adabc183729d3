/// Keys and values of one sequence's positions, all blocks.
///
/// Per block: keys transposed `[KV, D, capacity]`, so that a query meets sixteen of them at a time;
/// values `[KV, capacity, D]`. `@unchecked Sendable`: a prompt's cache is written by one worker
/// before the others read it, a tail belongs to one worker.
final class KeyValueCache: @unchecked Sendable {
  let capacity: Int
  private let floats: UnsafeMutablePointer<Float>
  private let perBlock: Int
  private let keyValueHeads: Int
  private let headSize: Int

  init(positions: Int, layers: Int, keyValueHeads: Int, headSize: Int) {
    capacity = (max(1, positions) + 15) / 16 * 16
    perBlock = keyValueHeads * headSize * capacity
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
    floats = ParameterBlock.allocate(2 * layers * perBlock, of: Float.self)
  }

  deinit { UnsafeMutableRawPointer(floats).deallocate() }

  func keys(_ layer: Int) -> UnsafeMutablePointer<Float> { floats + 2 * layer * perBlock }
  func values(_ layer: Int) -> UnsafeMutablePointer<Float> { floats + (2 * layer + 1) * perBlock }

  /// Stores one position's keys and values, `[KV · D]` each.
  func store(
    _ position: Int, layer: Int, keys: UnsafePointer<Float>, values: UnsafePointer<Float>
  ) {
    let (toKeys, toValues) = (self.keys(layer), self.values(layer))
    for i in 0..<(keyValueHeads * headSize) { toKeys[i * capacity + position] = keys[i] }
    for head in 0..<keyValueHeads {
      (toValues + (head * capacity + position) * headSize).update(
        from: values + head * headSize, count: headSize)
    }
  }
}
