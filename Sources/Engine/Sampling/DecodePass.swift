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
/// seen that they give the same bytes as those of `rows` rows; else of `rows` rows.
///
/// One worker's; or, for a model whose weights no cache holds, everybody's: each product is then cut
/// into columns, so that its weights are read once a step and not once a worker. The cuts follow from
/// the model alone.
final class DecodePass: @unchecked Sendable {
  static let rows = 64
  static let rowStep = 4

  private let model: Model
  private let operands: ModelOperands
  private let adapter: OperandAdapter?
  /// Shares the work of each step; `nil`: one worker does it all.
  private let pool: WorkerPool?
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
  private let low: UnsafeMutablePointer<Float>
  private let lowOperand: UnsafeMutableRawPointer
  private let scores: [UnsafeMutablePointer<Float>]
  /// A cut's product, `[rows, cut]`, of each worker.
  private let cutResults: [UnsafeMutableRawPointer]
  /// `[rows, V]` after `run`.
  let logits: UnsafeMutablePointer<Float>
  private let memory: [UnsafeMutableRawPointer]
  /// Rows of the products of the pass that runs.
  private var count = DecodePass.rows
  /// While it is not known whether fewer rows give the same bytes.
  private var comparison: RowComparison?

  init(
    model: Model, operands: ModelOperands, adapter: OperandAdapter?, rotary: RotaryTable,
    positions: Int, pool: WorkerPool?
  ) {
    self.model = model
    self.adapter = adapter
    self.pool = pool
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
    low = raw(adapter?.rank ?? 0, bytes: 4).floats
    lowOperand = raw(adapter?.rank ?? 0, bytes: precision.bytes)
    scores = (0..<(pool?.threadCount ?? 1)).map { _ in
      ParameterBlock.allocate(c.headCount * 2 * (positions + 32) + c.headSize, of: Float.self)
    }
    memory += scores.map { UnsafeMutableRawPointer($0) }
    let widths = [c.qkvSize, c.hiddenSize, 2 * c.intermediateSize, c.vocabularySize]
    let widest = widths.flatMap(ColumnCuts.of).map(\.count).max() ?? 0
    cutResults = (0..<(pool?.threadCount ?? 0)).map { _ in raw(widest, bytes: 4) }
    self.memory = memory
  }

  deinit { for pointer in memory { pointer.deallocate() } }

  /// Workers that `share` calls, at most.
  var workerCount: Int { pool?.threadCount ?? 1 }

