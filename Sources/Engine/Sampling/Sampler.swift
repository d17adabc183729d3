import Core
import Foundation

/// Samples answers from a model: a prompt is read once for all its answers, and answers of all
/// prompts share the decoding batch; finished ones leave it for the next.
///
/// An answer depends on the model, its prompt, the options and its own random stream alone.
package final class Sampler {
  private let model: Model
  private let pool: WorkerPool
  private let operands: ModelOperands
  private let adapter: OperandAdapter?
  private let panels: DecodePanels?
  /// Whether all workers share each step instead of taking steps of their own.
  private let sharesSteps: Bool

  /// - Parameters:
  ///   - model: the model that answers.
  ///   - adapter: applied beside the weights, as in training. A small model is faster with the adapter
  ///     merged into it.
  ///   - precision: of the matrix products.
  ///   - pool: the threads that work; answers do not depend on their number.
  /// - Throws: `TrainingError.unsupported`.
  /// - Precondition: a model kept in bfloat16 is read with that precision.
  package init(
    model: Model, adapter: Adapter? = nil, precision: Precision, pool: WorkerPool
  ) throws {
    guard Product.isSupported(precision) else { throw TrainingError.unsupported(precision) }
    self.model = model
    self.pool = pool
    operands = ModelOperands(model, precision: precision)
    self.adapter = adapter.map { OperandAdapter($0, precision: precision) }
    panels = DecodePanels(model, operands, self.adapter)
    sharesSteps = ColumnCuts.serve(model, precision: precision)
  }

  /// Samples every answer that `prompts` ask for.
  ///
  /// - Parameters:
  ///   - prompts: what to answer, and how often.
  ///   - options: how tokens are drawn, and when an answer ends.
  ///   - onAnswer: called as each answer ends, by one thread at a time, in no fixed order; returns
  ///     whether to go on. Answers in progress are dropped when it does not.
  /// - Precondition: no prompt is empty, and every token is below the vocabulary's size.
  package func sample(
    _ prompts: [Prompt], options: SamplingOptions,
    onAnswer: @escaping @Sendable (SampledAnswer) -> Bool
  ) {
    for prompt in prompts { model.check(prompt.tokens) }
    let longest = prompts.map(\.tokens.count).max() ?? 0
    let positions = longest + options.maximumTokens
    let rotary = RotaryTable(model.configuration, positions: positions)
    let workers = (0..<(sharesSteps ? 1 : pool.threadCount)).map { _ in
      SamplingWorker(
        model: model, options: options,
        pass: DecodePass(
          model: model, operands: operands, adapter: adapter, panels: panels,
          rotary: rotary, positions: positions, pool: sharesSteps ? pool : nil))
    }
    // Workers that share their steps already fill the pool.
    let run = { [pool, sharesSteps] (count: Int, body: @escaping @Sendable (Int, Int) -> Void) in
      if !sharesSteps { return pool.run(count, body) }
      for index in 0..<count { body(0, index) }
    }
    let shared = PromptCaches(count: prompts.count)
    let groups = stride(from: 0, to: prompts.count, by: 8).map {
      Array($0..<min($0 + 8, prompts.count))
    }
    run(groups.count) { worker, index in
      for (prompt, read) in workers[worker].read(groups[index], of: prompts) {
        shared.set(read, at: prompt)
      }
    }
    let queue = AnswerQueue(prompts, onAnswer: onAnswer)
    run(workers.count) { worker, _ in workers[worker].decode(queue, shared, prompts) }
  }

  /// All answers, by prompt and sample.
  package func sample(_ prompts: [Prompt], options: SamplingOptions) -> [SampledAnswer] {
    let collected = Collected()
    sample(prompts, options: options) {
      collected.answers.append($0)
      return true
    }
    return collected.answers.sorted { ($0.prompt, $0.sample) < ($1.prompt, $1.sample) }
  }
}

/// Filled under the lock of `AnswerQueue`, read when the pool has finished.
private final class Collected: @unchecked Sendable { var answers: [SampledAnswer] = [] }

/// The prompts that have been read. Written under `lock`, complete before anyone reads.
final class PromptCaches: @unchecked Sendable {
  private let lock = NSLock()
  private var prompts: [ReadPrompt?]

  init(count: Int) { prompts = Array(repeating: nil, count: count) }

  func set(_ read: ReadPrompt, at index: Int) { lock.withLock { prompts[index] = read } }
  subscript(index: Int) -> ReadPrompt? { lock.withLock { prompts[index] } }
}

/// Hands out the answers still to be sampled and takes the finished ones. Guarded by `lock`.
final class AnswerQueue: @unchecked Sendable {
  private let lock = NSLock()
  private let sampleCounts: [Int]
  private let onAnswer: @Sendable (SampledAnswer) -> Bool
  private var prompt = 0
  private var sample = 0
  private var stopped = false

  init(_ prompts: [Prompt], onAnswer: @escaping @Sendable (SampledAnswer) -> Bool) {
    sampleCounts = prompts.map(\.streams.count)
    self.onAnswer = onAnswer
  }

  func next() -> (prompt: Int, sample: Int)? {
    lock.withLock {
      while prompt < sampleCounts.count, sample >= sampleCounts[prompt] {
        prompt += 1
        sample = 0
      }
      guard !stopped, prompt < sampleCounts.count else { return nil }
      defer { sample += 1 }
      return (prompt, sample)
    }
  }

  /// Whether the receiver of the answers has asked for no more.
  var isStopped: Bool { lock.withLock { stopped } }

  func finish(_ answer: SampledAnswer) {
    lock.withLock { if !stopped, !onAnswer(answer) { stopped = true } }
  }
}
