/// What reading a prompt leaves: its keys and values, and the logits of its last token.
struct ReadPrompt: Sendable {
  let cache: KeyValueCache
  let logits: [Float]
}

/// Reads prompts for what comes after them.
struct PromptReader {
  let pass: DecodePass
  private let model: Model

  init(model: Model, pass: DecodePass) {
    self.model = model
    self.pass = pass
  }

  func cache(positions: Int) -> KeyValueCache {
    let c = model.configuration
    return KeyValueCache(
      positions: positions, layers: c.layerCount, keyValueHeads: c.keyValueHeadCount,
      headSize: c.headSize, precision: pass.precision)
  }

  /// Reads what follows the first positions of prompts, which their caches have already.
  func fill(_ prompts: [(tokens: ArraySlice<Int32>, cache: KeyValueCache)], from first: Int) {
    let rows = prompts.flatMap { Self.rows($0.tokens, $0.cache, from: first) }
    for start in stride(from: 0, to: rows.count, by: DecodePass.rows) {
      pass.run(
        Array(rows[start..<min(start + DecodePass.rows, rows.count)]), withLogits: false)
    }
  }

  private static func rows(
    _ tokens: ArraySlice<Int32>, _ cache: KeyValueCache, from first: Int = 0
  ) -> [DecodeRow] {
    tokens.enumerated().dropFirst(first).map { t, token in
      DecodeRow(
        token: token, position: t, prefix: cache, prefixCount: t + 1, tail: nil, tailCount: 0)
    }
  }

  /// Reads prompts, their tokens packed into the rows of as few passes as they need.
  func read(_ prompts: [[Int32]]) -> [ReadPrompt] {
    let caches = prompts.map { cache(positions: $0.count) }
    let rows = prompts.enumerated().flatMap { prompt, tokens in
      Self.rows(tokens[...], caches[prompt]).map { row in
        var row = row
        let isLast = row.position == tokens.count - 1
        if isLast { row.part = .lastPrompt }
        return (prompt: prompt, row: row, isLast: isLast)
      }
    }
    // The last tokens come in the order of the prompts.
    var result: [ReadPrompt] = []
    let vocabulary = model.configuration.vocabularySize
    for start in stride(from: 0, to: rows.count, by: DecodePass.rows) {
      let part = rows[start..<min(start + DecodePass.rows, rows.count)]
      pass.run(part.map(\.row), withLogits: part.contains { $0.isLast })
      for (offset, item) in part.enumerated() where item.isLast {
        let logits = UnsafeBufferPointer(
          start: pass.logits + offset * vocabulary, count: vocabulary)
        result.append(ReadPrompt(cache: caches[item.prompt], logits: Array(logits)))
      }
    }
    return result
  }
}
