import CKernels
import Formats

extension ShardPass {
  func forward(_ buffers: Activations) {
    embed(to: buffers.residual)
    forward(buffers, from: .embedded)
  }

  /// From a point on, of which the residual stream is there.
  func forward(_ buffers: Activations, from point: SiteEdits.Point) {
    pass(point, buffers)
    if case .middle(let layer) = point { feedForward(layer, buffers) }
    for layer in point.nextBlock..<configuration.layerCount {
      buffers.blocks[layer].input.update(
        from: buffers.residual, count: rows * configuration.hiddenSize)
      attentionForward(layer, buffers)
      pass(.middle(layer), buffers)
      feedForward(layer, buffers)
    }
  }

  /// Runs a block again from its kept input, up to what backward reads of it.
  func recompute(_ layer: Int, _ buffers: Activations) {
    buffers.residual.update(
      from: buffers.blocks[layer].input, count: rows * configuration.hiddenSize)
    attentionForward(layer, buffers)
    pass(.middle(layer), buffers)
    activate(layer, buffers)
    // Nobody needs what `down` adds, but its adapters' gradients need what they made of its input.
    assignLow(.down, layer: layer, input: buffers.blocks[layer].act, buffers)
  }

  private func embed(to residual: UnsafeMutablePointer<Float>) {
    let width = configuration.hiddenSize
    var row = 0
    for part in parts {
      for token in part {
        operands.embed(
          token, table: model.offsets.embedding, width: width, to: residual + row * width)
        row += 1
      }
    }
    (residual + row * width).update(repeating: 0, count: (rows - row) * width)
  }

  /// residual += o(attention(rope(qkv(norm(residual))))).
  private func attentionForward(_ layer: Int, _ buffers: Activations) {
    let c = configuration
    let block = buffers.blocks[layer]
    let offsets = model.offsets.layers[layer]
    precision.normForward(
      block.input, weight: operands.vector(offsets.inputNorm), to: block.norm, rstd: block.rstd,
      rows: rows, width: c.hiddenSize, epsilon: c.normEpsilon)
    forwardLinear(
      .qkv, layer: layer, input: block.norm, output: block.qkv, result: .f32, add: false, buffers)
    if let bias = offsets.qkvBias {
      askew_add_bias(block.qkv, operands.vector(bias), rows, c.qkvSize)
    }
    normHeads(block, offsets)
    rotate(block.qkv, direction: 1)
    attend(layer, buffers)
    forwardLinear(
      .output, layer: layer, input: block.attention, output: buffers.residual, result: .f32,
      add: true, buffers)
  }

  /// residual += down(act).
  private func feedForward(_ layer: Int, _ buffers: Activations) {
    activate(layer, buffers)
    forwardLinear(
      .down, layer: layer, input: buffers.blocks[layer].act, output: buffers.residual,
      result: .f32, add: true, buffers)
    pass(.behind(layer), buffers)
  }

  /// act = swiglu(gateUp(norm(residual))).
  private func activate(_ layer: Int, _ buffers: Activations) {
    let c = configuration
    let block = buffers.blocks[layer]
    let offsets = model.offsets.layers[layer]
    block.middle.update(from: buffers.residual, count: rows * c.hiddenSize)
    precision.normForward(
      block.middle, weight: operands.vector(offsets.postNorm), to: block.postNorm,
      rstd: block.postRstd, rows: rows, width: c.hiddenSize, epsilon: c.normEpsilon)
    forwardLinear(
      .gateUp, layer: layer, input: block.postNorm, output: block.gateUp, result: precision,
      add: false, buffers)
    precision.swigluForward(block.gateUp, to: block.act, rows: rows, width: c.intermediateSize)
  }

  /// RMSNorm over each head's queries and keys, where the model has it.
  private func normHeads(_ block: Activations.Block, _ offsets: LayerOffsets) {
    guard let query = offsets.queryNorm, let key = offsets.keyNorm else { return }
    let c = configuration
    askew_head_norm_forward(
      block.qkv, operands.vector(query), block.headSaved, block.headRstd, rows, c.qkvSize,
      c.headCount,
      c.headSize, Float(c.normEpsilon))
    askew_head_norm_forward(
      block.qkv + c.attentionSize, operands.vector(key), block.headSaved + rows * c.attentionSize,
      block.headRstd + rows * c.headCount, rows, c.qkvSize, c.keyValueHeadCount, c.headSize,
      Float(c.normEpsilon))
  }

