import Formats

extension ShardPass {
  /// Edits the residual stream where that is asked for, and hands it to the visitor.
  func pass(_ point: SiteEdits.Point, _ buffers: Activations) {
    for (index, edit) in edits[point] {
      edit.apply(
        to: buffers.residual, rows: rows(of: edit.tokens),
        projections: keeping == .nothing ? nil : buffers.projections[index])
    }
    visit?(point, buffers.residual)
  }

  /// The rows of some tokens.
  func rows(of tokens: ResidualEdit.Tokens) -> [Int] {
    switch tokens {
    case .all: Array(0..<rows)
    case .lastPrompt: lastPromptRows
    case .answer: answerRows
    }
  }

  /// The way back through the edits of a point, the last one first.
  func passBackward(_ point: SiteEdits.Point, _ buffers: Activations) {
    let edits = edits[point]
    guard !edits.isEmpty else { return }
    for (index, edit) in edits.reversed() {
      edit.applyBackward(
        to: buffers.gradient, rows: rows(of: edit.tokens), projections: buffers.projections[index])
    }
    precision.cast(
      buffers.gradient, to: buffers.gradientOperand, count: rows * configuration.hiddenSize)
  }
}

extension ShardPass {
  /// Forward through all blocks, for what the visitor sees of it.
  func readOnly(_ sequences: [TrainingSequence]) {
    gradients = nil
    prepare(sequences)
    if let buffers { forward(buffers) }
  }

  /// −Σ log p of each sequence's trained tokens, in nats; 0 of one without any.
  func losses(of sequences: [TrainingSequence]) -> [Double] {
    _ = run(sequences, scale: 0, gradients: nil)
    return lastLosses(of: sequences)
  }

  /// The residual stream of all rows at a point, `[rows, channels]`, on the way to nowhere.
  func stream(of sequences: [TrainingSequence], at point: SiteEdits.Point) -> [Float] {
    var stream: [Float] = []
    let count = configuration.hiddenSize
    visit = { [unowned self] place, residual in
      guard place == point else { return }
      stream = Array(UnsafeBufferPointer(start: residual, count: rows * count))
    }
    defer { visit = nil }
    readOnly(sequences)
    return stream
  }

  /// The same losses as ``losses(of:)``, from what the residual stream is at a point.
  func losses(
    of sequences: [TrainingSequence], from stream: [Float], at point: SiteEdits.Point
  ) -> [Double] {
    gradients = nil
    prepare(sequences)
    guard let buffers, rows > 0, !lossRows.isEmpty else { return sequences.map { _ in 0 } }
    stream.withUnsafeBufferPointer {
      buffers.residual.update(from: $0.baseAddress!, count: stream.count)
    }
    forward(buffers, from: point)
    _ = outputLoss(buffers, scale: 0, reference: nil)
    return lastLosses(of: sequences)
  }

  private func lastLosses(of sequences: [TrainingSequence]) -> [Double] {
    guard let buffers else { return sequences.map { _ in 0 } }
    var next = 0
    return sequences.map { sequence in
      let count = sequence.read.isEmpty ? 0 : sequence.trainedCount
      defer { next += count }
      return (next..<next + count).reduce(0) { $0 + Double(buffers.losses[$1]) }
    }
  }
}
