import Foundation

/// One thread's share of scoring. Owned by the worker whose index it has; `@unchecked Sendable` because
/// `WorkerPool` never lets two calls share a worker.
final class ScoringWorker: @unchecked Sendable {
  /// What all prompts begin with, read.
  struct Opening: Sendable {
    let cache: KeyValueCache?
    let count: Int
  }

  /// What has been read of prompts.
  typealias Prompts = [ArraySlice<Int32>: KeyValueCache]

  /// Of a text, and what its prompt has left.
  struct Score {
    var likelihood = TextLikelihood()
    let prompt: KeyValueCache
  }

  private let reader: PromptReader
  /// Of the texts of a share: fresh memory is zeroed, and every share would need as much.
  private var tails: [KeyValueCache] = []

  init(_ reader: PromptReader) { self.reader = reader }

  func edit(by edits: SiteEdits) { reader.pass.edits = edits }

  func open(with tokens: ArraySlice<Int32>) -> Opening {
    guard !tokens.isEmpty else { return Opening(cache: nil, count: 0) }
    let cache = reader.cache(positions: tokens.count)
    reader.fill([(tokens, cache)], from: 0)
    return Opening(cache: cache, count: tokens.count)
  }

  /// In the order of the texts.
  func score(
    _ texts: [ScoredText], after opening: Opening, knowing known: Prompts
  ) -> [Score] {
    let prompts = read(texts, after: opening, knowing: known)
    var rows: [(text: Int, place: Int, row: DecodeRow)] = []
    for (index, text) in texts.enumerated() {
      let tail = tail(index, positions: text.rest.count)
      for (place, position) in text.rest.indices.enumerated() {
        let row = DecodeRow(
          token: text.rest[position], position: position, prefix: prompts[index],
          prefixCount: text.prompt.count, tail: tail, tailCount: place,
          part: place == 0
            ? .lastPrompt : text.sequence.trained[position] ? .answer : .prompt)
        rows.append((index, position, row))
      }
    }
    var scores = prompts.map { Score(prompt: $0) }
    for start in stride(from: 0, to: rows.count, by: DecodePass.rows) {
      let part = Array(rows[start..<min(start + DecodePass.rows, rows.count)])
      let isTrained = part.map { texts[$0.text].sequence.trained[$0.place + 1] }
      reader.pass.run(part.map(\.row), withLogits: isTrained.contains(true))
      let targets = zip(part, isTrained).map { item, isTrained in
        isTrained ? texts[item.text].sequence.tokens[item.place + 1] : nil
      }
      for ((item, isTrained), loss) in zip(zip(part, isTrained), reader.pass.losses(of: targets))
      where isTrained {
        scores[item.text].likelihood.add(loss)
      }
    }
    return scores
  }

  private func tail(_ index: Int, positions: Int) -> KeyValueCache {
    if index < tails.count, tails[index].capacity >= positions { return tails[index] }
    let tail = reader.cache(positions: positions)
    if index < tails.count { tails[index] = tail } else { tails.append(tail) }
    return tail
  }

  /// The cache of each text's prompt: one for those that follow each other with the same.
  private func read(
    _ texts: [ScoredText], after opening: Opening, knowing known: Prompts
  ) -> [KeyValueCache] {
    var caches: [KeyValueCache] = []
    var missing: [(ArraySlice<Int32>, KeyValueCache)] = []
    for (index, text) in texts.enumerated() {
      if index > 0, texts[index - 1].prompt == text.prompt {
        caches.append(caches[index - 1])
        continue
      }
      if let cache = known[text.prompt] {
        caches.append(cache)
        continue
      }
      let cache = reader.cache(positions: text.prompt.count)
      if let start = opening.cache { cache.copy(start, positions: opening.count) }
      caches.append(cache)
      missing.append((text.prompt, cache))
    }
    reader.fill(missing, from: opening.count)
    return caches
  }
}

extension DecodePass {
  /// −log p of a token after each row; 0 where there is none.
  ///
  /// - Precondition: the last `run` made logits, unless all are `nil`.
  func losses(of targets: [Int32?]) -> [Double] {
    var losses = [Double](repeating: 0, count: targets.count)
    losses.withUnsafeMutableBufferPointer { losses in
      nonisolated(unsafe) let losses = losses
      share(targets.count) { [self] _, row in
        guard let target = targets[row] else { return }
        let logits = logits + row * model.configuration.vocabularySize
        losses[row] = normaliser(row) - Double(logits[Int(target)])
      }
    }
    return losses
  }
}
