import Formats

/// A model, with the adapter beside its weights.
package struct AdaptedModel {
  let model: Model
  let adapter: Adapter?

  package init(_ model: Model, adapter: Adapter? = nil) {
    (self.model, self.adapter) = (model, adapter)
  }
}

/// What forward passes over one model share.
struct SharedOperands {
  let model: Model
  private let adapter: Adapter?
  private let operands: ModelOperands
  private let adapterOperands: OperandBlock?

  init(_ adapted: AdaptedModel, _ precision: Precision) {
    (model, adapter) = (adapted.model, adapted.adapter)
    operands = ModelOperands(model, precision: precision)
    adapterOperands = adapter.map { OperandBlock($0.weights, precision: precision) }
  }

  /// A pass that never goes back.
  func pass(_ rotary: RotaryTable) -> ShardPass {
    ShardPass(
      model: model, adapter: adapter, operands: operands, adapterOperands: adapterOperands,
      rotary: rotary, keeping: .nothing)
  }
}
