import Core
import Engine
import Plans
import Synchronization
import Tuning

/// Texts that models are scored on: rows that nothing was trained on, or the answers of a contrast.
final class ScoredTexts: Sendable {
  /// Of a file, or an evaluation's title.
  let name: String
  let fingerprint: Fingerprint
  let count: Int
  private let read: @Sendable (any Scoring) throws -> [TrainingSequence]
  /// By tokenizer: models that a plan trains share one, and texts are many.
  private let known = Mutex<[String: ScoredSequences]>([:])

  /// - Parameter read: the texts as a model reads them.
  init(
    name: String, fingerprint: Fingerprint, count: Int,
    read: @escaping @Sendable (any Scoring) throws -> [TrainingSequence]
  ) {
    (self.name, self.fingerprint, self.count, self.read) = (name, fingerprint, count, read)
  }

  /// - Throws: as reading them does.
  func sequences(
    for model: PlannedModel, _ scoring: any Scoring
  ) throws -> ScoredSequences {
    if let sequences = known.withLock({ $0[model.tokenizer] }) { return sequences }
    let sequences = try ScoredSequences(read(scoring))
    known.withLock { $0[model.tokenizer] = sequences }
    return sequences
  }
}

extension PlannedModel {
  /// What tells tokenizers of a plan apart: those of trained models are their folder's, or their world's.
  fileprivate var tokenizer: String {
    guard case .named(let address) = source else { return world.map(String.init) ?? "" }
    return endpoint == nil ? "\(address)" : condition.tokenizer?.path ?? ""
  }
}
