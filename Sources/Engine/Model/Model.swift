import Core
import Formats

/// A decoder-only transformer of the Llama family: its shape and its weights, in 32 bits.
///
/// Pre-norm blocks of grouped-query attention with rotary positions and SwiGLU (arXiv 2302.13971),
/// optionally with q/k/v biases (Qwen2) and q/k norms (Qwen3). Sharing is by reference: `copy()` where
/// training must not touch the original.
public struct Model: Sendable {
  public let configuration: ModelConfiguration
  public let layout: ParameterLayout
  public let weights: ParameterBlock
  let offsets: ModelOffsets

  /// A model of zeros.
  public init(_ configuration: ModelConfiguration) {
    self.configuration = configuration
    (layout, offsets) = configuration.layout()
    weights = ParameterBlock(count: layout.count)
  }

  private init(_ other: Model, weights: ParameterBlock) {
    configuration = other.configuration
    layout = other.layout
    offsets = other.offsets
    self.weights = weights
  }

  public func copy() -> Model { Model(self, weights: weights.copy()) }

  /// Parameters as PyTorch counts them: alignment gaps and a tied output are not counted.
  public var parameterCount: Int { layout.slots.reduce(0) { $0 + $1.count } }

  /// Random weights: norms 1, biases 0, matrices normal with standard deviation `deviation`, and
  /// those that write into the residual stream (o, down) divided by √(2 · layers), as GPT-2 does.
  ///
  /// `embeddingDeviation` is that of the token embeddings, `deviation` unless given (PyTorch's own
  /// default for an untied table is 1). Each tensor draws from a stream of its own name.
  public static func random(
    _ configuration: ModelConfiguration, seed: UInt64, deviation: Double = 0.02,
    embeddingDeviation: Double? = nil
  ) -> Model {
    let model = Model(configuration)
    let residual = deviation / Double(2 * configuration.layerCount).squareRoot()
    for slot in model.layout.slots {
      let to = model.weights.floats + slot.offset
      if slot.name.hasSuffix("norm.weight") {
        to.update(repeating: 1, count: slot.count)
      } else if slot.shape.count == 2 {
        let writes = slot.name.hasSuffix("o_proj.weight") || slot.name.hasSuffix("down_proj.weight")
        let embeds = slot.name.hasSuffix("embed_tokens.weight")
        let scale = writes ? residual : embeds ? embeddingDeviation ?? deviation : deviation
        var stream = RandomStream(seed: seed, "weights", slot.name)
        for i in 0..<slot.count { to[i] = Float(stream.normal() * scale) }
      }
    }
    return model
  }
}
