import Formats

/// Log-likelihoods of texts under many changes at one site, one after the other: edits, or what another model has
/// there.
///
/// What comes before the site is the same under all of them: the texts are read up to it once, and every change
/// begins there. Texts with one prompt stand together and share it. A figure does not depend on the number of
/// threads; it is that of ``Scorer`` but for the last bits, since the products are other ones.
package final class SiteScorer {
  private let shared: SharedOperands
  private let pool: WorkerPool
  private let point: SiteEdits.Point
  private let passes: [ShardPass]
  /// Places of the sequences of a pass.
  private let parts: [[Int]]
  private let sequences: [TrainingSequence]
  /// The residual stream at the site, by part.
  private let streams: [[Float]]
  /// Of each part the rows of tokens that a patch may be about.
  private let rows: [[ResidualEdit.Tokens: [Int]]]

  /// Tokens of a pass, about: few enough that what it reads and writes stays in the cache.
  private static let tokensPerPass = 384

  /// Reads the texts up to the site.
  ///
  /// - Throws: `TrainingError.unsupported`.
  /// - Precondition: a site of the model, which is not edited itself; tokens of the vocabulary; a model kept in
  ///   bfloat16 is read with that precision.
  package init(
    _ model: AdaptedModel, _ sequences: [TrainingSequence], at site: Site, precision: Precision,
    pool: WorkerPool
  ) throws {
    guard Product.isSupported(precision) else { throw TrainingError.unsupported(precision) }
    precondition(model.model.edits.isEmpty, "an edited model is edited already")
    for sequence in sequences where sequence.trainedCount > 0 { model.model.check(sequence.tokens) }
    (self.pool, self.sequences) = (pool, sequences)
    shared = SharedOperands(model, precision)
    let point = SiteEdits.Point(site)
    self.point = point
    let rotary = RotaryTable(
      model.model.configuration, positions: sequences.map(\.tokens.count).max() ?? 0)
    let passes = (0..<pool.threadCount).map { [shared] _ in shared.pass(rotary) }
    for pass in passes { pass.sharesOpening = true }
    self.passes = passes
    let parts = Self.parts(of: sequences)
    self.parts = parts
    typealias Read = (stream: [Float], rows: [ResidualEdit.Tokens: [Int]])
    var read = [Read](repeating: ([], [:]), count: parts.count)
    read.withUnsafeMutableBufferPointer { read in
      // Workers write disjoint elements.
      nonisolated(unsafe) let read = read
      pool.run(parts.count) { worker, index in
        let pass = passes[worker]
        let stream = pass.stream(of: parts[index].map { sequences[$0] }, at: point)
        let rows = ResidualEdit.Tokens.allCases.map { ($0, pass.rows(of: $0)) }
        read[index] = (stream, Dictionary(uniqueKeysWithValues: rows))
      }
    }
    (streams, rows) = (read.map(\.stream), read.map(\.rows))
  }

  /// −Σ log p of each sequence's trained tokens, in nats.
  ///
  /// - Precondition: edits of the site.
  package func negativeLogLikelihoods(under edits: [ResidualEdit]) -> [Double] {
    for edit in edits {
      precondition(SiteEdits.Point(edit.site) == point, "found an edit of \(edit.site)")
    }
    let own = SiteEdits(shared.model.edited(by: edits).edits)
    for pass in passes { pass.edits = own }
    return losses(from: streams)
  }

  /// The same where, token by token, the stream at the site is another model's: all of it (activation patching),
  /// or only what lies along a direction, h ← h + ((h′ − h) · v̂) v̂ with h′ of the donor.
  ///
  /// A model that is patched with itself stays what it is, to the byte.
  /// - Parameters:
  ///   - donor: has read the same texts up to the same site.
  ///   - direction: `[channels]`, of any length but 0; `nil`: the whole stream.
  ///   - tokens: that are patched.
  package func negativeLogLikelihoods(
    patchedFrom donor: SiteScorer, along direction: [Float]? = nil,
    on tokens: ResidualEdit.Tokens = .all
  ) -> [Double] {
    losses(from: patched(from: donor, along: direction) { $0[tokens] ?? [] })
  }

  /// The same for the tokens before the last one of a prompt, which no edit is about.
  package func negativeLogLikelihoods(earlierPatchedFrom donor: SiteScorer) -> [Double] {
    losses(
      from: patched(from: donor, along: nil) { rows in
        let later = Set((rows[.lastPrompt] ?? []) + (rows[.answer] ?? []))
        return (rows[.all] ?? []).filter { !later.contains($0) }
      })
  }

  /// - Parameter chosen: of a part's rows by tokens, those that are patched.
  private func patched(
    from donor: SiteScorer, along direction: [Float]?,
    _ chosen: ([ResidualEdit.Tokens: [Int]]) -> [Int]
  ) -> [[Float]] {
    precondition(
      donor.point == point && donor.sequences == sequences
        && donor.shared.model.configuration.hiddenSize == shared.model.configuration.hiddenSize,
      "a donor has read the same texts up to the same site")
    for pass in passes { pass.edits = SiteEdits([]) }
    guard let direction else {
      let width = shared.model.configuration.hiddenSize
      return streams.indices.map { part in
        var patched = streams[part]
        for row in chosen(rows[part]) {
          let place = row * width..<(row + 1) * width
          patched.replaceSubrange(place, with: donor.streams[part][place])
        }
        return patched
      }
    }
    let length = ResidualEdit.length(of: direction)
    precondition(length.isFinite && length > 0, "found a direction of length \(length)")
    let unit = direction.map { Float(Double($0) / length) }
    return streams.indices.map { part in
      let (own, other) = (streams[part], donor.streams[part])
      var patched = own
      for row in chosen(rows[part]).map({ $0 * unit.count }) {
        var difference: Float = 0
        for i in unit.indices { difference += (other[row + i] - own[row + i]) * unit[i] }
        if difference != 0 { for i in unit.indices { patched[row + i] += difference * unit[i] } }
      }
      return patched
    }
  }

  private func losses(from streams: [[Float]]) -> [Double] {
    var losses = [Double](repeating: 0, count: sequences.count)
    losses.withUnsafeMutableBufferPointer { losses in
      // Workers write disjoint elements.
      nonisolated(unsafe) let losses = losses
      pool.run(parts.count) { [passes, parts, sequences, point] worker, index in
        let part = parts[index]
        let sums = passes[worker].losses(
          of: part.map { sequences[$0] }, from: streams[index], at: point)
        for (place, sum) in zip(part, sums) { losses[place] = sum }
      }
    }
    return losses
  }

  /// Sequences behind each other that share most; those of one prompt are a part.
  private static func parts(of sequences: [TrainingSequence]) -> [[Int]] {
    let texts = sequences.map(ScoredText.init)
    let order = texts.indices.filter { texts[$0].isScored }.sorted { one, other in
      let (a, b) = (texts[one].sequence.tokens, texts[other].sequence.tokens)
      return a == b ? one < other : a.lexicographicallyPrecedes(b)
    }
    var groups: [[Int]] = []
    for index in order {
      if let last = groups.last?.last, texts[last].prompt == texts[index].prompt {
        groups[groups.count - 1].append(index)
      } else {
        groups.append([index])
      }
    }
    return groups.flatMap { $0.cut(after: tokensPerPass) { texts[$0].rest.count } }
  }
}

extension [Int] {
  /// In runs of at most so many tokens; a longer element is alone.
  fileprivate func cut(after limit: Int, _ tokens: (Int) -> Int) -> [[Int]] {
    var runs: [[Int]] = []
    var left = 0
    for element in self {
      if runs.isEmpty || tokens(element) > left {
        runs.append([])
        left = limit
      }
      runs[runs.count - 1].append(element)
      left -= tokens(element)
    }
    return runs
  }
}