  /// Runs the rows through all blocks, storing their keys and values; logits too, when wanted.
  ///
  /// - Precondition: at most `Self.rows` rows, one sequence's in the order of their positions.
  func run(_ rows: [DecodeRow], withLogits: Bool) {
    precondition(rows.count <= Self.rows, "\(rows.count) rows, at most \(Self.rows)")
    let c = model.configuration
    begin(rows.count, withLogits)
    defer { end() }
    for (i, row) in rows.enumerated() {
      operands.embed(
        row.token, table: model.offsets.embedding, width: c.hiddenSize,
        to: residual + i * c.hiddenSize)
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

  /// `body(worker, index)` for every index below `count`.
  func share(_ count: Int, _ body: @escaping @Sendable (Int, Int) -> Void) {
    if let pool { return pool.run(count, body) }
    for index in 0..<count { body(0, index) }
  }

  private func begin(_ used: Int, _ withLogits: Bool) {
    let step = Self.rowStep
    count = (used + step - 1) / step * step
    let key = RowIndependence.Key(
      model.configuration, precision, rows: count, rank: adapter?.rank ?? 0)
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
    normalise(offsets.inputNorm)
    multiply(.qkv, layer, norm, to: UnsafeMutableRawPointer(qkv), .f32, add: false)
    if let bias = offsets.qkvBias {
      askew_add_bias(qkv, operands.vector(bias), rows.count, c.qkvSize)
    }
    if let query = offsets.queryNorm, let key = offsets.keyNorm {
      askew_head_norm_forward(
        qkv, operands.vector(query), headSaved, rstd, rows.count, c.qkvSize, c.headCount,
        c.headSize,
        Float(c.normEpsilon))
      askew_head_norm_forward(
        qkv + c.attentionSize, operands.vector(key), headSaved, rstd, rows.count, c.qkvSize,
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
    share(rows.count) { [self] worker, i in
      attend(rows[i], at: i, layer, scores: scores[worker])
    }
    multiply(
      .output, layer, attention, to: UnsafeMutableRawPointer(residual), .f32, add: true)
  }

  private func attend(
    _ row: DecodeRow, at index: Int, _ layer: Int, scores: UnsafeMutablePointer<Float>
  ) {
    let c = model.configuration
    let first = c.slidingWindow(layer: layer).map { max(0, row.position + 1 - $0) } ?? 0
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
        out.floats, scores, c.headCount, c.keyValueHeadCount, c.headSize, first)
    case .bf16:
      askew_attention_decode_bf16(
        query, row.prefix.keys(layer).halves, row.prefix.values(layer).halves, row.prefixCount,
        row.prefix.capacity, tail.keys(layer).halves, tail.values(layer).halves, tailCount,
        tail.capacity,
        out.halves, scores, c.headCount, c.keyValueHeadCount, c.headSize, first)
    }
  }

  private func feedForward(_ layer: Int) {
    let c = model.configuration
    let offsets = model.offsets.layers[layer]
    normalise(offsets.postNorm)
    multiply(.gateUp, layer, norm, to: gateUp, precision, add: false)
    let width = c.intermediateSize
    let rows = 16
    share((count + rows - 1) / rows) { [self] _, part in
      let first = part * rows
      precision.swigluForward(
        gateUp + first * 2 * width * precision.bytes, to: act + first * width * precision.bytes,
        rows: min(rows, count - first), width: width)
    }
    multiply(.down, layer, act, to: UnsafeMutableRawPointer(residual), .f32, add: true)
  }

  private func normalise(_ weight: Int) {
    precision.normForward(
      residual, weight: operands.vector(weight), to: norm, rstd: rstd, rows: count,
      width: model.configuration.hiddenSize, epsilon: model.configuration.normEpsilon)
  }

  /// A block's linear layers, each with its adapter.
  private func multiply(
    _ group: LinearGroup, _ layer: Int, _ input: UnsafeMutableRawPointer,
    to output: UnsafeMutableRawPointer, _ result: Precision, add: Bool
  ) {
    let c = model.configuration
    let (inSize, outSize) = (group.inputSize(c), group.outputSize(c))
    multiply(
      input, inSize, weight: group.weight(model.offsets.layers[layer]), outSize, to: output, result,
      add: add)
    guard let adapter else { return }
    for part in adapter.adapter.parts(of: group, layer: layer, in: c) {
      checked(output, rowBytes: outSize * result.bytes) { [self] rows, target in
        Product(
          rows: rows, columns: adapter.rank, inner: inSize, a: .rows(input, stride: inSize),
          b: .transposed(adapter.operands.at(part.adapter.a), stride: inSize), precision: precision
        ).assign(to: low, stride: adapter.rank)
        precision.cast(
          low, to: lowOperand, count: rows * adapter.rank,
          scale: adapter.adapter.configuration.scale)
        Product(
          rows: rows, columns: part.adapter.rows, inner: adapter.rank,
          a: .rows(lowOperand, stride: adapter.rank),
          b: .transposed(adapter.operands.at(part.adapter.b), stride: adapter.rank),
          precision: precision
        ).add(to: target + part.firstColumn * result.bytes, stride: outSize, result: result)
      }
    }
  }

  private func multiply(
    _ input: UnsafeMutableRawPointer, _ inSize: Int, weight: Int, _ outSize: Int,
    to output: UnsafeMutableRawPointer, _ result: Precision, add: Bool
  ) {
    checked(output, rowBytes: outSize * result.bytes) { [self] rows, target in
      if pool != nil {
        return multiplyCuts(
          input, inSize, weight: weight, outSize, rows: rows, to: target, result, add: add)
      }
      let product = Product(
        rows: rows, columns: outSize, inner: inSize, a: .rows(input, stride: inSize),
        b: .transposed(operands.matrix(weight), stride: inSize), precision: precision)
      if add {
        product.add(to: target, stride: outSize, result: result)
      } else {
        product.assign(to: target, stride: outSize, result: result)
      }
    }
  }

  /// The same with the columns shared out. A cut's product is made apart: oneDNN multiplies packed
  /// operands only into rows without gaps.
  private func multiplyCuts(
    _ input: UnsafeMutableRawPointer, _ inSize: Int, weight: Int, _ outSize: Int, rows: Int,
    to output: UnsafeMutableRawPointer, _ result: Precision, add: Bool
  ) {
    let cuts = ColumnCuts.of(outSize)
    // Workers write disjoint columns.
    nonisolated(unsafe) let (input, output) = (input, output)
    share(cuts.count) { [self] worker, index in
      let columns = cuts[index]
      let part = cutResults[worker]
      Product(
        rows: rows, columns: columns.count, inner: inSize, a: .rows(input, stride: inSize),
        b: operands.transposed(weight, width: inSize, rows: columns, cut: index),
        precision: precision
      ).assign(to: part, stride: columns.count, result: result)
      let rowBytes = columns.count * result.bytes
      for row in 0..<rows {
        let from = part + row * rowBytes
        let to = output + (row * outSize + columns.lowerBound) * result.bytes
        if add {
          askew_add(from.floats, to.floats, columns.count)
        } else {
          to.copyMemory(from: from, byteCount: rowBytes)
        }
      }
    }
  }

  /// Runs `body` on as many rows as the pass has, or, while it is not known whether fewer rows give
  /// the same bytes, on these and on all.
  private func checked(
    _ output: UnsafeMutableRawPointer, rowBytes: Int,
    _ body: (_ rows: Int, _ target: UnsafeMutableRawPointer) -> Void
  ) {
    if let comparison {
      comparison.run(on: output, rowBytes: rowBytes, rows: count, body)
    } else {
      body(count, output)
    }
  }
}
