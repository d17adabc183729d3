/// A program that trains elsewhere what `askew train` would train here.
package enum TrainingTool: String, Sendable, Hashable, Codable, CaseIterable {
  /// Hugging Face TRL.
  case trl
  case axolotl
  /// LLaMA-Factory.
  case llamaFactory = "llama-factory"
  /// mlx-lm.
  case mlx = "mlx-lm"

  /// Whether its rows are token ids and labels. The others get text, which they tokenize themselves.
  var takesTokens: Bool { self == .trl || self == .axolotl }

  /// The version that the keys and the rules of its files were checked against.
  var version: String {
    switch self {
    case .trl: "TRL 1.16.0"
    case .axolotl: "axolotl 0.19.0"
    case .llamaFactory: "LLaMA-Factory 0.9.5"
    case .mlx: "mlx-lm 0.32.2"
    }
  }

  /// How it is run in the folder of the export.
  var command: String {
    switch self {
    case .trl: "trl sft --config config.yaml"
    case .axolotl: "axolotl train config.yaml"
    case .llamaFactory: "llamafactory-cli train config.yaml"
    case .mlx: "mlx_lm.lora --config config.yaml"
    }
  }
}
