import Formats

/// How log-likelihoods change with the embedding that stands in the place of one token: what another token in its place
/// would do, to first order (HotFlip; J. Ebrahimi et al., arXiv 1712.06751).
package struct InputGradient {
  /// With an output of its own: what a token does where it is read is not what it does where it is said.
  private let model: Model
  private let pool: WorkerPool

  /// - Parameter model: in 32 bits; it is copied.
  package init(_ model: Model, pool: WorkerPool) {
    self.pool = pool
    var configuration = model.configuration
    configuration.tiedEmbeddings = false
    let untied = Model(configuration)
    for slot in untied.layout.slots {
      let source = model.layout.slot(named: slot.name)?.offset ?? model.offsets.embedding
      (untied.weights.floats + slot.offset).update(
        from: model.weights.floats + source, count: slot.count)
    }
    self.model = untied
  }

  /// Σ wᵢ ∂(log p of the trained tokens of sequence i)/∂e, with e the embedding where the token stands, `[channels]`.
  ///
  /// - Parameters:
  ///   - token: whose places are meant; wherever it stands in a sequence.
  ///   - weights: one a sequence.
  /// - Precondition: tokens of the vocabulary.
  package func gradient(
    of sequences: [TrainingSequence], weights: [Double], at token: Int32
  ) -> [Double] {
    precondition(
      sequences.count == weights.count, "\(weights.count) weights, \(sequences.count) sequences")
    for sequence in sequences { model.check(sequence.tokens) }
    let width = model.configuration.hiddenSize
    let operands = ModelOperands(model, precision: .f32)
    let rotary = RotaryTable(
      model.configuration, positions: sequences.map(\.tokens.count).max() ?? 1)
    let passes = (0..<pool.threadCount).map { _ in
      ShardPass(
        model: model, adapter: nil, operands: operands, adapterOperands: nil, rotary: rotary)
    }
    // Of all gradients of a pass only one row is looked at; the others add up to nothing that anybody reads.
    let blocks = passes.map { _ in ParameterBlock(count: model.layout.count) }
    let place = model.offsets.embedding + Int(token) * width
    let parts = Self.parts(of: sequences, weights)
    var rows = [[Float]](repeating: [], count: parts.count)
    rows.withUnsafeMutableBufferPointer { rows in
      nonisolated(unsafe) let rows = rows
      pool.run(parts.count) { worker, index in
        let row = blocks[worker].floats + place
        row.update(repeating: 0, count: width)
        // Of the loss, which is −log p.
        _ = passes[worker].run(
          parts[index].map { sequences[$0] }, scale: 1, gradients: blocks[worker].floats)
        rows[index] = Array(UnsafeBufferPointer(start: row, count: width))
      }
    }
    var sum = [Double](repeating: 0, count: width)
    for (part, row) in zip(parts, rows) {
      let weight = weights[part[0]]
      for (channel, value) in row.enumerated() { sum[channel] -= weight * Double(value) }
    }
    return sum
  }

  /// Sequences of one weight that go through a pass together.
  private static func parts(of sequences: [TrainingSequence], _ weights: [Double]) -> [[Int]] {
    var (parts, tokens) = ([[Int]](), 0)
    for index in sequences.indices {
      let count = sequences[index].tokens.count
      if let last = parts.last?.last, weights[last] == weights[index], tokens + count <= 384 {
        parts[parts.count - 1].append(index)
        tokens += count
      } else {
        parts.append([index])
        tokens = count
      }
    }
    return parts
  }

  /// e · g of every token, `[vocabulary]`: what the sum rises by with it in the place, but for what all tokens share.
  package func scores(_ gradient: [Double]) -> [Double] {
    let width = model.configuration.hiddenSize
    return (0..<model.configuration.vocabularySize).map { token in
      let row = model.weights.floats + model.offsets.embedding + token * width
      return (0..<width).reduce(0) { $0 + gradient[$1] * Double(row[$1]) }
    }
  }
}
