/// Names of a model's tensors in GGUF files and in folders.
enum GGUFTensorNames {
  private static let whole = [
    "model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
  ]
  private static let parts = [
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
  ]

  /// What files call the tensor that folders call `name`, such as `model.layers.3.mlp.up_proj.weight`.
  static func name(ofFolder name: String) -> String {
    if let whole = whole[name] { return whole }
    let pieces = name.split(separator: ".", maxSplits: 3)
    guard pieces.count == 4, let dot = pieces[3].lastIndex(of: ".") else { return name }
    let part = parts[String(pieces[3][..<dot])] ?? String(pieces[3][..<dot])
    return "blk.\(pieces[2]).\(part)\(pieces[3][dot...])"
  }

  /// Tensors that say the same as metadata or as another tensor.
  static func isRedundant(_ name: String) -> Bool {
    name == GGUFRopeFactors.tensor || name.hasSuffix(".attn_rot_embd.weight")
      || name.hasSuffix(".attn_rot_embd")
  }
}

/// The order of the rows of q and k.
///
/// transformers turns element i of a head with i + n/2, llama.cpp i with i + 1: in files the two halves
/// of a head's rows alternate.
struct GGUFRowOrder {
  let headSize: Int

  /// The row of a file that a folder's row is in.
  func rowInFile(_ row: Int) -> Int {
    let (head, place) = (row / headSize, row % headSize)
    let half = headSize / 2
    return head * headSize + 2 * (place % half) + place / half
  }

  /// The row of a folder that a file's row is in.
  func rowInFolder(_ row: Int) -> Int {
    let (head, place) = (row / headSize, row % headSize)
    return head * headSize + place % 2 * (headSize / 2) + place / 2
  }
}
