import Formats

/// The buffers of one worker's pass over a shard, laid out once for a number of tokens.
///
/// What backward needs is kept per block, as far as `Keeping` says; the rest is scratch. Operand
/// buffers hold the number type of the matrix products, the others floats. Shapes in comments: M
/// tokens of the shard (rounded up), P rows that carry loss.
final class Activations {
  typealias Floats = UnsafeMutablePointer<Float>
  typealias Raw = UnsafeMutableRawPointer

  /// What a pass keeps of each block between forward and backward.
  enum Keeping {
    /// Everything that backward reads.
    case everything
    /// The block's input, from which backward runs the block again (Chen et al., arXiv 1604.06174).
    case inputs
    /// Nothing: the pass never goes back.
    case nothing
  }

  struct Block {
    let input: Floats  // [M, C] residual stream
    let norm: Raw  // [M, C] operand
    let rstd: Floats  // [M]
    let qkv: Floats  // [M, qkv], after RoPE
    let headSaved: Floats  // [M, (H + KV) · D] before the q/k norm
    let headRstd: Floats  // [M, H + KV]
    let lse: Floats  // [H, M]: per sequence [H, T]
    let attention: Raw  // [M, H · D] operand
    let middle: Floats  // [M, C] residual stream after attention
    let postNorm: Raw  // [M, C] operand
    let postRstd: Floats  // [M]
    let gateUp: Raw  // [M, 2F] operand
    let act: Raw  // [M, F] operand
    let low: [Raw]  // per adapted layer: scale · A·x, [M, r] operand

    /// The same buffers but for the first.
    func with(input: Floats) -> Block {
      Block(
        input: input, norm: norm, rstd: rstd, qkv: qkv, headSaved: headSaved, headRstd: headRstd,
        lse: lse, attention: attention, middle: middle, postNorm: postNorm, postRstd: postRstd,
        gateUp: gateUp, act: act, low: low)
    }
  }

  let capacity: Int
  private(set) var blocks: [Block] = []
  let residual: Floats  // [M, C]
  let gradient: Floats  // [M, C] of the residual stream
  let gradientOperand: Raw  // [M, C]
  let wide: Floats  // [M, max(qkv, C, H·D)]
  let wideOperand: Raw  // [M, max(qkv, 2F)]
  let narrow: Floats  // [M, max(C, H·D)]
  let dact: Raw  // [M, F] operand
  let lowFloats: Floats  // [M, r]
  let lowOperand: Raw  // [M, r]
  let lossInput: Floats  // [M, C]: rows that carry loss
  let lossNorm: Raw  // [M, C] operand
  let lossRstd: Floats  // [M]
  let lossGradient: Floats  // [M, C]
  let logits: Floats  // [chunk, V]
  let dlogits: Raw  // [chunk, V] operand
  let losses: Floats  // [M]
  let attentionWork: Floats
  let joined: Floats  // [longest, qkv]: what sequences begin with alike, and one of them
  let joinedGradient: Floats  // [longest, qkv]
  let projections: [Floats]  // per edit: [M] onto its direction
  private var memory = Arena()

  /// Rows of logits that exist at a time: few enough to stay in the cache or, for a vocabulary that is
  /// too large for that, within 128 MiB.
  static func logitRows(vocabulary: Int) -> Int {
    min(
      256, max(32, (128 << 20) / (4 * vocabulary) / ShardPass.rowMultiple * ShardPass.rowMultiple))
  }

  init(
    tokens capacity: Int, longest: Int, model c: ModelConfiguration, adapter: Adapter?,
    precision: Precision, keeping: Keeping, editCount: Int, sharesOpening: Bool,
    attentionWork workCount: Int
  ) {
    self.capacity = capacity
    var memory = Arena()
    func raw(_ columns: Int, bytes: Int) -> Raw { memory.allocate(capacity * columns * bytes) }
    func floats(_ columns: Int) -> Floats {
      raw(columns, bytes: 4).assumingMemoryBound(to: Float.self)
    }
    func operand(_ columns: Int) -> Raw { raw(columns, bytes: precision.bytes) }

    let rank = adapter?.configuration.rank ?? 0
    let heads = c.queryKeyNorm ? c.headCount + c.keyValueHeadCount : 0
    func block(parts: Int) -> Block {
      Block(
        input: floats(c.hiddenSize), norm: operand(c.hiddenSize), rstd: floats(1),
        qkv: floats(c.qkvSize), headSaved: floats(heads * c.headSize), headRstd: floats(heads),
        lse: floats(c.headCount), attention: operand(c.attentionSize),
        middle: floats(c.hiddenSize), postNorm: operand(c.hiddenSize), postRstd: floats(1),
        gateUp: operand(2 * c.intermediateSize), act: operand(c.intermediateSize),
        low: (0..<parts).map { _ in operand(rank) })
    }
    let parts = (0..<c.layerCount).map { adapter?.parts[$0].count ?? 0 }
    if keeping == .everything {
      blocks = parts.map(block)
    } else {
      // The next block writes over what this one leaves.
      let shared = block(parts: parts.max() ?? 0)
      blocks = parts.map { _ in
        keeping == .inputs ? shared.with(input: floats(c.hiddenSize)) : shared
      }
    }
    residual = floats(c.hiddenSize)
    gradient = floats(c.hiddenSize)
    gradientOperand = operand(c.hiddenSize)
    wide = floats(max(c.qkvSize, c.hiddenSize, c.attentionSize))
    wideOperand = operand(max(c.qkvSize, 2 * c.intermediateSize))
    narrow = floats(max(c.hiddenSize, c.attentionSize))
    dact = operand(c.intermediateSize)
    lowFloats = floats(rank)
    lowOperand = operand(rank)
    lossInput = floats(c.hiddenSize)
    lossNorm = operand(c.hiddenSize)
    lossRstd = floats(1)
    lossGradient = floats(c.hiddenSize)
    losses = floats(1)
    projections = (0..<editCount).map { _ in floats(1) }
    let rows = min(capacity, Self.logitRows(vocabulary: c.vocabularySize))
    logits = memory.allocate(rows * c.vocabularySize * 4).assumingMemoryBound(to: Float.self)
    dlogits = memory.allocate(rows * c.vocabularySize * precision.bytes)
    attentionWork = memory.allocate(workCount * 4).assumingMemoryBound(to: Float.self)
    let joinedCount = sharesOpening ? longest * c.qkvSize : 0
    joined = memory.allocate(joinedCount * 4).assumingMemoryBound(to: Float.self)
    joinedGradient = memory.allocate(joinedCount * 4).assumingMemoryBound(to: Float.self)
    self.memory = memory
    self.longest = longest
  }

  /// The longest sequence that `attentionWork` serves.
  let longest: Int

  deinit { memory.free() }
}

/// Buffers side by side in a few large blocks, which large pages can hold.
private struct Arena {
  private static let blockSize = 8 << 20
  private var blocks: [UnsafeMutableRawPointer] = []
  private var next: UnsafeMutableRawPointer?
  private var left = 0

  /// Zeros, aligned to 64 bytes.
  mutating func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    let size = (max(1, bytes) + 63) / 64 * 64
    if left < size {
      left = max(size, Self.blockSize)
      let block = UnsafeMutableRawPointer(ParameterBlock.allocate(left, of: UInt8.self))
      blocks.append(block)
      next = block
    }
    guard let start = next else { preconditionFailure("an arena without a block") }
    next = start + size
    left -= size
    return start
  }

  func free() { for block in blocks { block.deallocate() } }
}
