import Core

/// How the elements of a tensor in a GGUF file are stored.
///
/// The quantised types keep blocks of 32 or 256 elements with scales of their own (ggml, `ggml-common.h`).
package enum GGUFTensorType: UInt32, Sendable, Hashable, CaseIterable {
  case f32 = 0
  case f16 = 1
  // With a scale, and with a scale and a minimum.
  case q4 = 2
  case q4m = 3
  case q5 = 6
  case q5m = 7
  case q8 = 8
  // Blocks of 256, in groups with scales of their own.
  case q2k = 10
  case q3k = 11
  case q4k = 12
  case q5k = 13
  case q6k = 14
  case bf16 = 30

  /// Elements of a block.
  package var blockElementCount: Int {
    switch self {
    case .f32, .f16, .bf16: 1
    case .q4, .q4m, .q5, .q5m, .q8: 32
    case .q2k, .q3k, .q4k, .q5k, .q6k: 256
    }
  }

  /// Bytes of a block.
  package var blockByteCount: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .q4: 18
    case .q4m: 20
    case .q5: 22
    case .q5m: 24
    case .q8: 34
    case .q2k: 84
    case .q3k: 110
    case .q4k: 144
    case .q5k: 176
    case .q6k: 210
    }
  }

  /// As ggml writes it.
  package var name: String {
    switch self {
    case .f32: "F32"
    case .f16: "F16"
    case .bf16: "BF16"
    case .q4: "Q4_0"
    case .q4m: "Q4_1"
    case .q5: "Q5_0"
    case .q5m: "Q5_1"
    case .q8: "Q8_0"
    case .q2k: "Q2_K"
    case .q3k: "Q3_K"
    case .q4k: "Q4_K"
    case .q5k: "Q5_K"
    case .q6k: "Q6_K"
    }
  }

  /// The type of safetensors that loses nothing and is as short as can be.
  var dataType: DataType {
    switch self {
    case .f16: .float16
    case .bf16: .bfloat16
    default: .float32
    }
  }

  /// Types that ggml has and this reader has not, by number.
  private static let others: [UInt32: String] = [
    4: "Q4_2", 5: "Q4_3", 9: "Q8_1", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS",
    19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16",
    26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
    40: "NVFP4", 41: "Q1_0",
  ]

  /// What a message calls the type of this number.
  static func name(ofNumber number: UInt32) -> String {
    GGUFTensorType(rawValue: number)?.name ?? others[number] ?? "\(number)"
  }
}
