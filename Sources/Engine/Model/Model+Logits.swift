import Formats

extension Model {
  /// The logits after every token of a sequence, `[tokens, vocabulary]`, by the pass that training
  /// uses: the oracle of the sampler's cache and the way to compare with other tools.
  ///
  /// - Parameters:
  ///   - tokens: the sequence.
  ///   - adapter: applied beside the weights, as in training.
  ///   - precision: of the matrix products.
  /// - Throws: `TrainingError.unsupported`.
  /// - Precondition: a model kept in bfloat16 is read with that precision; at least one token, and every token below the vocabulary's size.
  package func logits(
    of tokens: [Int32], adapter: Adapter? = nil, precision: Precision = .f32
  ) throws -> [Float] {
    guard Product.isSupported(precision) else { throw TrainingError.unsupported(precision) }
    check(tokens)
    let pass = ShardPass(
      model: self, adapter: adapter, operands: ModelOperands(self, precision: precision),
      adapterOperands: adapter.map { OperandBlock($0.weights, precision: precision) },
      rotary: RotaryTable(configuration, positions: tokens.count))
    return pass.logits(of: tokens)
  }

  /// Stops at tokens that would read beyond the embedding.
  func check(_ tokens: [Int32]) {
    let vocabulary = configuration.vocabularySize
    precondition(!tokens.isEmpty, "found no token, expected at least one")
    for token in tokens {
      precondition(
        (0..<vocabulary).contains(Int(token)),
        "found token \(token), expected 0 to \(vocabulary - 1)")
    }
  }
}

extension ShardPass {
  /// The logits of every row of one sequence.
  func logits(of tokens: [Int32]) -> [Float] {
    gradients = nil
    // A target behind the last token makes all of them read.
    prepare([TrainingSequence(tokens: tokens + [0])])
    guard let buffers else { return [] }
    forward(buffers)
    let c = configuration
    precision.normForward(
      buffers.residual, weight: operands.vector(model.offsets.finalNorm),
      to: buffers.lossNorm, rstd: buffers.lossRstd, rows: rows, width: c.hiddenSize,
      epsilon: c.normEpsilon)
    return [Float](unsafeUninitializedCapacity: tokens.count * c.vocabularySize) { logits, count in
      count = logits.count
      guard let base = logits.baseAddress else { return }
      Product(
        rows: tokens.count, columns: c.vocabularySize, inner: c.hiddenSize,
        a: .rows(buffers.lossNorm, stride: c.hiddenSize),
        b: .transposed(operands.matrix(model.offsets.head), stride: c.hiddenSize),
        precision: precision
      ).assign(to: base, stride: c.vocabularySize)
    }
  }
}
