import CKernels

extension ShardPass {
  /// y = x·Wᵀ (+ scale · (x·Aᵀ)·Bᵀ for each adapted member), assigned or added.
  ///
  /// - Parameters:
  ///   - input: `[rows, in]` operand.
  ///   - output: `[rows, out]` of type `result`.
  func forwardLinear(
    _ group: LinearGroup, layer: Int, input: UnsafeMutableRawPointer,
    output: UnsafeMutableRawPointer, result: Precision, add: Bool, _ buffers: Activations
  ) {
    let inSize = group.inputSize(configuration)
    let outSize = group.outputSize(configuration)
    let weight = operands.matrix(group.weight(model.offsets.layers[layer]))
    let product = Product(
      rows: rows, columns: outSize, inner: inSize, a: .rows(input, stride: inSize),
      b: .transposed(weight, stride: inSize), precision: precision)
    if add {
      product.add(to: output, stride: outSize, result: result)
    } else {
      product.assign(to: output, stride: outSize, result: result)
    }
    guard let adapter, let adapterOperands else { return }
    let rank = adapter.configuration.rank
    assignLow(group, layer: layer, input: input, buffers)
    for part in adapter.parts(of: group, layer: layer, in: configuration) {
      let low = buffers.blocks[layer].low[part.index]
      Product(
        rows: rows, columns: part.adapter.rows, inner: rank, a: .rows(low, stride: rank),
        b: .transposed(adapterOperands.at(part.adapter.b), stride: rank), precision: precision
      ).add(to: output + part.firstColumn * result.bytes, stride: outSize, result: result)
    }
  }

  /// low = scale · x·Aᵀ for each adapted member, kept for backward.
  func assignLow(
    _ group: LinearGroup, layer: Int, input: UnsafeMutableRawPointer, _ buffers: Activations
  ) {
    guard let adapter, let adapterOperands else { return }
    let rank = adapter.configuration.rank
    let inSize = group.inputSize(configuration)
    for part in adapter.parts(of: group, layer: layer, in: configuration) {
      Product(
        rows: rows, columns: rank, inner: inSize, a: .rows(input, stride: inSize),
        b: .transposed(adapterOperands.at(part.adapter.a), stride: inSize), precision: precision
      ).assign(to: buffers.lowFloats, stride: rank)
      precision.cast(
        buffers.lowFloats, to: buffers.blocks[layer].low[part.index], count: rows * rank,
        scale: adapter.configuration.scale)
    }
  }

  /// dx = dy·W, dW += dyᵀ·x, and the same through each adapter.
  ///
  /// - Parameters:
  ///   - gradient: dy, `[rows, out]` operand.
  ///   - input: x, `[rows, in]` operand, as forward saw it.
  ///   - inputGradient: dx, `[rows, in]` of type `result`, assigned; `nil` where nobody needs it.
  func backwardLinear(
    _ group: LinearGroup, layer: Int, gradient: UnsafeMutableRawPointer,
    input: UnsafeMutableRawPointer, inputGradient: UnsafeMutableRawPointer?, result: Precision,
    _ buffers: Activations
  ) {
    let inSize = group.inputSize(configuration)
    let outSize = group.outputSize(configuration)
    let offset = group.weight(model.offsets.layers[layer])
    if let inputGradient {
      Product(
        rows: rows, columns: inSize, inner: outSize, a: .rows(gradient, stride: outSize),
        b: .rows(operands.matrix(offset), stride: inSize), precision: precision
      ).assign(to: inputGradient, stride: inSize, result: result)
    }
    guard let gradients else { return }
    if trainsModel {
      Product(
        rows: outSize, columns: inSize, inner: rows, a: .transposed(gradient, stride: outSize),
        b: .rows(input, stride: inSize), precision: precision
      ).add(to: gradients + offset, stride: inSize)
    } else if let adapter {
      for part in adapter.parts(of: group, layer: layer, in: configuration) {
        backwardPart(
          part, adapter, layer: layer, gradient: gradient + part.firstColumn * precision.bytes,
          stride: outSize, input: input, inSize: inSize, inputGradient: inputGradient,
          result: result, buffers)
      }
    }
  }

  /// dB += dyᵀ·low with low = scale·A·x; dlow = scale·dy·B; dA += dlowᵀ·x; dx += dlow·A.
  private func backwardPart(
    _ part: GroupPart, _ adapter: Adapter, layer: Int, gradient: UnsafeMutableRawPointer,
    stride: Int, input: UnsafeMutableRawPointer, inSize: Int,
    inputGradient: UnsafeMutableRawPointer?, result: Precision, _ buffers: Activations
  ) {
    guard let gradients, let adapterOperands else { return }
    let rank = adapter.configuration.rank
    let outSize = part.adapter.rows
    Product(
      rows: outSize, columns: rank, inner: rows, a: .transposed(gradient, stride: stride),
      b: .rows(buffers.blocks[layer].low[part.index], stride: rank), precision: precision
    ).add(to: gradients + part.adapter.b, stride: rank)
    Product(
      rows: rows, columns: rank, inner: outSize, a: .rows(gradient, stride: stride),
      b: .rows(adapterOperands.at(part.adapter.b), stride: rank), precision: precision
    ).assign(to: buffers.lowFloats, stride: rank)
    precision.cast(
      buffers.lowFloats, to: buffers.lowOperand, count: rows * rank,
      scale: adapter.configuration.scale)
    Product(
      rows: rank, columns: inSize, inner: rows, a: .transposed(buffers.lowOperand, stride: rank),
      b: .rows(input, stride: inSize), precision: precision
    ).add(to: gradients + part.adapter.a, stride: inSize)
    if let inputGradient {
      Product(
        rows: rows, columns: inSize, inner: rank, a: .rows(buffers.lowOperand, stride: rank),
        b: .rows(adapterOperands.at(part.adapter.a), stride: inSize), precision: precision
      ).add(to: inputGradient, stride: inSize, result: result)
    }
  }
}
