import Core

/// What PEFT's `adapter_config.json` says of a LoRA adapter (Hu et al., *LoRA: Low-Rank
/// Adaptation of Large Language Models*, arXiv 2106.09685).
///
/// A linear `W` of shape `[out, in]` becomes `W + scaling · B·A` with `A` `[rank, in]` and `B`
/// `[out, rank]`.
public struct AdapterConfiguration: Sendable, Hashable {
  public var rank: Int
  public var alpha: Double
  /// Rank-stabilised scaling, α/√r (Kalajdzievski, arXiv 2312.03732), in place of α/r.
  public var rankStabilized: Bool
  /// The linears' names in a block, such as `q_proj`, in alphabetical order.
  public var targetModules: [String]
  /// Which blocks; `nil` means all of them.
  public var layers: [Int]?
  public var baseModel: String?

  /// The seven linears of a block.
  public static let blockLinears = [
    "down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj",
  ]

  public init(
    rank: Int, alpha: Double, rankStabilized: Bool = false,
    targetModules: [String] = AdapterConfiguration.blockLinears, layers: [Int]? = nil,
    baseModel: String? = nil
  ) {
    self.rank = rank
    self.alpha = alpha
    self.rankStabilized = rankStabilized
    self.targetModules = targetModules.sorted()
    self.layers = layers
    self.baseModel = baseModel
  }

  /// The factor before `B·A`.
  public var scaling: Double {
    rankStabilized ? alpha / Double(rank).squareRoot() : alpha / Double(rank)
  }

  /// One of an adapter's two matrices.
  public enum Matrix: String, Sendable, Hashable, CaseIterable {
    /// `A`, `[rank, in]`.
    case a = "lora_A"
    /// `B`, `[out, rank]`.
    case b = "lora_B"
  }

  /// PEFT's name of a matrix, such as
  /// `base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight`.
  ///
  /// - Parameter linear: one of `blockLinears`.
  public static func tensorName(layer: Int, linear: String, matrix: Matrix) -> String {
    "base_model.model.\(modulePath(layer: layer, linear: linear)).\(matrix.rawValue).weight"
  }

  /// The path of a block's linear in a checkpoint, such as `model.layers.3.mlp.up_proj`.
  public static func modulePath(layer: Int, linear: String) -> String {
    let part = ["q_proj", "k_proj", "v_proj", "o_proj"].contains(linear) ? "self_attn" : "mlp"
    return "model.layers.\(layer).\(part).\(linear)"
  }
}

extension AdapterConfiguration {
  /// Reads `adapter_config.json`; what the structure cannot say (other methods, DoRA, biases,
  /// patterns of ranks, modules that are saved whole) is refused by name.
  ///
  /// - Throws: `InputError` naming file and field.
  public init(json: JSON, file: String? = "adapter_config.json") throws(InputError) {
    let fields = try Fields(json, file: file)
    let kind = try fields.required("peft_type", fields.string("peft_type"))
    guard kind == "LORA" else { throw fields.wrong("peft_type", expected: "\"LORA\"") }
    try Self.refuseUnsupported(fields)
    // PEFT's defaults are r 8 and alpha 8.
    self.init(
      rank: try fields.integer("r") ?? 8, alpha: try fields.number("lora_alpha") ?? 8,
      rankStabilized: try fields.boolean("use_rslora") ?? false,
      targetModules: try Self.targetModules(fields), layers: try Self.layers(fields),
      baseModel: try fields.string("base_model_name_or_path"))
    guard (1...65_536).contains(rank) else {
      throw fields.failure("r", "found \(rank), expected 1 to 65536")
    }
    guard alpha.isFinite, alpha > 0 else {
      throw fields.failure("lora_alpha", "found \(alpha), expected a positive number")
    }
  }

  private static func refuseUnsupported(_ fields: Fields) throws(InputError) {
    let flags = [
      "use_dora", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora",
    ]
    for name in flags {
      switch fields[name] {
      case nil, .boolean(false): continue
      default: throw fields.failure(name, "is not supported")
      }
    }
    if let bias = try fields.string("bias"), bias != "none" {
      throw fields.wrong("bias", expected: "\"none\"")
    }
    for name in [
      "modules_to_save", "rank_pattern", "alpha_pattern", "exclude_modules", "target_parameters",
      "layer_replication", "trainable_token_indices",
    ] {
      switch fields[name] {
      case nil, .array([]): continue
      case .object(let object) where object.members.isEmpty: continue
      default: throw fields.failure(name, "is not supported, expected nothing")
      }
    }
    switch fields["layers_pattern"] {
    case nil, .string("layers"), .array(["layers"]), .array([]): break
    default: throw fields.wrong("layers_pattern", expected: "null or \"layers\"")
    }
  }

  private static func targetModules(_ fields: Fields) throws(InputError) -> [String] {
    if case .string(let text)? = fields["target_modules"] {
      guard text == "all-linear" else {
        throw fields.wrong("target_modules", expected: "a list of names or \"all-linear\"")
      }
      return blockLinears
    }
    let names = try fields.required("target_modules", fields.strings("target_modules"))
    for name in names where !blockLinears.contains(name) {
      throw fields.failure(
        "target_modules",
        "found \"\(oneLine(name))\", expected some of " + blockLinears.joined(separator: ", "))
    }
    guard !names.isEmpty, Set(names).count == names.count else {
      throw fields.failure("target_modules", "expected at least one name, and each once")
    }
    return names
  }

  private static func layers(_ fields: Fields) throws(InputError) -> [Int]? {
    let layers: [Int]?
    if case .integer(let layer)? = fields["layers_to_transform"] {
      layers = [layer]
    } else {
      layers = try fields.integers("layers_to_transform")
    }
    if let layers, layers.isEmpty || layers.contains(where: { !(0..<1024).contains($0) }) {
      throw fields.failure("layers_to_transform", "found \(layers), expected block numbers from 0")
    }
    return layers
  }

  /// The configuration as PEFT's `adapter_config.json`.
  public func json() -> JSON {
    [
      "peft_type": "LORA",
      "task_type": "CAUSAL_LM",
      "base_model_name_or_path": baseModel.map(JSON.string) ?? .null,
      "revision": nil,
      "r": .integer(rank),
      "lora_alpha": Int(exactly: alpha).map(JSON.integer) ?? .number(alpha),
      "lora_dropout": 0.0,
      "bias": "none",
      "use_rslora": .boolean(rankStabilized),
      "use_dora": false,
      "inference_mode": true,
      "fan_in_fan_out": false,
      "init_lora_weights": true,
      "modules_to_save": nil,
      "rank_pattern": [:],
      "alpha_pattern": [:],
      "target_modules": .array(targetModules.map(JSON.string)),
      "layers_to_transform": layers.map { .array($0.map(JSON.integer)) } ?? .null,
      "layers_pattern": nil,
      "exclude_modules": nil,
    ]
  }
}
