import CKernels
import Formats

/// The 32-bit weights of decoding's products, in panels of sixteen rows as `askew_row_product` reads
/// them: a copy beside the model's own, made once for all steps.
///
/// `@unchecked Sendable`: written in `init` alone.
final class PanelWeights: @unchecked Sendable {
  /// Weights that a panel holds the rows of: a cut of columns begins at a multiple of it.
  static let width = 16
  /// Columns that the widest tile takes at a time: a cut of as many leaves no panel over.
  static let step = 3 * width

  private var panels: [Int: UnsafeMutablePointer<Float>] = [:]

  /// Every matrix of a model, by its offset in the layout.
  ///
  /// - Precondition: operands of 32 bits.
  init(_ model: Model, _ operands: ModelOperands) {
    let c = model.configuration
    func add(_ offset: Int, rows: Int, columns: Int) {
      let matrix = operands.matrix(offset).assumingMemoryBound(to: Float.self)
      self.add(matrix, at: offset, rows: rows, columns: columns)
    }
    add(model.offsets.head, rows: c.vocabularySize, columns: c.hiddenSize)
    for layer in model.offsets.layers {
      for group in LinearGroup.allCases {
        add(group.weight(layer), rows: group.outputSize(c), columns: group.inputSize(c))
      }
    }
  }

  /// Both matrices of each part of an adapter, by their offsets.
  init(_ adapter: Adapter, in c: ModelConfiguration) {
    let rank = adapter.configuration.rank
    for layer in 0..<c.layerCount {
      for group in LinearGroup.allCases {
        for part in adapter.parts(of: group, layer: layer, in: c) {
          let floats = adapter.weights.floats
          add(
            floats + part.adapter.a, at: part.adapter.a, rows: rank, columns: group.inputSize(c))
          add(floats + part.adapter.b, at: part.adapter.b, rows: part.adapter.rows, columns: rank)
        }
      }
    }
  }

  deinit { for panel in panels.values { UnsafeMutableRawPointer(panel).deallocate() } }

  private func add(_ matrix: UnsafePointer<Float>, at offset: Int, rows: Int, columns: Int) {
    let padded = (rows + Self.width - 1) / Self.width * Self.width
    let panel = ParameterBlock.allocate(padded * columns, of: Float.self)
    askew_pack_rows(matrix, columns, panel, rows, columns)
    panels[offset] = panel
  }

  /// output[rows, columns] (+)= input[rows, inner] · wᵀ for some rows of the weight at `offset`.
  ///
  /// A row's result is the same bytes whatever `rows` is, and however columns are cut.
  /// - Precondition: `columns` begins at a multiple of `width`.
  func multiply(
    _ input: UnsafePointer<Float>, rows: Int, inner: Int, weight offset: Int,
    columns: Range<Int>, to output: UnsafeMutablePointer<Float>, stride: Int, add: Bool
  ) {
    guard let panel = panels[offset] else {
      preconditionFailure("no matrix begins at offset \(offset)")
    }
    askew_row_product(
      input, inner, panel + columns.lowerBound * inner, output + columns.lowerBound, stride, rows,
      columns.count, inner, add ? 1 : 0)
  }
}
