import Core
import Documents

/// What mlx-lm's `adapter_config.json` says of a LoRA adapter: y = W·x + scale · (x·a·b).
package struct MLXAdapterConfiguration: Sendable, Hashable {
  package var rank: Int
  package var scale: Double
  /// How many blocks, counted from the last; `nil`: all.
  package var blockCount: Int?
  /// Paths of linears inside a block, such as `self_attn.q_proj`, or in the whole model; `nil`: every
  /// linear of the blocks.
  package var keys: [String]?
  package var baseModel: String?

  package init(
    rank: Int, scale: Double, blockCount: Int? = nil, keys: [String]? = nil,
    baseModel: String? = nil
  ) {
    self.rank = rank
    self.scale = scale
    self.blockCount = blockCount
    self.keys = keys
    self.baseModel = baseModel
  }

  /// Whether the adapter has a part for the linear.
  ///
  /// - Parameters:
  ///   - linear: which of a block's linears.
  ///   - layer: the block, counted from 0.
  ///   - layerCount: of the model; where it is not known, any block counts as one of the last.
  package func adapts(_ linear: LinearLayer, layer: Int, layerCount: Int?) -> Bool {
    if let keys, keys.contains(linear.path(inLayer: layer)) { return true }
    if let keys, !keys.contains(linear.path) { return false }
    guard let blockCount, let layerCount else { return true }
    return layer >= layerCount - blockCount
  }

  /// Reads mlx-lm's `adapter_config.json`; DoRA and full fine-tuning are refused by name.
  ///
  /// - Throws: `InputError` naming file and field.
  package init(json: JSON, file: String? = "adapter_config.json") throws(InputError) {
    let fields = try Fields(json, file: file)
    if let type = try fields.string("fine_tune_type"), type != "lora" {
      throw fields.wrong("fine_tune_type", expected: "\"lora\"; others are not supported")
    }
    let lora = try fields.required("lora_parameters", fields.fields("lora_parameters"))
    rank = try lora.required("rank", lora.integer("rank"))
    scale = try lora.required("scale", lora.number("scale"))
    // Zero counts as all there, like a negative number.
    let count = try fields.required("num_layers", fields.integer("num_layers"))
    blockCount = count > 0 ? count : nil
    keys = try lora.strings("keys")
    baseModel = try fields.string("model")
    guard AdapterConfiguration.ranks.contains(rank) else {
      throw lora.failure("rank", "found \(rank), expected 1 to 65536")
    }
    guard scale.isFinite, scale > 0 else {
      throw lora.failure("scale", "found \(scale), expected a positive number")
    }
    for key in keys ?? [] where !Self.isLinear(key) {
      throw lora.failure(
        "keys",
        "found \(key.quotedOnOneLine), expected paths of a block's linears, such as self_attn.q_proj"
      )
    }
    if let keys, keys.isEmpty { throw lora.failure("keys", "expected at least one path") }
  }

  private static func isLinear(_ key: String) -> Bool {
    LinearLayer.allCases.contains { $0.path == key } || LinearLayer.parse(key[...]) != nil
  }

  /// The configuration as mlx-lm's `adapter_config.json`.
  package func json() -> JSON {
    var lora: JSONObject = ["rank": .integer(rank), "scale": .number(scale), "dropout": 0.0]
    if let keys { lora.members.append(.init("keys", .array(keys.map(JSON.string)))) }
    var object: JSONObject = [
      "fine_tune_type": "lora",
      "num_layers": .integer(blockCount ?? -1),
      "lora_parameters": .object(lora),
    ]
    if let baseModel { object.members.append(.init("model", .string(baseModel))) }
    return .object(object)
  }
}
