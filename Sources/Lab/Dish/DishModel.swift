import Core
import Engine
import Formats
import Store
import Tuning

/// A model that was grown in a dish.
struct DishModel: LocalModel {
  let reference: ModelReference
  let precision: Precision
  private let language: () throws(InputError) -> DishLanguage
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

  var conversations: any ConversationTokenizer { get throws(InputError) { try language() } }
  var positions: Int { DishLanguage.longest }

  func weights(on pool: WorkerPool, lying: WeightOrder) throws -> LocalWeights {
    LocalWeights(try load())
  }

  func sequence(of row: Conversation) throws(InputError) -> TrainingSequence {
    try language().sequence(row)
  }
}
