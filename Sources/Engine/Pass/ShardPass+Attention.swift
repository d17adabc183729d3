import CKernels
import Formats

/// Attention, the one place where rows meet: those of a sequence, and what all sequences begin with.
extension ShardPass {
  /// What stands in the rows: what the sequences begin with alike, if anything, and then each of them.
  var parts: [ArraySlice<Int32>] { opening.isEmpty ? sequences : [opening] + sequences }

  /// Queries, keys and values to what the queries take from the values, `[rows, H · D]`.
  func attend(_ layer: Int, _ buffers: Activations) {
    let c = configuration
    let block = buffers.blocks[layer]
    join(block, buffers)
    var row = 0
    for (index, part) in parts.enumerated() {
      let first = index == 0 ? 0 : opening.count
      precision.attentionForward(
        joined(row, part.count, after: first, block, buffers),
        to: block.attention + row * c.attentionSize * precision.bytes,
        lse: block.lse + row * c.headCount, work: buffers.attentionWork, tokens: first + part.count,
        from: first, heads: c.headCount, keyValueHeads: c.keyValueHeadCount, headSize: c.headSize,
        window: c.slidingWindow(layer: layer))
      row += part.count
    }
    (block.attention + row * c.attentionSize * precision.bytes).initializeMemory(
      as: UInt8.self, repeating: 0, count: (rows - row) * c.attentionSize * precision.bytes)
  }

  /// From the gradient of that, in `buffers.narrow`, to the one of queries, keys and values, in
  /// `buffers.wide`.
  func attendBackward(_ layer: Int, _ buffers: Activations) {
    let c = configuration
    let block = buffers.blocks[layer]
    join(block, buffers)
    var row = 0
    for (index, part) in parts.enumerated() {
      let first = index == 0 ? 0 : opening.count
      let own = buffers.wide + row * c.qkvSize
      let gradient = first == 0 ? own : buffers.joinedGradient
      askew_attention_backward(
        joined(row, part.count, after: first, block, buffers),
        buffers.narrow + row * c.attentionSize, block.lse + row * c.headCount, gradient,
        buffers.attentionWork, first + part.count, first, c.headCount, c.keyValueHeadCount,
        c.headSize, c.slidingWindow(layer: layer) ?? Int.max)
      if first > 0 {
        own.update(from: gradient + first * c.qkvSize, count: part.count * c.qkvSize)
        // Keys and values lie behind the queries, of which the opening has its own alone.
        for place in 0..<first {
          let keys = place * c.qkvSize + c.attentionSize
          askew_add(gradient + keys, buffers.wide + keys, c.qkvSize - c.attentionSize)
        }
      }
      row += part.count
    }
    (buffers.wide + row * c.qkvSize).update(repeating: 0, count: (rows - row) * c.qkvSize)
  }

  /// Puts the opening where each sequence is to follow it.
  private func join(_ block: Activations.Block, _ buffers: Activations) {
    buffers.joined.update(from: block.qkv, count: opening.count * configuration.qkvSize)
  }

  /// Queries, keys and values of the whole sequence whose own part begins at `row`.
  private func joined(
    _ row: Int, _ count: Int, after first: Int, _ block: Activations.Block, _ buffers: Activations
  ) -> UnsafeMutablePointer<Float> {
    let width = configuration.qkvSize
    let own = block.qkv + row * width
    if first == 0 { return own }
    (buffers.joined + first * width).update(from: own, count: count * width)
    return buffers.joined
  }
}

extension ModelConfiguration {
  /// Whether rows of products cost more than shapes and copies do.
  var isWide: Bool { hiddenSize >= 512 }
}
