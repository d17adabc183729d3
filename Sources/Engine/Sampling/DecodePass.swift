import CKernels
import Formats
import Foundation

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
  /// What edits may tell apart.
  var part = Part.prompt

  enum Part { case prompt, lastPrompt, answer }
}

/// The forward pass of the sampler. A row's result does not depend on its neighbours, nor on how many
/// they are: an answer is the same bytes alone or among others, on any number of threads.
///
/// It is so by construction. In f32 each element of a product is one chain of multiply-adds
/// (`PanelWeights`). In bfloat16 oneDNN multiplies blocks of as many rows whatever the number, so that
/// a row always goes through the same kernel.
///
/// One worker's; or, for a model whose weights no cache holds, everybody's: each product is then cut
/// into columns, so that its weights are read once a step and not once a worker. The cuts follow from
/// the model alone.
final class DecodePass: @unchecked Sendable {
  static let rows = 64

  let model: Model
  let operands: ModelOperands
  let adapter: OperandAdapter?
  let panels: DecodePanels?
  /// Rows of oneDNN's products, whatever the number of the pass's rows: few where the cuts' weights lie
  /// packed; all where each product would have to pack them anew.
  let blockRows: Int
  /// Shares the work of each step; `nil`: one worker does it all.
  let pool: WorkerPool?
  private let rotary: RotaryTable
  let precision: Precision
  /// Made to the residual stream; the model's own, unless somebody sets others.
  var edits: SiteEdits
  private let residual: UnsafeMutablePointer<Float>
  private let norm: UnsafeMutableRawPointer
  private let rstd: UnsafeMutablePointer<Float>
  private let qkv: UnsafeMutablePointer<Float>
  private let headSaved: UnsafeMutablePointer<Float>
  private let attention: UnsafeMutableRawPointer
  private let gateUp: UnsafeMutableRawPointer
  private let act: UnsafeMutableRawPointer
  let low: UnsafeMutablePointer<Float>
  let lowOperand: UnsafeMutableRawPointer
  private let scores: [UnsafeMutablePointer<Float>]
  /// A cut's product, `[rows, cut]`, of each worker.
  let cutResults: [UnsafeMutableRawPointer]
  /// `[rows, V]` after `run`.
  let logits: UnsafeMutablePointer<Float>
  private let memory: [UnsafeMutableRawPointer]
  /// Rows of the products of the pass that runs.
  private(set) var count = DecodePass.rows

  /// - Parameter panels: shared by all passes of a sampler; `nil` for operands in bfloat16.
  init(
    model: Model, operands: ModelOperands, adapter: OperandAdapter?, panels: DecodePanels?,
    rotary: RotaryTable, positions: Int, pool: WorkerPool?
  ) {
    precondition((panels == nil) == (operands.precision == .bf16), "panels hold 32 bits")
    self.model = model
    self.adapter = adapter
    self.pool = pool
    self.operands = operands
    self.rotary = rotary
    self.panels = panels
    blockRows = pool == nil ? Self.rows : 16
    precision = operands.precision
    edits = SiteEdits(model.edits)
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
    let widest = widths.flatMap { ColumnCuts.of($0) }.map(\.count).max() ?? 0
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
    count = rows.count
    for (i, row) in rows.enumerated() {
      operands.embed(
        row.token, table: model.offsets.embedding, width: c.hiddenSize,
        to: residual + i * c.hiddenSize)
    }
    let positions = rows.map { Int32($0.position) }
    edit(.embedded, rows)
    for layer in 0..<c.layerCount {
      attend(rows, positions, layer)
      edit(.middle(layer), rows)
      feedForward(layer)
      edit(.behind(layer), rows)
    }
    guard withLogits else { return }
    normalise(model.offsets.finalNorm)
    multiply(
      norm, c.hiddenSize, weight: model.offsets.head, c.vocabularySize,
      to: UnsafeMutableRawPointer(logits), .f32, add: false)
  }

  private func edit(_ point: SiteEdits.Point, _ rows: [DecodeRow]) {
    for (_, edit) in edits[point] {
      edit.apply(
        to: residual, rows: rows.indices.lazy.filter { edit.tokens.include(rows[$0].part) })
    }
  }

  /// `body(worker, index)` for every index below `count`.
  func share(_ count: Int, _ body: @escaping @Sendable (Int, Int) -> Void) {
    if let pool { return pool.run(count, body) }
    for index in 0..<count { body(0, index) }
  }

  /// log Σ exp of a row of logits.
  func normaliser(_ row: Int) -> Double {
    normaliser(of: logits + row * model.configuration.vocabularySize)
  }

  func normaliser(of logits: UnsafePointer<Float>) -> Double {
    let vocabulary = model.configuration.vocabularySize
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: vocabulary) { weights in
      var (top, sum): (Float, Float) = (0, 0)
      askew_largest(logits, vocabulary, &top)
      askew_exponentials(logits, weights.baseAddress!, vocabulary, 1, &sum)
      return Double(top) + log(Double(sum))
    }
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
}

extension ResidualEdit.Tokens {
  fileprivate func include(_ part: DecodeRow.Part) -> Bool {
    switch self {
    case .all: true
    case .lastPrompt: part == .lastPrompt
    case .answer: part == .answer
    }
  }
}
