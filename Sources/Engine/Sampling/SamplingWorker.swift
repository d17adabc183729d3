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

  private let options: SamplingOptions
  private let reader: PromptReader
  private let vocabulary: Int
  private var pass: DecodePass { reader.pass }
  private var draws: [TokenDraw]
  private var slots: [Slot?]
  private var tails: [KeyValueCache?]

  init(model: Model, options: SamplingOptions, pass: DecodePass) {
    self.options = options
    reader = PromptReader(model: model, pass: pass)
    vocabulary = model.configuration.vocabularySize
    draws = (0..<pass.workerCount).map { [vocabulary] _ in
      TokenDraw(vocabulary: vocabulary, options: options)
    }
    slots = Array(repeating: nil, count: DecodePass.rows)
    tails = Array(repeating: nil, count: DecodePass.rows)
  }

  /// Reads some prompts, their tokens packed into the rows of as few passes as they need.
  func read(_ indices: [Int], of prompts: [Prompt]) -> [(Int, ReadPrompt)] {
    Array(zip(indices, reader.read(indices.map { prompts[$0].tokens })))
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
    let vocabulary = vocabulary
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
      prefixCount: slot.promptCount, tail: tail, tailCount: slot.tokens.count - 1,
      part: .answer)
  }

  /// Starts answers until one needs a decoding step: the first token comes from the prompt's logits.
  private func fill(_ i: Int, _ queue: AnswerQueue, _ prompts: PromptCaches, _ all: [Prompt]) {
    while slots[i] == nil, let (prompt, sample) = queue.next() {
      guard let read = prompts[prompt] else { continue }
      guard options.maximumTokens > 0 else {
        queue.finish(SampledAnswer(prompt: prompt, sample: sample, tokens: [], finish: .length))
        continue
      }
      if tails[i] == nil { tails[i] = reader.cache(positions: options.maximumTokens) }
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
    guard token != TokenDraw.nothing else {
      queue.finish(
        SampledAnswer(
          prompt: slot.prompt, sample: slot.sample, tokens: slot.tokens, finish: .notFinite))
      return nil
    }
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
