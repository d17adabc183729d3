import Core
import Documents

/// What PEFT's `adapter_config.json` says of a LoRA adapter (Hu et al., *LoRA: Low-Rank
/// Adaptation of Large Language Models*, arXiv 2106.09685).
///
/// A linear `W` of shape `[out, in]` becomes `W + scaling · B·A` with `A` `[rank, in]` and `B`
/// `[out, rank]`. Dropout is left out: it acts in training alone.
package struct AdapterConfiguration: Sendable, Hashable {
  package var rank: Int
  package var alpha: Double
  /// Rank-stabilised scaling, α/√r (Kalajdzievski, arXiv 2312.03732), in place of α/r.
  package var rankStabilized: Bool
  package var targetModules: ModuleSelection
  /// Modules that are left out although `targetModules` means them.
  package var excludedModules: ModuleSelection?
  /// Which blocks; `nil` means all of them. Targets named by their whole path are not asked.
  package var layers: [Int]?
  /// Ranks that differ from `rank`; the first entry that matches counts.
  package var rankPattern: [ModuleValue<Int>] = []
  /// Values of α that differ from `alpha`; the first entry that matches counts.
  package var alphaPattern: [ModuleValue<Double>] = []
  package var baseModel: String?

  /// The seven linears of a block, in alphabetical order.
  package static let blockLinears = LinearLayer.allCases.map(\.rawValue).sorted()

  package init(
    rank: Int, alpha: Double, rankStabilized: Bool = false,
    targetModules: [String] = AdapterConfiguration.blockLinears, layers: [Int]? = nil,
    baseModel: String? = nil
  ) {
    self.rank = rank
    self.alpha = alpha
    self.rankStabilized = rankStabilized
    self.targetModules = .names(Set(targetModules))
    self.layers = layers
    self.baseModel = baseModel
  }

  /// The factor before `B·A`, where no pattern says otherwise.
  package var scaling: Double {
    Self.scaling(rank: rank, alpha: alpha, rankStabilized: rankStabilized)
  }

  static func scaling(rank: Int, alpha: Double, rankStabilized: Bool) -> Double {
    rankStabilized ? alpha / Double(rank).squareRoot() : alpha / Double(rank)
  }

  /// Rank and scaling of a block's linear; `nil` if the adapter leaves it alone.
  package func settings(of linear: LinearLayer, layer: Int) -> (rank: Int, scaling: Double)? {
    let path = linear.path(inLayer: layer)
    if let excludedModules, excludedModules.match(path) != .none { return nil }
    switch targetModules.match(path) {
    case .none: return nil
    case .suffix: if let layers, !layers.contains(layer) { return nil }
    case .wholePath: break
    }
    let rank = rankPattern.first { $0.matches(path) }?.value ?? rank
    let alpha = alphaPattern.first { $0.matches(path) }?.value ?? alpha
    return (rank, Self.scaling(rank: rank, alpha: alpha, rankStabilized: rankStabilized))
  }

  /// One of an adapter's two matrices.
  package enum Matrix: String, Sendable, Hashable, CaseIterable {
    /// `A`, `[rank, in]`.
    case a = "lora_A"
    /// `B`, `[out, rank]`.
    case b = "lora_B"
  }

  /// PEFT's name of a matrix, such as
  /// `base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight`.
  package static func tensorName(layer: Int, linear: LinearLayer, matrix: Matrix) -> String {
    "base_model.model.\(linear.path(inLayer: layer)).\(matrix.rawValue).weight"
  }

  /// The configuration as PEFT's `adapter_config.json`.
  package func json() -> JSON {
    [
      "peft_type": "LORA",
      "task_type": "CAUSAL_LM",
      "base_model_name_or_path": baseModel.map(JSON.string) ?? .null,
      "revision": nil,
      "r": .integer(rank),
      "lora_alpha": Self.json(alpha),
      "lora_dropout": 0.0,
      "bias": "none",
      "use_rslora": .boolean(rankStabilized),
      "use_dora": false,
      "inference_mode": true,
      "fan_in_fan_out": false,
      "init_lora_weights": true,
      "modules_to_save": nil,
      "rank_pattern": .object(
        JSONObject(rankPattern.map { .init($0.key, .integer($0.value)) })),
      "alpha_pattern": .object(
        JSONObject(alphaPattern.map { .init($0.key, Self.json($0.value)) })),
      "target_modules": targetModules.json,
      "layers_to_transform": layers.map { .array($0.map(JSON.integer)) } ?? .null,
      "layers_pattern": nil,
      "exclude_modules": excludedModules?.json ?? .null,
    ]
  }

  /// A whole number where it is one: PEFT declares α to be one.
  private static func json(_ alpha: Double) -> JSON {
    Int(exactly: alpha).map(JSON.integer) ?? .number(alpha)
  }
}
