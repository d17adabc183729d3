import Formats

/// How the columns of a large model's products are cut among workers: by the product's width alone,
/// so that an answer's bytes do not depend on the number of threads.
enum ColumnCuts {
  /// What oneDNN's kernels take at a time.
  private static let step = 32

  /// Enough cuts for the workers of a desktop, few enough to keep each product worth its call.
  ///
  /// - Parameter step: columns of a cut are a multiple of it.
  static func of(_ columns: Int, step: Int = step) -> [Range<Int>] {
    let parts = columns < 2048 ? 4 : columns < 32_768 ? 8 : 16
    let size = max(2 * step, ((columns + parts - 1) / parts + step - 1) / step * step)
    return stride(from: 0, to: columns, by: size).map { $0..<min($0 + size, columns) }
  }

  /// Whether a step of decoding is bound by the memory that its weights lie in.
  static func serve(_ model: Model, precision: Precision) -> Bool {
    model.parameterCount * precision.bytes > 64 << 20
  }
}
