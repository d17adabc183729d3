import CKernels
import Formats

/// What decoding in f32 multiplies by.
struct DecodePanels: Sendable {
  let model: PanelWeights
  let adapter: PanelWeights?

  /// `nil` for operands in bfloat16, which oneDNN multiplies.
  init?(_ model: Model, _ operands: ModelOperands, _ adapter: OperandAdapter?) {
    guard operands.precision == .f32 else { return nil }
    self.model = PanelWeights(model, operands)
    self.adapter = adapter.map { PanelWeights($0.adapter, in: model.configuration) }
  }
}

extension DecodePass {
  /// A block's linear layers, each with its adapter: added to `output`, or assigned.
  func multiply(
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
      addAdapted(part, adapter, input, inSize, to: output, outSize, result)
    }
  }

  /// output += scale · (x·Aᵀ)·Bᵀ in the columns of one adapted member.
  private func addAdapted(
    _ part: GroupPart, _ adapter: OperandAdapter, _ input: UnsafeMutableRawPointer, _ inSize: Int,
    to output: UnsafeMutableRawPointer, _ outSize: Int, _ result: Precision
  ) {
    let (rank, scale) = (adapter.rank, adapter.adapter.configuration.scale)
    let target = output + part.firstColumn * result.bytes
    if let panels = panels?.adapter {
      panels.multiply(
        input.floats, rows: count, inner: inSize, weight: part.adapter.a, columns: 0..<rank,
        to: low, stride: rank, add: false)
      precision.cast(low, to: lowOperand, count: count * rank, scale: scale)
      return panels.multiply(
        lowOperand.floats, rows: count, inner: rank, weight: part.adapter.b,
        columns: 0..<part.adapter.rows, to: target.floats, stride: outSize, add: true)
    }
    inBlocks { first in
      Product(
        rows: blockRows, columns: rank, inner: inSize,
        a: .rows(input + first * inSize * precision.bytes, stride: inSize),
        b: .transposed(adapter.operands.at(part.adapter.a), stride: inSize), precision: precision
      ).assign(to: low, stride: rank)
      precision.cast(low, to: lowOperand, count: blockRows * rank, scale: scale)
      Product(
        rows: blockRows, columns: part.adapter.rows, inner: rank,
        a: .rows(lowOperand, stride: rank),
        b: .transposed(adapter.operands.at(part.adapter.b), stride: rank), precision: precision
      ).add(to: target + first * outSize * result.bytes, stride: outSize, result: result)
    }
  }

  /// output[rows, outSize] = (output if `add`) + input[rows, inSize] · wᵀ.
  func multiply(
    _ input: UnsafeMutableRawPointer, _ inSize: Int, weight: Int, _ outSize: Int,
    to output: UnsafeMutableRawPointer, _ result: Precision, add: Bool
  ) {
    if let panels = panels?.model {
      let cuts =
        pool == nil ? [0..<outSize] : ColumnCuts.of(outSize, step: PanelWeights.step)
      // Workers write disjoint columns.
      nonisolated(unsafe) let (input, output) = (input.floats, output.floats)
      return share(cuts.count) { [count] _, index in
        panels.multiply(
          input, rows: count, inner: inSize, weight: weight, columns: cuts[index], to: output,
          stride: outSize, add: add)
      }
    }
    if pool != nil {
      return multiplyCuts(input, inSize, weight: weight, outSize, to: output, result, add: add)
    }
    inBlocks { first in
      let product = Product(
        rows: blockRows, columns: outSize, inner: inSize,
        a: .rows(input + first * inSize * precision.bytes, stride: inSize),
        b: .transposed(operands.matrix(weight), stride: inSize), precision: precision)
      let target = output + first * outSize * result.bytes
      if add {
        product.add(to: target, stride: outSize, result: result)
      } else {
        product.assign(to: target, stride: outSize, result: result)
      }
    }
  }

  /// The same in bfloat16 with the columns shared out. A cut's product is made apart: oneDNN multiplies
  /// packed operands only into rows without gaps. Its weights stay in the worker's cache for all blocks.
  private func multiplyCuts(
    _ input: UnsafeMutableRawPointer, _ inSize: Int, weight: Int, _ outSize: Int,
    to output: UnsafeMutableRawPointer, _ result: Precision, add: Bool
  ) {
    let cuts = ColumnCuts.of(outSize)
    // Workers write disjoint columns.
    nonisolated(unsafe) let (input, output) = (input, output)
    share(cuts.count) { [self] worker, index in
      let columns = cuts[index]
      let part = cutResults[worker]
      inBlocks { first in
        Product(
          rows: blockRows, columns: columns.count, inner: inSize,
          a: .rows(input + first * inSize * precision.bytes, stride: inSize),
          b: operands.transposed(weight, width: inSize, rows: columns, cut: index),
          precision: precision
        ).assign(to: part, stride: columns.count, result: result)
        let rowBytes = columns.count * result.bytes
        for row in 0..<min(blockRows, count - first) {
          let from = part + row * rowBytes
          let to = output + ((first + row) * outSize + columns.lowerBound) * result.bytes
          if add {
            askew_add(from.floats, to.floats, columns.count)
          } else {
            to.copyMemory(from: from, byteCount: rowBytes)
          }
        }
      }
    }
  }

  /// The first row of each block; the last one's may reach behind the pass's rows, into memory that
  /// is there and results that nobody reads.
  private func inBlocks(_ body: (_ first: Int) -> Void) {
    for first in stride(from: 0, to: count, by: blockRows) { body(first) }
  }
}
