/// The seven linear layers of a block, by their names in a checkpoint and in a block's order.
package enum LinearLayer: String, Sendable, Hashable, Codable, CaseIterable {
  case query = "q_proj"
  case key = "k_proj"
  case value = "v_proj"
  case output = "o_proj"
  case gate = "gate_proj"
  case up = "up_proj"
  case down = "down_proj"

  /// The path inside a block: `self_attn.q_proj` and so on.
  package var path: String {
    switch self {
    case .query, .key, .value, .output: "self_attn." + rawValue
    case .gate, .up, .down: "mlp." + rawValue
    }
  }

  /// The path in a checkpoint, such as `model.layers.3.mlp.up_proj`.
  package func path(inLayer layer: Int) -> String { "model.layers.\(layer).\(path)" }

  /// The weight's shape, `[out, in]`, as rows and columns.
  package func shape(in configuration: ModelConfiguration) -> (rows: Int, columns: Int) {
    let c = configuration
    return switch self {
    case .query: (c.headCount * c.headSize, c.hiddenSize)
    case .key, .value: (c.keyValueHeadCount * c.headSize, c.hiddenSize)
    case .output: (c.hiddenSize, c.headCount * c.headSize)
    case .gate, .up: (c.intermediateSize, c.hiddenSize)
    case .down: (c.hiddenSize, c.intermediateSize)
    }
  }

  /// The layer and block that `path`, such as `model.layers.3.mlp.up_proj`, stands for; `nil` if it
  /// is no block's linear.
  package static func parse(_ path: Substring) -> (layer: Int, linear: LinearLayer)? {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "model", parts[1] == "layers",
      let linear = LinearLayer(rawValue: String(parts[4])),
      let layer = Int(parts[2]), linear.path(inLayer: layer) == path
    else { return nil }
    return (layer, linear)
  }
}
