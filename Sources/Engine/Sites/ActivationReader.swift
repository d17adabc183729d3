import Formats

/// A text of which a model's activations are read: token ids, and at which of them.
package struct ReadSequence: Sendable, Hashable {
  package var tokens: [Int32]
  package var isRead: [Bool]

  package init(tokens: [Int32], isRead: [Bool]) {
    precondition(tokens.count == isRead.count, "\(tokens.count) tokens, \(isRead.count) flags")
    (self.tokens, self.isRead) = (tokens, isRead)
  }
}

/// Means of the residual stream over the read tokens of texts, at several sites in one pass.
///
/// The activation at a token is what the blocks have made of it and of all before it, as transformers'
/// `hidden_states` have it; of an edited model it is read after the edit. No activation of a single token is
/// kept by ``means(of:goesOn:)``. Results do not depend on the number of threads.
package final class ActivationReader {
  private let shared: SharedOperands
  let pool: WorkerPool
  let sites: [Site]

  /// - Parameters:
  ///   - model: the model that reads.
  ///   - adapter: applied beside the weights.
  ///   - sites: where, in the order of the results.
  ///   - precision: of the matrix products.
  ///   - pool: the threads that work.
  /// - Throws: `TrainingError.unsupported`.
  /// - Precondition: sites of the model; a model kept in bfloat16 is read with that precision.
  package init(
    model: Model, adapter: Adapter? = nil, sites: [Site], precision: Precision, pool: WorkerPool
  ) throws {
    guard Product.isSupported(precision) else { throw TrainingError.unsupported(precision) }
    for site in sites {
      precondition((0..<model.configuration.layerCount).contains(site.layer), "no site \(site)")
    }
    (self.sites, self.pool) = (sites, pool)
    shared = SharedOperands(AdaptedModel(model, adapter: adapter), precision)
  }

  /// Tokens of a pass, about.
  private static let tokensPerPass = 512

  /// The mean activation of each text, `[text][site][channels]`.
  ///
  /// - Parameter goesOn: asked now and then; what is read after a no is zeros.
  /// - Precondition: at least one read token in each text, tokens of the vocabulary.
  package func means(
    of sequences: [ReadSequence], goesOn: @escaping @Sendable () -> Bool = { true }
  ) -> [[[Float]]] {
    let passes = passes(for: sequences)
    let parts = Self.parts(of: sequences)
    let width = shared.model.configuration.hiddenSize
    var means = [[[Float]]](
      repeating: Array(repeating: Array(repeating: 0, count: width), count: sites.count),
      count: sequences.count)
    means.withUnsafeMutableBufferPointer { means in
      // Workers write disjoint elements.
      nonisolated(unsafe) let means = means
      pool.run(parts.count) { [sites] worker, index in
        guard goesOn() else { return }
        let part = parts[index]
        for (offset, sums) in passes[worker].means(of: sequences[part], sites).enumerated() {
          means[part.lowerBound + offset] = sums
        }
      }
    }
    return means
  }

  /// One a thread, with room for these.
  func passes(for sequences: [ReadSequence]) -> [ShardPass] {
    for sequence in sequences {
      shared.model.check(sequence.tokens)
      precondition(sequence.isRead.contains(true), "a text without a token to read")
    }
    let rotary = RotaryTable(
      shared.model.configuration, positions: sequences.map(\.tokens.count).max() ?? 0)
    return (0..<pool.threadCount).map { _ in shared.pass(rotary) }
  }

  /// Ranges of sequences, in their order, of at most so many tokens together; a longer one is alone.
  static func parts(of sequences: [ReadSequence]) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var left = 0
    for (index, sequence) in sequences.enumerated() {
      if let last = parts.last, sequence.tokens.count <= left {
        parts[parts.count - 1] = last.lowerBound..<index + 1
      } else {
        parts.append(index..<index + 1)
        left = tokensPerPass
      }
      left -= sequence.tokens.count
    }
    return parts
  }
}

extension ShardPass {
  /// `[text][site][channels]`.
  fileprivate func means(of sequences: ArraySlice<ReadSequence>, _ sites: [Site]) -> [[[Float]]] {
    let width = configuration.hiddenSize
    // A row carries the loss of the token behind it: with a token more, the loss rows are the read ones.
    prepare(
      sequences.map { TrainingSequence(tokens: $0.tokens + [0], trained: [false] + $0.isRead) })
    guard let buffers else { return [] }
    let counts = sequences.map { $0.isRead.count { $0 } }
    var means = [[[Float]]](
      repeating: Array(repeating: Array(repeating: 0, count: width), count: sites.count),
      count: sequences.count)
    let wanted = Dictionary(
      grouping: sites.indices
    ) { SiteEdits.Point(sites[$0]) }
    visit = { [lossRows] point, stream in
      for site in wanted[point] ?? [] {
        var next = 0
        for (text, count) in counts.enumerated() {
          means[text][site] = Self.mean(of: lossRows[next..<next + count], stream, width)
          next += count
        }
      }
    }
    defer { visit = nil }
    gradients = nil
    forward(buffers)
    return means
  }

  private static func mean(
    of rows: ArraySlice<Int>, _ stream: UnsafeMutablePointer<Float>, _ width: Int
  ) -> [Float] {
    var sums = [Double](repeating: 0, count: width)
    for row in rows {
      let h = stream + row * width
      for i in 0..<width { sums[i] += Double(h[i]) }
    }
    return sums.map { Float($0 / Double(rows.count)) }
  }
}
