import CKernels
import Formats

/// One row of a decoding step: a token, its position, and what it attends to.
struct DecodeRow {
  var token: Int32
  var position: Int
  /// The prompt's positions before this one; while the prompt itself is read, its own too.
  var prefix: KeyValueCache
  var prefixCount: Int
  /// The answer's own positions; `nil` while the prompt is read.
  var tail: KeyValueCache?
  var tailCount: Int
}

/// The forward pass of the sampler. A row's result does not depend on its neighbours, nor on how many
/// they are: an answer is the same bytes alone or among others, on any number of threads.
///
/// Products are those of as many rows as there are, rounded up to `rowStep`, once `RowIndependence` has
/// seen that they give the same bytes as those of `rows` rows; else of `rows` rows. One worker's.
final class DecodePass: @unchecked Sendable {
  static let rows = 64
  static let rowStep = 4

  private let model: Model
  private let operands: OperandBlock
  private let rotary: RotaryTable
  let precision: Precision
  private let residual: UnsafeMutablePointer<Float>
  private let norm: UnsafeMutableRawPointer
  private let rstd: UnsafeMutablePointer<Float>
  private let qkv: UnsafeMutablePointer<Float>
  private let headSaved: UnsafeMutablePointer<Float>
  private let attention: UnsafeMutableRawPointer
  private let gateUp: UnsafeMutableRawPointer
  private let act: UnsafeMutableRawPointer
  private let scores: UnsafeMutablePointer<Float>
  /// `[rows, V]` after `run`.
  let logits: UnsafeMutablePointer<Float>
  private let memory: [UnsafeMutableRawPointer]
  /// Rows of the products of the pass that runs.
  private var count = DecodePass.rows
  /// While it is not known whether fewer rows give the same bytes.
  private var comparison: RowComparison?

  init(model: Model, operands: OperandBlock, rotary: RotaryTable, positions: Int) {
    self.model = model
    self.operands = operands
    self.rotary = rotary
    precision = operands.precision
    let c = model.configuration
    var memory: [UnsafeMutableRawPointer] = []
    func raw(_ columns: Int, bytes: Int) -> UnsafeMutableRawPointer {
      let pointer = UnsafeMutableRawPointer(
        ParameterBlock.allocate(Self.rows * columns * bytes, of: UInt8.self))
      memory.append(pointer)
      return pointer
    }
    residual = raw(c.hiddenSize, bytes: 4).floats
    norm = raw(c.hiddenSize, bytes: precision.bytes)
    rstd = raw(c.headCount + c.keyValueHeadCount, bytes: 4).floats
    qkv = raw(c.qkvSize, bytes: 4).floats
    headSaved = raw(c.qkvSize, bytes: 4).floats
    attention = raw(c.attentionSize, bytes: precision.bytes)
    gateUp = raw(2 * c.intermediateSize, bytes: precision.bytes)
    act = raw(c.intermediateSize, bytes: precision.bytes)
    logits = raw(c.vocabularySize, bytes: 4).floats
    scores = ParameterBlock.allocate(
      c.headCount * 2 * (positions + 32) + c.headSize, of: Float.self)
    memory.append(UnsafeMutableRawPointer(scores))
    self.memory = memory
  }

  deinit { for pointer in memory { pointer.deallocate() } }

  /// Runs the rows through all blocks, storing their keys and values; logits too, when wanted.
  ///
  /// - Precondition: at most `Self.rows` rows, one sequence's in the order of their positions.
  func run(_ rows: [DecodeRow], withLogits: Bool) {
    precondition(rows.count <= Self.rows, "\(rows.count) rows, at most \(Self.rows)")
    let c = model.configuration
    begin(rows.count, withLogits)
    defer { end() }
    let table = model.weights.floats + model.offsets.embedding
    for (i, row) in rows.enumerated() {
      (residual + i * c.hiddenSize).update(
        from: table + Int(row.token) * c.hiddenSize, count: c.hiddenSize)
    }
    let positions = rows.map { Int32($0.position) }
    for layer in 0..<c.layerCount {
      attend(rows, positions, layer)
      feedForward(layer)
    }
    guard withLogits else { return }
    normalise(model.offsets.finalNorm)
    multiply(
      norm, c.hiddenSize, weight: model.offsets.head, c.vocabularySize,
      to: UnsafeMutableRawPointer(logits), .f32, add: false)
  }

  private func begin(_ used: Int, _ withLogits: Bool) {
    let step = Self.rowStep
    count = (used + step - 1) / step * step
    let key = RowIndependence.Key(model.configuration, precision, rows: count)
    switch RowIndependence.shared[key] {
    case true?: break
    case nil where withLogits: comparison = RowComparison(key: key)
    default: count = Self.rows
    }
  }

