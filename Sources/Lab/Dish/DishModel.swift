import Core
import Engine
import Store
import Tuning

/// A model that was grown in a dish.
struct DishModel: LanguageModel {
  let reference: ModelReference
  private let language: () throws(InputError) -> DishLanguage
  private let precision: Precision
  private let load: () throws -> Model

  /// - Parameters:
  ///   - language: reads its tokenizer.
  ///   - load: reads its weights.
  init(
    _ reference: ModelReference, precision: Precision,
    language: @escaping () throws(InputError) -> DishLanguage, load: @escaping () throws -> Model
  ) {
    (self.reference, self.language) = (reference, language)
    (self.precision, self.load) = (precision, load)
  }

  var answering: (any Answering)? { self }

  var scoring: (any Scoring)? { self }
}

extension DishModel: Answering {
  private var local: LocalAnswering {
    get throws(InputError) {
      LocalAnswering(
        tokenizer: try language(), positions: DishLanguage.longest, precision: precision
      ) { _ in
        LocalAnswering.Weights(try load())
      }
    }
  }

  func check(_ places: [AskedPlace], _ settings: AnswerSettings) throws(InputError) {
    try local.check(places, settings)
  }

  func open<Result: Sendable>(
    on pool: WorkerPool, _ body: (any AnswerSession) async throws -> Result
  ) async throws -> Result {
    try await local.open(on: pool, body)
  }
}

extension DishModel: Scoring {
  func sequence(of row: Conversation) throws(InputError) -> TrainingSequence {
    try language().sequence(row)
  }

  func score(
    _ sequences: [TrainingSequence], on pool: WorkerPool, stop: StopRequest,
    take: @escaping @Sendable (Int, [Double]) -> Bool
  ) throws -> ScoringOutcome {
    let scorer = try Scorer(
      model: try load(), precision: precision, pool: pool,
      longest: sequences.map(\.tokens.count).max() ?? 0)
    var next = 0
    scorer.score(sequences) { sums in
      defer { next += sums.count }
      return take(next, sums)
    }
    return ScoringOutcome()
  }
}
