import CKernels

/// A matrix operand: where it lies and how to walk it.
struct Operand {
  let base: UnsafeRawPointer
  let row: Int
  let column: Int
  var isPacked = false

  /// A packed weight, transposed.
  static func packed(_ base: UnsafeRawPointer) -> Operand {
    Operand(base: base, row: 0, column: 0, isPacked: true)
  }

  /// Row-major as it stands, rows `stride` apart.
  static func rows(_ base: UnsafeRawPointer, stride: Int) -> Operand {
    Operand(base: base, row: stride, column: 1)
  }

  /// The transpose of a row-major matrix with rows `stride` apart.
  static func transposed(_ base: UnsafeRawPointer, stride: Int) -> Operand {
    Operand(base: base, row: 1, column: stride)
  }
}

/// One matrix product c[rows, columns] = a[rows, inner] · b[inner, columns], by oneDNN, on the
/// calling thread.
struct Product {
  let rows: Int
  let columns: Int
  let inner: Int
  let a: Operand
  let b: Operand
  let precision: Precision

  /// Assigns; `result` is the type of `c`.
  func assign(to c: UnsafeMutableRawPointer, stride: Int, result: Precision = .f32) {
    run(c, stride, result, accumulate: false)
  }

  /// Adds to what stands in `c`.
  func add(to c: UnsafeMutableRawPointer, stride: Int, result: Precision = .f32) {
    run(c, stride, result, accumulate: true)
  }

  private func run(
    _ c: UnsafeMutableRawPointer, _ stride: Int, _ result: Precision, accumulate: Bool
  ) {
    var shape = askew_matmul_shape(
      m: Int64(rows), n: Int64(columns), k: Int64(inner),
      a_row: Int64(a.row), a_col: Int64(a.column), b_row: Int64(b.row), b_col: Int64(b.column),
      c_row: Int64(stride), operand_type: precision.kernelType, result_type: result.kernelType,
      accumulate: accumulate ? 1 : 0, b_packed: b.isPacked ? 1 : 0)
    let status = askew_matmul(&shape, a.base, b.base, c)
    precondition(
      status == 0, "oneDNN status \(status) for [\(rows), \(inner)] · [\(inner), \(columns)]")
  }

  /// Whether this machine's oneDNN multiplies operands of `precision` at all.
  static func isSupported(_ precision: Precision) -> Bool {
    var shape = askew_matmul_shape(
      m: 16, n: 16, k: 16, a_row: 16, a_col: 1, b_row: 1, b_col: 16, c_row: 16,
      operand_type: precision.kernelType, result_type: Precision.f32.kernelType, accumulate: 0,
      b_packed: 0)
    let block = ParameterBlock(count: 3 * 256)
    return withExtendedLifetime(block) {
      askew_matmul(&shape, block.floats, block.floats + 256, block.floats + 512) == 0
    }
  }
}
