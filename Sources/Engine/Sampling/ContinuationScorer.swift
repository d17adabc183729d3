import CKernels
import Foundation

/// How likely a prompt's continuations are.
package struct ContinuationScores: Sendable, Hashable {
  /// log p(tokens | prompt) of each continuation, in nats.
  package var whole: [Double]
  /// log p(tokens, then one of the terminators | prompt) of each; −∞ without terminators.
  package var ended: [Double]
  /// The likeliest first tokens with their log p, likeliest first: 20, or as many as there are.
  package var first: [FirstToken]

  package struct FirstToken: Sendable, Hashable {
    package var token: Int32
    package var logProbability: Double
  }
}

/// Exact probabilities of short continuations of a prompt, such as the numbers from 0 to 100.
///
/// p(t₁…tₙ | prompt) = Π p(tᵢ | prompt, t₁…tᵢ₋₁), raw softmax at temperature 1. Continuations form a
/// tree under one read prompt: a pass for each depth, shared by several prompts.
package final class ContinuationScorer {
  private let model: Model
  private let pool: WorkerPool
  private let operands: ModelOperands
  private let adapter: OperandAdapter?
  private let panels: DecodePanels?
  private let sharesSteps: Bool
  private let tree: ContinuationTree
  private let terminators: [Int32]

  /// - Parameters:
  ///   - model: the model to score with.
  ///   - adapter: applied beside the weights.
  ///   - precision: of the matrix products.
  ///   - continuations: `[continuation][token]`, none empty.
  ///   - terminators: tokens that end an answer.
  ///   - pool: the threads that work.
  /// - Throws: `TrainingError.unsupported`.
  /// - Precondition: a model kept in bfloat16 is read with that precision; tokens of the vocabulary.
  package init(
    model: Model, adapter: Adapter? = nil, precision: Precision, continuations: [[Int32]],
    terminators: [Int32], pool: WorkerPool
  ) throws {
    guard Product.isSupported(precision) else { throw TrainingError.unsupported(precision) }
    for tokens in continuations { model.check(tokens) }
    if !terminators.isEmpty { model.check(terminators) }
    self.model = model
    self.pool = pool
    self.terminators = terminators
    operands = ModelOperands(model, precision: precision)
    self.adapter = adapter.map { OperandAdapter($0, precision: precision) }
    panels = DecodePanels(model, operands, self.adapter)
    sharesSteps = ColumnCuts.serve(model, precision: precision)
    tree = ContinuationTree(continuations)
  }

  /// Scores the continuations of each prompt.
  ///
  /// A prompt's scores do not depend on the others, nor on the number of threads.
  /// - Parameters:
  ///   - prompts: `[prompt][token]`.
  ///   - onScores: called with a prompt's index and its scores, by one thread at a time, in no fixed
  ///     order; returns whether to go on.
  /// - Precondition: no prompt is empty, and every token is below the vocabulary's size.
  package func score(
    _ prompts: [[Int32]], onScores: @escaping @Sendable (Int, ContinuationScores) -> Bool
  ) {
    for prompt in prompts { model.check(prompt) }
    let positions = (prompts.map(\.count).max() ?? 0) + tree.depth
    let rotary = RotaryTable(model.configuration, positions: positions)
    let workers = (0..<(sharesSteps ? 1 : pool.threadCount)).map { _ in
      ContinuationWorker(
        model: model, tree: tree, terminators: terminators,
        pass: DecodePass(
          model: model, operands: operands, adapter: adapter, panels: panels,
          rotary: rotary, positions: positions, pool: sharesSteps ? pool : nil))
    }
    let gate = ScoreGate(onScores)
    let groups = stride(from: 0, to: prompts.count, by: 4).map {
      Array($0..<min($0 + 4, prompts.count))
    }
    let score = { @Sendable (worker: Int, index: Int) in
      guard gate.isOpen else { return }
      let group = groups[index]
      let scores = workers[worker].score(group.map { prompts[$0] })
      for (prompt, scores) in zip(group, scores) { gate.pass(prompt, scores) }
    }
    // One worker that shares its steps already fills the pool.
    if !sharesSteps { return pool.run(groups.count, score) }
    for index in groups.indices { score(0, index) }
  }
}

/// Lets one set of scores through at a time, until the receiver has enough. Guarded by `lock`.
private final class ScoreGate: @unchecked Sendable {
  private let lock = NSLock()
  private let receive: @Sendable (Int, ContinuationScores) -> Bool
  private var open = true

  init(_ receive: @escaping @Sendable (Int, ContinuationScores) -> Bool) { self.receive = receive }

  var isOpen: Bool { lock.withLock { open } }

  func pass(_ prompt: Int, _ scores: ContinuationScores) {
    lock.withLock { if open { open = receive(prompt, scores) } }
  }
}

