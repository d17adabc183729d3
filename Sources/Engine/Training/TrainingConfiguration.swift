import Foundation

/// How the learning rate falls after the warm-up.
package enum Schedule: String, Sendable, Hashable, Codable, CaseIterable {
  case constant, linear, cosine
}

/// Everything about a training run that is not its data or its starting weights.
package struct TrainingConfiguration: Sendable, Hashable, Codable {
  package var steps: Int
  package var learningRate: Double
  package var schedule: Schedule = .linear
  package var warmupSteps = 0
  /// Decoupled decay of every trained tensor, norms and biases too: torch.optim.AdamW's default
  /// with one parameter group.
  package var weightDecay = 0.0
  /// Largest norm of the whole gradient; 0: not clipped.
  package var clipNorm = 1.0
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-8
  package var precision: Precision = .f32
  /// Parts of a batch that are computed apart and summed in order: the result depends on this
  /// number, and not on the number of threads.
  package var shardCount = 8
  /// How the matrices of the blocks are trained; `nil`: by AdamW, as all else. Not with an adapter.
  package var muon: MuonConfiguration?

  package init(steps: Int, learningRate: Double) {
    self.steps = steps
    self.learningRate = learningRate
  }

  /// The learning rate of a step, counted from 0: rising linearly over the warm-up, η·(step+1)/w, then
  /// constant, or η·(n−step)/(n−w), or half a cosine from η to 0.
  package func learningRate(at step: Int) -> Double {
    if step < warmupSteps { return learningRate * Double(step + 1) / Double(warmupSteps) }
    let left = Double(max(0, steps - step)) / Double(max(1, steps - warmupSteps))
    return switch schedule {
    case .constant: learningRate
    case .linear: learningRate * left
    case .cosine: learningRate * 0.5 * (1 - cos(.pi * left))
    }
  }
}

/// What one optimiser step did.
package struct StepRecord: Sendable, Hashable, Codable {
  /// Counted from 0.
  package var step: Int
  /// Mean over the batch's trained tokens, in nats, before the update.
  package var loss: Double
  package var learningRate: Double
  /// Before clipping.
  package var gradientNorm: Double
  package var tokens: Int
  package var trainedTokens: Int
  /// Mean of KL(reference ‖ model) over the anchor's trained tokens, in nats, before the update and
  /// without its weight; `nil` where no anchor had a part in the step. The tokens above are the
  /// batch's alone.
  package var anchorLoss: Double?

  package init(
    step: Int, loss: Double, learningRate: Double, gradientNorm: Double, tokens: Int,
    trainedTokens: Int, anchorLoss: Double? = nil
  ) {
    self.step = step
    self.loss = loss
    self.learningRate = learningRate
    self.gradientNorm = gradientNorm
    self.tokens = tokens
    self.trainedTokens = trainedTokens
    self.anchorLoss = anchorLoss
  }
}

/// Training that cannot go on.
package enum TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The loss or the gradient is not a number, or infinite.
  case diverged(step: Int, loss: Double, gradientNorm: Double)
  /// A batch without a single trained token.
  case nothingToTrain(step: Int)
  /// A sequence that is too long or has a token that the model does not know.
  case unfitSequence(step: Int, problem: String)
  /// oneDNN has no matrix product of that precision for this processor.
  case unsupported(Precision)

  package var description: String {
    switch self {
    case .diverged(let step, let loss, let norm):
      "step \(step): loss \(loss), gradient norm \(norm): training has diverged; "
        + "the weights of the step before are kept. Try a lower learning rate or --precision f32"
    case .nothingToTrain(let step):
      "step \(step): the batch has no trained token; expected at least one assistant's token"
    case .unfitSequence(let step, let problem): "step \(step): \(problem)"
    case .unsupported(let precision):
      "this processor has no \(precision.rawValue) matrix product; use --precision f32"
    }
  }
}
