import Core

/// One thread's share of sampling: its pass, and the answers in its rows.
///
/// Owned by the worker whose index it has; `@unchecked Sendable` because `WorkerPool` never lets two
/// calls share a worker.
final class SamplingWorker: @unchecked Sendable {
  private struct Slot {
    var prompt: Int
    var sample: Int
    var read: ReadPrompt
    var promptCount: Int
    var stream: RandomStream
    var tokens: [Int32] = []
  }

  private let model: Model
  private let options: SamplingOptions
  private let pass: DecodePass
  private var draws: [TokenDraw]
  private var slots: [Slot?]
  private var tails: [KeyValueCache?]

  init(model: Model, options: SamplingOptions, pass: DecodePass) {
    self.model = model
    self.options = options
    self.pass = pass
    draws = (0..<pass.workerCount).map { _ in
      TokenDraw(vocabulary: model.configuration.vocabularySize, options: options)
    }
    slots = Array(repeating: nil, count: DecodePass.rows)
    tails = Array(repeating: nil, count: DecodePass.rows)
  }

  private func cache(positions: Int) -> KeyValueCache {
    let c = model.configuration
    return KeyValueCache(
      positions: positions, layers: c.layerCount, keyValueHeads: c.keyValueHeadCount,
      headSize: c.headSize, precision: pass.precision)
  }

  /// Reads some prompts, their tokens packed into the rows of as few passes as they need.
  func read(_ indices: [Int], of prompts: [Prompt]) -> [(Int, ReadPrompt)] {
    let caches = indices.map { cache(positions: prompts[$0].tokens.count) }
    var rows: [(index: Int, row: DecodeRow, isLast: Bool)] = []
    for (i, index) in indices.enumerated() {
      let tokens = prompts[index].tokens
      for (t, token) in tokens.enumerated() {
        let row = DecodeRow(
          token: token, position: t, prefix: caches[i], prefixCount: t + 1, tail: nil, tailCount: 0)
        rows.append((i, row, t == tokens.count - 1))
      }
    }
    var result: [(Int, ReadPrompt)] = []
    let vocabulary = model.configuration.vocabularySize
    for start in stride(from: 0, to: rows.count, by: DecodePass.rows) {
      let part = rows[start..<min(start + DecodePass.rows, rows.count)]
      pass.run(part.map(\.row), withLogits: part.contains { $0.isLast })
      for (offset, item) in part.enumerated() where item.isLast {
        let logits = UnsafeBufferPointer(
          start: pass.logits + offset * vocabulary, count: vocabulary)
        result.append(
          (
            indices[item.index], ReadPrompt(cache: caches[item.index], logits: Array(logits))
          ))
      }
    }
    return result
  }

  /// Decodes until the queue is empty and every row has finished, or nobody wants more answers.
  func decode(_ queue: AnswerQueue, _ prompts: PromptCaches, _ all: [Prompt]) {
    while !queue.isStopped {
      for i in slots.indices where slots[i] == nil { fill(i, queue, prompts, all) }
      let active = slots.indices.filter { slots[$0] != nil }
      if active.isEmpty { return }
      let rows = active.compactMap { i in slots[i].flatMap { row($0, tail: tails[i]) } }
      pass.run(rows, withLogits: true)
      for (i, token) in zip(active, drawTokens(active)) {
        if let slot = slots[i] { slots[i] = take(token, slot, queue) }
      }
    }
  }

  /// The next token of each active slot, from its row of logits.
  private func drawTokens(_ active: [Int]) -> [Int32] {
    let vocabulary = model.configuration.vocabularySize
    var tokens = [Int32](repeating: 0, count: active.count)
    tokens.withUnsafeMutableBufferPointer { tokens in
      slots.withUnsafeMutableBufferPointer { slots in
        draws.withUnsafeMutableBufferPointer { draws in
          nonisolated(unsafe) let (tokens, slots, draws) = (tokens, slots, draws)
          pass.share(active.count) { [pass] worker, row in
            guard slots[active[row]] != nil else { return }
            tokens[row] = draws[worker].next(
              pass.logits + row * vocabulary, from: &slots[active[row]]!.stream)
          }
        }
      }
    }
    return tokens
  }

  private func row(_ slot: Slot, tail: KeyValueCache?) -> DecodeRow? {
    guard let tail, let last = slot.tokens.last else { return nil }
    return DecodeRow(
      token: last, position: slot.promptCount + slot.tokens.count - 1, prefix: slot.read.cache,
      prefixCount: slot.promptCount, tail: tail, tailCount: slot.tokens.count - 1)
  }

  /// Starts answers until one needs a decoding step: the first token comes from the prompt's logits.
  private func fill(_ i: Int, _ queue: AnswerQueue, _ prompts: PromptCaches, _ all: [Prompt]) {
    while slots[i] == nil, let (prompt, sample) = queue.next() {
      guard let read = prompts[prompt] else { continue }
      guard options.maximumTokens > 0 else {
        queue.finish(SampledAnswer(prompt: prompt, sample: sample, tokens: [], finish: .length))
        continue
      }
      if tails[i] == nil { tails[i] = cache(positions: options.maximumTokens) }
      var slot = Slot(
        prompt: prompt, sample: sample, read: read, promptCount: all[prompt].tokens.count,
        stream: all[prompt].streams[sample])
      let token = read.logits.withUnsafeBufferPointer {
        draws[0].next($0.baseAddress!, from: &slot.stream)
      }
      slots[i] = take(token, slot, queue)
    }
  }

  /// Appends a token; hands the answer over and frees the row when it has ended.
  private func take(_ token: Int32, _ slot: Slot, _ queue: AnswerQueue) -> Slot? {
    var slot = slot
    let stops = options.stopTokens.contains(token)
    if !stops { slot.tokens.append(token) }
    if !stops, slot.tokens.count < options.maximumTokens { return slot }
    queue.finish(
      SampledAnswer(
        prompt: slot.prompt, sample: slot.sample, tokens: slot.tokens,
        finish: stops ? .stop : .length))
    return nil
  }
}
