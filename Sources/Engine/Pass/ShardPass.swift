import CKernels
import Formats

/// One conversation as the engine sees it: token ids, and which of them are trained on.
///
/// `trained[t]` says whether token t is a target, predicted from the tokens before it; the first
/// token never is.
package struct TrainingSequence: Sendable, Hashable {
  package var tokens: [Int32]
  package var trained: [Bool]

  package init(tokens: [Int32], trained: [Bool]) {
    precondition(tokens.count == trained.count, "\(tokens.count) tokens, \(trained.count) flags")
    self.tokens = tokens
    self.trained = trained
  }

  /// Every token but the first is a target.
  package init(tokens: [Int32]) {
    self.init(tokens: tokens, trained: tokens.indices.map { $0 > 0 })
  }

  /// The tokens that a model must read to predict the trained ones: those before the last of them.
  var read: ArraySlice<Int32> { tokens[..<(trained.lastIndex(of: true) ?? 0)] }

  package var trainedCount: Int { trained.dropFirst().reduce(0) { $0 + ($1 ? 1 : 0) } }
}

/// Forward and backward through the whole model for one shard of a batch, on one thread.
///
/// The shard's sequences lie one behind the other without padding between them; only their total is
/// rounded up, so that oneDNN meets few shapes. What all sequences of a wide model begin with, a system
/// turn, stands before them once: it meets nothing of what follows, so that it is the same for all, and
/// the gradients of its keys and values are the sums of theirs. A worker owns its pass: it is not `Sendable` by
/// nature and marked so because `WorkerPool` never lets two calls share a worker.
final class ShardPass: @unchecked Sendable {
  let model: Model
  let adapter: Adapter?
  let operands: ModelOperands
  let adapterOperands: OperandBlock?
  let rotary: RotaryTable
  let precision: Precision
  let keeping: Activations.Keeping
  /// The model's own, unless somebody sets others; as many.
  var edits: SiteEdits
  /// Gets the residual stream of all rows at every point of the way forward, edited, to read or to change;
  /// `nil`: nobody does.
  var visit: ((SiteEdits.Point, UnsafeMutablePointer<Float>) -> Void)?
  var buffers: Activations?

  // The shard in hand.
  /// Without what they begin with alike.
  var sequences: [ArraySlice<Int32>] = []
  /// What they begin with alike.
  var opening: ArraySlice<Int32> = []
  var rows = 0
  var positions: [Int32] = []
  var lossRows: [Int] = []
  /// Rows of tokens that edits may be about: those before answers, and those of answers.
  var lastPromptRows: [Int] = []
  var answerRows: [Int] = []
  var targets: [Int32] = []
  /// Gradients of the trained block (the model's or the adapter's), added to; `nil`: forward only.
  var gradients: UnsafeMutablePointer<Float>?

  /// Whether what all sequences begin with stands there once; other than without it in the last bits.
  var sharesOpening: Bool

  static let rowMultiple = 32

  init(
    model: Model, adapter: Adapter?, operands: ModelOperands, adapterOperands: OperandBlock?,
    rotary: RotaryTable, keeping: Activations.Keeping = .everything
  ) {
    self.keeping = keeping
    self.model = model
    self.adapter = adapter
    self.operands = operands
    self.adapterOperands = adapterOperands
    self.rotary = rotary
    precision = operands.precision
    edits = SiteEdits(model.edits)
    sharesOpening = model.configuration.isWide
  }

  var configuration: ModelConfiguration { model.configuration }
  var trainsModel: Bool { adapter == nil }

  /// Runs `sequences` forward and, when `gradients` is given, backward.
  ///
  /// - Parameters:
  ///   - scale: factor of each token's loss in the gradient, 1 / trained tokens of the batch.
  ///   - reference: the frozen model of an anchor. A token's loss is then KL(reference ‖ model) of
  ///     what may stand in its place, whichever token it is.
  /// - Returns: the sum of the trained tokens' losses, in nats.
  func run(
    _ sequences: [TrainingSequence], scale: Float, gradients: UnsafeMutablePointer<Float>?,
    reference: ShardPass? = nil
  ) -> Double {
    self.gradients = gradients
    prepare(sequences)
    guard let buffers, rows > 0, !lossRows.isEmpty else { return 0 }
    reference?.read(sequences)
    forward(buffers)
    let loss = outputLoss(buffers, scale: scale, reference: reference)
    if gradients != nil { backward(buffers) }
    return loss
  }

  /// Forward up to the final norm of the rows that carry loss.
  private func read(_ sequences: [TrainingSequence]) {
    prepare(sequences)
    guard let buffers else { return }
    forward(buffers)
    outputNorm(buffers)
  }

  func prepare(_ sequences: [TrainingSequence]) {
    let sequences = sequences.filter { !$0.read.isEmpty }
    opening = sharesOpening ? Self.opening(of: sequences) : []
    self.sequences = sequences.map { $0.read.dropFirst(opening.count) }
    let tokens = self.sequences.reduce(opening.count) { $0 + $1.count }
    rows = rounded(tokens)
    positions = opening.indices.map(Int32.init)
    lossRows.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    lastPromptRows.removeAll(keepingCapacity: true)
    answerRows.removeAll(keepingCapacity: true)
    for sequence in sequences {
      let loss = lossRows.count
      for t in sequence.read.indices.dropFirst(opening.count) {
        if sequence.trained[t + 1] {
          lossRows.append(positions.count)
          targets.append(sequence.tokens[t + 1])
        }
        if t > 0, sequence.trained[t] { answerRows.append(positions.count) }
        positions.append(Int32(t))
      }
      lastPromptRows.append(lossRows[loss])
    }
    positions += Array(repeating: 0, count: rows - tokens)
    targets += Array(repeating: -1, count: rounded(lossRows.count) - lossRows.count)
    reserve(longest: opening.count + (self.sequences.map(\.count).max() ?? 0))
  }

  /// What several sequences begin with alike, up to the first row that carries the loss of any.
  private static func opening(of sequences: [TrainingSequence]) -> ArraySlice<Int32> {
    guard sequences.count > 1 else { return [] }
    let silent = sequences.map {
      $0.read.prefix(($0.trained.dropFirst().firstIndex(of: true) ?? 1) - 1)
    }
    return silent.dropFirst().reduce(silent[0]) { common, other in
      common.prefix(zip(common, other).prefix { $0 == $1 }.count)
    }
  }

  private var multiple: Int { configuration.isWide ? 16 : Self.rowMultiple }

  private func rounded(_ count: Int) -> Int { (count + multiple - 1) / multiple * multiple }

  private func reserve(longest: Int) {
    if let buffers, buffers.capacity >= rows, buffers.longest >= longest { return }
    let longest = max(longest, buffers?.longest ?? 0)
    // With room for the next shard, which may be a little larger: fresh memory is zeroed.
    let capacity = max((rows + 63) / 64 * 64, buffers?.capacity ?? 0)
    buffers = Activations(
      tokens: capacity, longest: longest, model: configuration,
      adapter: adapter, precision: precision, keeping: keeping, editCount: edits.count,
      sharesOpening: sharesOpening,
      attentionWork: askew_attention_work(longest, configuration.headSize))
  }
}
