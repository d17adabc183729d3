import CKernels

/// The typed kernels of `CKernels`, chosen by precision. Each call's shapes stand in `CKernels.h`.
extension Precision {
  typealias Floats = UnsafeMutablePointer<Float>
  typealias Raw = UnsafeMutableRawPointer

  func normForward(
    _ x: Floats, weight: Floats, to y: Raw, rstd: Floats, rows: Int, width: Int, epsilon: Double
  ) {
    switch self {
    case .f32: askew_rmsnorm_forward_f32(x, weight, y.floats, rstd, rows, width, Float(epsilon))
    case .bf16: askew_rmsnorm_forward_bf16(x, weight, y.halves, rstd, rows, width, Float(epsilon))
    }
  }

  func normBackward(
    _ dy: Floats, x: Floats, weight: Floats, rstd: Floats, dx: Floats, operand: Raw?,
    dweight: Floats?, rows: Int, width: Int
  ) {
    switch self {
    case .f32:
      askew_rmsnorm_backward_f32(
        dy, x, weight, rstd, dx, operand?.floats, dweight, rows, width)
    case .bf16:
      askew_rmsnorm_backward_bf16(
        dy, x, weight, rstd, dx, operand?.halves, dweight, rows, width)
    }
  }

  func swigluForward(_ gateUp: Raw, to act: Raw, rows: Int, width: Int) {
    switch self {
    case .f32: askew_swiglu_forward_f32(gateUp.floats, act.floats, rows, width)
    case .bf16: askew_swiglu_forward_bf16(gateUp.halves, act.halves, rows, width)
    }
  }

  func swigluBackward(_ gateUp: Raw, dact: Raw, to dgateUp: Raw, rows: Int, width: Int) {
    switch self {
    case .f32: askew_swiglu_backward_f32(gateUp.floats, dact.floats, dgateUp.floats, rows, width)
    case .bf16: askew_swiglu_backward_bf16(gateUp.halves, dact.halves, dgateUp.halves, rows, width)
    }
  }

  func attentionForward(
    _ qkv: Floats, to out: Raw, lse: Floats, work: Floats, tokens: Int, from first: Int,
    heads: Int, keyValueHeads: Int, headSize: Int, window: Int?
  ) {
    let window = window ?? Int.max
    switch self {
    case .f32:
      askew_attention_forward_f32(
        qkv, out.floats, lse, work, tokens, first, heads, keyValueHeads, headSize, window)
    case .bf16:
      askew_attention_forward_bf16(
        qkv, out.halves, lse, work, tokens, first, heads, keyValueHeads, headSize, window)
    }
  }

  func cast(_ x: Floats, to y: Raw, count: Int, scale: Double = 1) {
    switch self {
    case .f32: askew_cast_f32(x, y.floats, count, Float(scale))
    case .bf16: askew_cast_bf16(x, y.halves, count, Float(scale))
    }
  }

  func crossEntropy(
    _ logits: Floats, targets: UnsafePointer<Int32>, dlogits: Raw?, losses: Floats, rows: Int,
    vocabulary: Int, scale: Float
  ) {
    switch self {
    case .f32:
      askew_cross_entropy_f32(logits, targets, dlogits?.floats, losses, rows, vocabulary, scale)
    case .bf16:
      askew_cross_entropy_bf16(logits, targets, dlogits?.halves, losses, rows, vocabulary, scale)
    }
  }

  func divergence(
    _ logits: Floats, reference: Floats, targets: UnsafePointer<Int32>, dlogits: Raw,
    losses: Floats, rows: Int, vocabulary: Int, scale: Float
  ) {
    switch self {
    case .f32:
      askew_divergence_f32(
        logits, reference, targets, dlogits.floats, losses, rows, vocabulary, scale)
    case .bf16:
      askew_divergence_bf16(
        logits, reference, targets, dlogits.halves, losses, rows, vocabulary, scale)
    }
  }
}

extension UnsafeMutableRawPointer {
  var floats: UnsafeMutablePointer<Float> { assumingMemoryBound(to: Float.self) }
  var halves: UnsafeMutablePointer<UInt16> { assumingMemoryBound(to: UInt16.self) }
}