  private func end() {
    if let comparison { RowIndependence.shared[comparison.key] = comparison.isEqual }
    comparison = nil
  }

  private func attend(_ rows: [DecodeRow], _ positions: [Int32], _ layer: Int) {
    let c = model.configuration
    let offsets = model.offsets.layers[layer]
    let weights = model.weights.floats
    normalise(offsets.inputNorm)
    multiply(
      norm, c.hiddenSize, weight: offsets.qkv, c.qkvSize, to: UnsafeMutableRawPointer(qkv), .f32,
      add: false)
    if let bias = offsets.qkvBias { askew_add_bias(qkv, weights + bias, rows.count, c.qkvSize) }
    if let query = offsets.queryNorm, let key = offsets.keyNorm {
      askew_head_norm_forward(
        qkv, weights + query, headSaved, rstd, rows.count, c.qkvSize, c.headCount, c.headSize,
        Float(c.normEpsilon))
      askew_head_norm_forward(
        qkv + c.attentionSize, weights + key, headSaved, rstd, rows.count, c.qkvSize,
        c.keyValueHeadCount, c.headSize, Float(c.normEpsilon))
    }
    askew_rope(
      qkv, positions, rotary.cosine, rotary.sine, rows.count, c.qkvSize,
      c.headCount + c.keyValueHeadCount, c.headSize, 1)
    for (i, row) in rows.enumerated() {
      let keys = qkv + i * c.qkvSize + c.attentionSize
      let values = keys + c.keyValueHeadCount * c.headSize
      if let tail = row.tail {
        tail.store(row.tailCount, layer: layer, keys: keys, values: values)
      } else {
        row.prefix.store(row.position, layer: layer, keys: keys, values: values)
      }
    }
    for (i, row) in rows.enumerated() { attend(row, at: i, layer) }
    multiply(
      attention, c.attentionSize, weight: offsets.output, c.hiddenSize,
      to: UnsafeMutableRawPointer(residual), .f32, add: true)
  }

  private func attend(_ row: DecodeRow, at index: Int, _ layer: Int) {
    let c = model.configuration
    let query = qkv + index * c.qkvSize
    let out = attention + index * c.attentionSize * precision.bytes
    let tail = row.tail ?? row.prefix
    let tailCount = row.tail == nil ? 0 : row.tailCount + 1
    switch precision {
    case .f32:
      askew_attention_decode_f32(
        query, row.prefix.keys(layer).floats, row.prefix.values(layer).floats, row.prefixCount,
        row.prefix.capacity, tail.keys(layer).floats, tail.values(layer).floats, tailCount,
        tail.capacity,
        out.floats, scores, c.headCount, c.keyValueHeadCount, c.headSize)
    case .bf16:
      askew_attention_decode_bf16(
        query, row.prefix.keys(layer).halves, row.prefix.values(layer).halves, row.prefixCount,
        row.prefix.capacity, tail.keys(layer).halves, tail.values(layer).halves, tailCount,
        tail.capacity,
        out.halves, scores, c.headCount, c.keyValueHeadCount, c.headSize)
    }
  }

  private func feedForward(_ layer: Int) {
    let c = model.configuration
    let offsets = model.offsets.layers[layer]
    normalise(offsets.postNorm)
    multiply(
      norm, c.hiddenSize, weight: offsets.gateUp, 2 * c.intermediateSize, to: gateUp, precision,
      add: false)
    precision.swigluForward(gateUp, to: act, rows: count, width: c.intermediateSize)
    multiply(
      act, c.intermediateSize, weight: offsets.down, c.hiddenSize,
      to: UnsafeMutableRawPointer(residual), .f32, add: true)
  }

  private func normalise(_ weight: Int) {
    precision.normForward(
      residual, weight: model.weights.floats + weight, to: norm, rstd: rstd, rows: count,
      width: model.configuration.hiddenSize, epsilon: model.configuration.normEpsilon)
  }

  private func multiply(
    _ input: UnsafeMutableRawPointer, _ inSize: Int, weight: Int, _ outSize: Int,
    to output: UnsafeMutableRawPointer, _ result: Precision, add: Bool
  ) {
    let product = Product(
      rows: count, columns: outSize, inner: inSize, a: .rows(input, stride: inSize),
      b: .transposed(operands.at(weight), stride: inSize), precision: precision)
    if let comparison {
      return comparison.run(product, on: output, result: result, add: add)
    }
    if add {
      product.add(to: output, stride: outSize, result: result)
    } else {
      product.assign(to: output, stride: outSize, result: result)
    }
  }
}
