/// An adapter as the matrix products see it.
final class OperandAdapter: Sendable {
  let adapter: Adapter
  let operands: OperandBlock

  init(_ adapter: Adapter, precision: Precision) {
    self.adapter = adapter
    operands = OperandBlock(adapter.weights, precision: precision)
  }

  var rank: Int { adapter.configuration.rank }
}
