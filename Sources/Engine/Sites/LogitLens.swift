import Formats

extension Model {
  /// What directions of the residual stream would say if the model ended there: the logit lens (nostalgebraist, 2020),
  /// without the scale of the normalisation, which a difference of two streams has none of:
  /// logits = W_U (γ ⊙ v), with the gains γ of the last norm.
  ///
  /// - Parameters:
  ///   - directions: `[directions][channels]`.
  ///   - pool: takes rows of the vocabulary in turn.
  /// - Returns: `[directions][vocabulary]`.
  /// - Precondition: the weights lie plain.
  package func lens(_ directions: [[Float]], on pool: WorkerPool) -> [[Float]] {
    let (width, vocabulary) = (configuration.hiddenSize, configuration.vocabularySize)
    guard !directions.isEmpty else { return [] }
    let gains = gain
    let scaled = directions.flatMap { direction in
      precondition(direction.count == width, "\(direction.count) channels, expected \(width)")
      return direction.indices.map { direction[$0] * gains[$0] }
    }
    let logits = ParameterBlock(count: directions.count * vocabulary)
    let parts = stride(from: 0, to: vocabulary, by: Self.lensRows).map {
      $0..<min($0 + Self.lensRows, vocabulary)
    }
    withExtendedLifetime(logits) {
      pool.run(parts.count) { _, index in
        let part = parts[index]
        let rows = headRows(part)
        scaled.withUnsafeBufferPointer { a in
          rows.withUnsafeBufferPointer { b in
            guard let a = a.baseAddress, let b = b.baseAddress else { return }
            Product(
              rows: directions.count, columns: part.count, inner: width,
              a: .rows(a, stride: width), b: .transposed(b, stride: width), precision: .f32
            ).assign(to: logits.floats + part.lowerBound, stride: vocabulary)
          }
        }
      }
    }
    return directions.indices.map { index in
      Array(UnsafeBufferPointer(start: logits.floats + index * vocabulary, count: vocabulary))
    }
  }

  private static let lensRows = 1024

  private var gain: [Float] {
    let start =
      switch storage {
      case .full(let block): block.floats + offsets.finalNorm
      case .half(let block): block.vector(at: offsets.finalNorm)
      }
    return Array(UnsafeBufferPointer(start: start, count: configuration.hiddenSize))
  }

  /// Of the unembedding, in 32 bits.
  private func headRows(_ rows: Range<Int>) -> [Float] {
    let width = configuration.hiddenSize
    let (start, count) = (rows.lowerBound * width, rows.count * width)
    switch storage {
    case .full(let block):
      return Array(UnsafeBufferPointer(start: block.floats + offsets.head + start, count: count))
    case .half(let block):
      let bits = block.matrix(at: offsets.head) + start
      return (0..<count).map { Float(bitPattern: UInt32(bits[$0]) << 16) }
    }
  }
}
