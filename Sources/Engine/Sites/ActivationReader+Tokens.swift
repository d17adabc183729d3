import Formats

/// The residual stream at the read tokens of one text.
package struct TokenActivations: Sendable {
  /// `[token, site, channel]`.
  package let values: [Float]
  package let siteCount: Int
  package let width: Int

  package init(values: [Float], siteCount: Int, width: Int) {
    precondition(values.count % (siteCount * width) == 0, "whole tokens")
    (self.values, self.siteCount, self.width) = (values, siteCount, width)
  }

  package var tokenCount: Int { values.count / (siteCount * width) }

  /// All sites of a token.
  package subscript(token: Int) -> ArraySlice<Float> {
    values[token * siteCount * width..<(token + 1) * siteCount * width]
  }
}

extension ActivationReader {
  /// Hands the activations at every read token of each text to `body`, whose results are kept in the order of the
  /// texts: what is large need not be.
  ///
  /// - Parameters:
  ///   - goesOn: asked now and then; texts that are read after a no have no result.
  ///   - body: called with the index of a text, by the pool's threads.
  /// - Precondition: at least one read token in each text, tokens of the vocabulary.
  package func read<Result: Sendable>(
    _ sequences: [ReadSequence], goesOn: @escaping @Sendable () -> Bool = { true },
    _ body: @escaping @Sendable (Int, TokenActivations) -> Result
  ) -> [Result?] {
    let passes = passes(for: sequences)
    let parts = Self.parts(of: sequences)
    var results = [Result?](repeating: nil, count: sequences.count)
    results.withUnsafeMutableBufferPointer { results in
      // Workers write disjoint elements.
      nonisolated(unsafe) let results = results
      pool.run(parts.count) { [sites] worker, index in
        guard goesOn() else { return }
        let part = parts[index]
        for (offset, tokens) in passes[worker].tokens(of: sequences[part], sites).enumerated() {
          let text = part.lowerBound + offset
          results[text] = body(text, tokens)
        }
      }
    }
    return results
  }
}

extension ShardPass {
  fileprivate func tokens(
    of sequences: ArraySlice<ReadSequence>, _ sites: [Site]
  ) -> [TokenActivations] {
    let width = configuration.hiddenSize
    // A row carries the loss of the token behind it: with a token more, the loss rows are the read ones.
    prepare(
      sequences.map { TrainingSequence(tokens: $0.tokens + [0], trained: [false] + $0.isRead) })
    guard let buffers else { return [] }
    let counts = sequences.map { $0.isRead.count { $0 } }
    let wanted = Dictionary(grouping: sites.indices) { SiteEdits.Point(sites[$0]) }
    var values = [Float](
      repeating: 0, count: lossRows.count * sites.count * width)
    values.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let values = values
      visit = { [lossRows] point, stream in
        for site in wanted[point] ?? [] {
          for (token, row) in lossRows.enumerated() {
            let target = values.baseAddress! + (token * sites.count + site) * width
            target.update(from: stream + row * width, count: width)
          }
        }
      }
      gradients = nil
      forward(buffers)
      visit = nil
    }
    var next = 0
    return counts.map { count in
      defer { next += count }
      return TokenActivations(
        values: Array(values[next * sites.count * width..<(next + count) * sites.count * width]),
        siteCount: sites.count, width: width)
    }
  }
}