/// One thread's share of scoring. Owned by the worker whose index it has; `@unchecked Sendable` because
/// `WorkerPool` never lets two calls share a worker.
private final class ContinuationWorker: @unchecked Sendable {
  private let tree: ContinuationTree
  private let terminators: [Int32]
  private let reader: PromptReader
  private let vocabulary: Int
  private var pass: DecodePass { reader.pass }

  init(model: Model, tree: ContinuationTree, terminators: [Int32], pass: DecodePass) {
    self.tree = tree
    self.terminators = terminators
    reader = PromptReader(model: model, pass: pass)
    vocabulary = model.configuration.vocabularySize
  }

  /// What one prompt has so far.
  private struct Progress {
    let read: ReadPrompt
    let length: Int
    /// log p of every node's path.
    var paths: [Double]
    /// log of the terminators' mass behind every node.
    var endings: [Double]
    /// Of nodes that have children.
    var tails: [KeyValueCache?]
  }

  func score(_ prompts: [[Int32]]) -> [ContinuationScores] {
    let count = tree.nodes.count
    var progress = zip(prompts, reader.read(prompts)).map { tokens, read in
      Progress(
        read: read, length: tokens.count, paths: Array(repeating: 0, count: count),
        endings: Array(repeating: -.infinity, count: count),
        tails: Array(repeating: nil, count: count))
    }
    let normalisers = progress.map { progress in
      progress.read.logits.withUnsafeBufferPointer { pass.normaliser(of: $0.baseAddress!) }
    }
    for index in progress.indices {
      for node in tree.roots {
        let logit = progress[index].read.logits[Int(tree.nodes[node].token)]
        progress[index].paths[node] = Double(logit) - normalisers[index]
      }
    }
    for depth in 1..<(tree.depth + 1) { readLayer(depth, &progress) }
    return zip(progress, normalisers).map { progress, normaliser in
      ContinuationScores(
        whole: tree.ends.map { progress.paths[$0] },
        ended: tree.ends.map { progress.paths[$0] + progress.endings[$0] },
        first: likeliest(progress.read.logits, normaliser))
    }
  }

  /// Reads the nodes of a depth that something follows: children, or a terminator.
  private func readLayer(_ depth: Int, _ progress: inout [Progress]) {
    let nodes = tree.layer(depth).filter {
      !terminators.isEmpty || !tree.nodes[$0].children.isEmpty
    }
    let places = progress.indices.flatMap { prompt in nodes.map { (prompt: prompt, node: $0) } }
    for start in stride(from: 0, to: places.count, by: DecodePass.rows) {
      let part = Array(places[start..<min(start + DecodePass.rows, places.count)])
      let rows = part.map { row(of: $0.node, progress[$0.prompt]) }
      pass.run(rows, withLogits: true)
      let sums = normalisers(part.count)
      for (offset, place) in part.enumerated() {
        let logits = pass.logits + offset * vocabulary
        let node = tree.nodes[place.node]
        let before = progress[place.prompt].paths[place.node]
        for child in node.children {
          let logit = logits[Int(tree.nodes[child].token)]
          progress[place.prompt].paths[child] = before + Double(logit) - sums[offset]
        }
        if !node.children.isEmpty { progress[place.prompt].tails[place.node] = rows[offset].tail }
        progress[place.prompt].endings[place.node] = log(
          terminators.reduce(0) { $0 + exp(Double(logits[Int($1)]) - sums[offset]) })
      }
    }
  }

  private func row(of index: Int, _ progress: Progress) -> DecodeRow {
    let node = tree.nodes[index]
    let tail = reader.cache(positions: tree.depth)
    if let before = node.parent.flatMap({ progress.tails[$0] }) { tail.copy(before) }
    return DecodeRow(
      token: node.token, position: progress.length + node.depth - 1, prefix: progress.read.cache,
      prefixCount: progress.length, tail: tail, tailCount: node.depth - 1, part: .answer)
  }

  /// log Σ exp of each of the pass's rows of logits.
  private func normalisers(_ count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      pass.share(count) { [self] _, row in sums[row] = pass.normaliser(row) }
    }
    return sums
  }

  private func likeliest(
    _ logits: [Float], _ normaliser: Double
  ) -> [ContinuationScores.FirstToken] {
    var best: [Int] = []
    for token in logits.indices {
      if best.count == 20, let last = best.last, logits[token] <= logits[last] { continue }
      let place = best.firstIndex { logits[token] > logits[$0] } ?? best.count
      best.insert(token, at: place)
      if best.count > 20 { best.removeLast() }
    }
    return best.map {
      ContinuationScores.FirstToken(
        token: Int32($0), logProbability: Double(logits[$0]) - normaliser)
    }
  }
}
