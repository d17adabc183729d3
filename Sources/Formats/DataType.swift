/// Element types of safetensors; `float32`, `bfloat16` and `float16` can be read as numbers.
package enum DataType: String, Sendable, Hashable, CaseIterable {
  case boolean = "BOOL"
  case float4 = "F4"
  case float6E2M3 = "F6_E2M3"
  case float6E3M2 = "F6_E3M2"
  case unsigned8 = "U8"
  case signed8 = "I8"
  case float8E5M2 = "F8_E5M2"
  case float8E4M3 = "F8_E4M3"
  case float8E8M0 = "F8_E8M0"
  case float8E4M3FNUZ = "F8_E4M3FNUZ"
  case float8E5M2FNUZ = "F8_E5M2FNUZ"
  case signed16 = "I16"
  case unsigned16 = "U16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case signed32 = "I32"
  case unsigned32 = "U32"
  case float32 = "F32"
  case complex64 = "C64"
  case float64 = "F64"
  case signed64 = "I64"
  case unsigned64 = "U64"

  /// Bits of one element; some types take less than a byte.
  package var bitCount: Int {
    switch self {
    case .float4: 4
    case .float6E2M3, .float6E3M2: 6
    case .boolean, .unsigned8, .signed8, .float8E5M2, .float8E4M3, .float8E8M0, .float8E4M3FNUZ,
      .float8E5M2FNUZ:
      8
    case .signed16, .unsigned16, .float16, .bfloat16: 16
    case .signed32, .unsigned32, .float32: 32
    case .complex64, .float64, .signed64, .unsigned64: 64
    }
  }
}
