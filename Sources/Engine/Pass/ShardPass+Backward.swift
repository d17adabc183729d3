import CKernels
import Formats

extension ShardPass {
  /// From the loss rows back to the embedding. `buffers.gradient` carries the gradient of the
  /// residual stream, `gradientOperand` its copy for the products.
  func backward(_ buffers: Activations) {
    scatterLossGradient(buffers)
    let lowest = lowestTrainedLayer
    for layer in stride(from: configuration.layerCount - 1, through: lowest, by: -1) {
      let passesOn = trainsModel || layer > lowest
      if keeping == .inputs { recompute(layer, buffers) }
      passBackward(.behind(layer), buffers)
      feedForwardBackward(layer, buffers)
      passBackward(.middle(layer), buffers)
      attentionBackward(layer, passesOn: passesOn, buffers)
    }
    guard trainsModel else { return }
    passBackward(.embedded, buffers)
    embeddingBackward(buffers)
  }

  /// Blocks below the first adapted one get no gradient.
  private var lowestTrainedLayer: Int {
    adapter.map { $0.parts.firstIndex { !$0.isEmpty } ?? configuration.layerCount } ?? 0
  }

  private func dweight(_ offset: Int) -> UnsafeMutablePointer<Float>? {
    trainsModel ? gradients.map { $0 + offset } : nil
  }

  private func scatterLossGradient(_ buffers: Activations) {
    let width = configuration.hiddenSize
    // The rows are few: their gradient through the final norm goes where the gathered input was, and
    // from there to the rows it came from.
    let compact = buffers.narrow
    compact.update(repeating: 0, count: targets.count * width)
    precision.normBackward(
      buffers.lossGradient, x: buffers.lossInput,
      weight: operands.vector(model.offsets.finalNorm), rstd: buffers.lossRstd, dx: compact,
      operand: nil, dweight: dweight(model.offsets.finalNorm), rows: lossRows.count, width: width)
    buffers.gradient.update(repeating: 0, count: rows * width)
    for (i, row) in lossRows.enumerated() {
      (buffers.gradient + row * width).update(from: compact + i * width, count: width)
    }
    precision.cast(buffers.gradient, to: buffers.gradientOperand, count: rows * width)
  }

  private func feedForwardBackward(_ layer: Int, _ buffers: Activations) {
    let c = configuration
    let block = buffers.blocks[layer]
    let offsets = model.offsets.layers[layer]
    backwardLinear(
      .down, layer: layer, gradient: buffers.gradientOperand, input: block.act,
      inputGradient: buffers.dact, result: precision, buffers)
    precision.swigluBackward(
      block.gateUp, dact: buffers.dact, to: buffers.wideOperand, rows: rows,
      width: c.intermediateSize)
    backwardLinear(
      .gateUp, layer: layer, gradient: buffers.wideOperand, input: block.postNorm,
      inputGradient: buffers.narrow, result: .f32, buffers)
    precision.normBackward(
      buffers.narrow, x: block.middle, weight: operands.vector(offsets.postNorm),
      rstd: block.postRstd, dx: buffers.gradient, operand: buffers.gradientOperand,
      dweight: dweight(offsets.postNorm), rows: rows, width: c.hiddenSize)
  }

  private func attentionBackward(_ layer: Int, passesOn: Bool, _ buffers: Activations) {
    let c = configuration
    let block = buffers.blocks[layer]
    let offsets = model.offsets.layers[layer]
    backwardLinear(
      .output, layer: layer, gradient: buffers.gradientOperand, input: block.attention,
      inputGradient: buffers.narrow, result: .f32, buffers)
    attendBackward(layer, buffers)
    let dqkv = buffers.wide
    rotate(dqkv, direction: -1)
    normHeadsBackward(dqkv, block, offsets)
    if let bias = offsets.qkvBias.flatMap(dweight) {
      askew_add_columns(dqkv, bias, rows, c.qkvSize)
    }
    precision.cast(dqkv, to: buffers.wideOperand, count: rows * c.qkvSize)
    backwardLinear(
      .qkv, layer: layer, gradient: buffers.wideOperand, input: block.norm,
      inputGradient: passesOn ? buffers.narrow : nil, result: .f32, buffers)
    guard passesOn else { return }
    precision.normBackward(
      buffers.narrow, x: block.input, weight: operands.vector(offsets.inputNorm),
      rstd: block.rstd, dx: buffers.gradient, operand: buffers.gradientOperand,
      dweight: dweight(offsets.inputNorm), rows: rows, width: c.hiddenSize)
  }

  private func normHeadsBackward(
    _ dqkv: UnsafeMutablePointer<Float>, _ block: Activations.Block, _ offsets: LayerOffsets
  ) {
    guard let query = offsets.queryNorm, let key = offsets.keyNorm else { return }
    let c = configuration
    askew_head_norm_backward(
      dqkv, block.headSaved, operands.vector(query), block.headRstd, dweight(query), rows,
      c.qkvSize,
      c.headCount, c.headSize)
    askew_head_norm_backward(
      dqkv + c.attentionSize, block.headSaved + rows * c.attentionSize,
      operands.vector(key),
      block.headRstd + rows * c.headCount, dweight(key), rows, c.qkvSize, c.keyValueHeadCount,
      c.headSize)
  }

  private func embeddingBackward(_ buffers: Activations) {
    guard let gradients else { return }
    let width = configuration.hiddenSize
    let table = gradients + model.offsets.embedding
    var row = 0
    for part in parts {
      for token in part {
        askew_add(buffers.gradient + row * width, table + Int(token) * width, width)
        row += 1
      }
    }
  }
}