  /// Queries and keys lie side by side: one call turns both.
  func rotate(_ qkv: UnsafeMutablePointer<Float>, direction: Float) {
    let c = configuration
    askew_rope(
      qkv, positions, rotary.cosine, rotary.sine, rows, c.qkvSize,
      c.headCount + c.keyValueHeadCount, c.headSize, direction)
  }

  /// Losses of the rows that carry one and, when training, the gradient of the residual stream.
  ///
  /// Norm and output run on those rows alone, a chunk of logits at a time.
  /// - Parameter reference: has read the same shard; the loss is then the divergence from it.
  func outputLoss(_ buffers: Activations, scale: Float, reference: ShardPass?) -> Double {
    let padded = targets.count
    let chunk = Activations.logitRows(vocabulary: configuration.vocabularySize)
    outputNorm(buffers)
    var start = 0
    while start < padded {
      let count = min(chunk, padded - start)
      assignLogits(start, count, buffers)
      reference?.assignLogits(start, count)
      chunkLoss(start, count, buffers, scale: scale, reference: reference)
      chunkBackward(start, count, buffers)
      start += count
    }
    return (0..<lossRows.count).reduce(0) { $0 + Double(buffers.losses[$1]) }
  }

  /// The final norm of the rows that carry loss.
  func outputNorm(_ buffers: Activations) {
    let c = configuration
    gather(buffers)
    precision.normForward(
      buffers.lossInput, weight: operands.vector(model.offsets.finalNorm),
      to: buffers.lossNorm, rstd: buffers.lossRstd, rows: targets.count, width: c.hiddenSize,
      epsilon: c.normEpsilon)
  }

  private func gather(_ buffers: Activations) {
    let width = configuration.hiddenSize
    for (i, row) in lossRows.enumerated() {
      (buffers.lossInput + i * width).update(from: buffers.residual + row * width, count: width)
    }
    let rest = targets.count - lossRows.count
    (buffers.lossInput + lossRows.count * width).update(repeating: 0, count: rest * width)
  }

  private func assignLogits(_ start: Int, _ count: Int) {
    if let buffers { assignLogits(start, count, buffers) }
  }

  private func assignLogits(_ start: Int, _ count: Int, _ buffers: Activations) {
    let (width, vocabulary) = (configuration.hiddenSize, configuration.vocabularySize)
    Product(
      rows: count, columns: vocabulary, inner: width,
      a: .rows(buffers.lossNorm + start * width * precision.bytes, stride: width),
      b: .transposed(operands.matrix(model.offsets.head), stride: width), precision: precision
    ).assign(to: buffers.logits, stride: vocabulary)
  }

  private func chunkLoss(
    _ start: Int, _ count: Int, _ buffers: Activations, scale: Float, reference: ShardPass?
  ) {
    let vocabulary = configuration.vocabularySize
    targets.withUnsafeBufferPointer {
      let (targets, losses) = ($0.baseAddress! + start, buffers.losses + start)
      if let expected = reference?.buffers {
        precision.divergence(
          buffers.logits, reference: expected.logits, targets: targets, dlogits: buffers.dlogits,
          losses: losses, rows: count, vocabulary: vocabulary, scale: scale)
      } else {
        precision.crossEntropy(
          buffers.logits, targets: targets, dlogits: gradients == nil ? nil : buffers.dlogits,
          losses: losses, rows: count, vocabulary: vocabulary, scale: scale)
      }
    }
  }

  private func chunkBackward(_ start: Int, _ count: Int, _ buffers: Activations) {
    guard let gradients else { return }
    let (width, vocabulary) = (configuration.hiddenSize, configuration.vocabularySize)
    Product(
      rows: count, columns: width, inner: vocabulary,
      a: .rows(buffers.dlogits, stride: vocabulary),
      b: .rows(operands.matrix(model.offsets.head), stride: width), precision: precision
    ).assign(to: buffers.lossGradient + start * width, stride: width)
    if trainsModel {
      let input = buffers.lossNorm + start * width * precision.bytes
      Product(
        rows: vocabulary, columns: width, inner: count,
        a: .transposed(buffers.dlogits, stride: vocabulary), b: .rows(input, stride: width),
        precision: precision
      ).add(to: gradients + model.offsets.head, stride: width)
    }
  }
}
