import Core
import Formats

/// What a LoRA adapter touches and how strongly (Hu et al., arXiv 2106.09685).
package struct LoRAConfiguration: Sendable, Hashable, Codable {
  package var rank: Int
  package var alpha: Double
  /// Scale α/√r instead of α/r (Kalajdzievski, arXiv 2312.03732).
  package var rankStabilised: Bool
  package var targets: [LinearLayer]
  /// Indices of the blocks that get an adapter; `nil`: all.
  package var layers: [Int]?

  package init(
    rank: Int, alpha: Double, rankStabilised: Bool = false,
    targets: [LinearLayer] = LinearLayer.allCases, layers: [Int]? = nil
  ) {
    self.rank = rank
    self.alpha = alpha
    self.rankStabilised = rankStabilised
    self.targets = targets
    self.layers = layers
  }

  /// y = W·x + scale · B·A·x.
  package var scale: Double {
    alpha / (rankStabilised ? Double(rank).squareRoot() : Double(rank))
  }
}

/// One adapted linear layer: offsets of A [r, in] and B [out, r] in the adapter's block.
struct AdapterPart: Sendable {
  let layer: LinearLayer
  let a: Int
  let b: Int
  let rows: Int
  let columns: Int
}

/// A LoRA adapter for one model: its configuration and weights.
package struct Adapter: Sendable {
  package let configuration: LoRAConfiguration
  package let layout: ParameterLayout
  package let weights: ParameterBlock
  /// By block index; empty where nothing is adapted.
  let parts: [[AdapterPart]]

  /// An adapter of zeros.
  ///
  /// - Throws: `InputError` when the rank is not positive, a layer does not exist, or nothing is
  ///   adapted.
  package init(_ configuration: LoRAConfiguration, for model: ModelConfiguration) throws(InputError)
  {
    guard configuration.rank > 0 else {
      throw InputError("found \(configuration.rank), expected a positive rank", field: "rank")
    }
    let layers = configuration.layers ?? Array(0..<model.layerCount)
    if let bad = layers.first(where: { !(0..<model.layerCount).contains($0) }) {
      throw InputError(
        "found layer \(bad), expected 0 to \(model.layerCount - 1)", field: "layers")
    }
    guard !layers.isEmpty, !configuration.targets.isEmpty else {
      throw InputError("found none, expected at least one linear layer", field: "targets")
    }
    self.configuration = configuration
    var layout = ParameterLayout()
    parts = (0..<model.layerCount).map { index in
      guard layers.contains(index) else { return [] }
      return LinearLayer.allCases.filter(configuration.targets.contains).map { layer in
        let (rows, columns) = layer.shape(in: model)
        let name = "base_model.model.model.layers.\(index).\(layer.path)."
        let rank = configuration.rank
        let a = layout.append(name + "lora_A.weight", [rank, columns])
        let b = layout.append(name + "lora_B.weight", [rows, rank])
        return AdapterPart(layer: layer, a: a, b: b, rows: rows, columns: columns)
      }
    }
    self.layout = layout
    weights = ParameterBlock(count: layout.count)
  }

  /// A fresh adapter that changes nothing yet: A uniform in ±1/√in, as PEFT's default
  /// (Kaiming with a = √5), B zero.
  package static func random(
    _ configuration: LoRAConfiguration, for model: ModelConfiguration, seed: UInt64
  ) throws(InputError) -> Adapter {
    let adapter = try Adapter(configuration, for: model)
    for slot in adapter.layout.slots where slot.name.hasSuffix("lora_A.weight") {
      var stream = RandomStream(seed: seed, "adapter", slot.name)
      let bound = 1 / Double(slot.shape[1]).squareRoot()
      for i in slot.range { adapter.weights.floats[i] = Float((2 * stream.uniform() - 1) * bound) }
    }
    return adapter
  }

  /// The model with W + scale · B·A in place of each adapted W.
  package func merged(into model: Model) -> Model {
    let result = model.copy()
    for (index, parts) in parts.enumerated() {
      for part in parts {
        let name = "model.layers.\(index).\(part.layer.path).weight"
        guard let slot = result.layout.slot(named: name) else { continue }
        add(part, to: result.weights.floats + slot.offset)
      }
    }
    return result
  }

  /// W += scale · B·A in 32 bits, whatever the precision of training.
  private func add(_ part: AdapterPart, to target: UnsafeMutablePointer<Float>) {
    let rank = configuration.rank
    let scaled = ParameterBlock(count: part.rows * rank)
    Precision.f32.cast(
      weights.floats + part.b, to: scaled.floats, count: part.rows * rank,
      scale: configuration.scale)
    Product(
      rows: part.rows, columns: part.columns, inner: rank,
      a: .rows(scaled.floats, stride: rank),
      b: .rows(weights.floats + part.a, stride: part.columns),
      precision: .f32
    ).add(to: target, stride: part.columns)
    withExtendedLifetime(scaled) {}
  }
}
