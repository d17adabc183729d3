import Core
import Evaluation
import Plans
import Questions
import Store
import Tuning

/// A model that a plan asks.
struct PlannedModel {
  enum Source {
    /// Of a dish.
    case grown(ModelLine)
    /// The plan's folder as it is.
    case base
    case trained(FolderTraining)
    /// The same after some of its steps.
    case snapshot(Int, FolderTraining)
    /// As the condition names it.
    case named(ModelAddress)
  }

  let condition: PlanCondition
  /// The seed of the world that it was grown in, where the plan has several.
  var world: UInt64?
  /// Of a fine-tune; of several named models the place among them, from 1; else 0.
  let seed: UInt64
  /// Steps or generations, where the plan looks at several; `nil`: the finished model.
  let place: Int?
  let source: Source

  /// The stage that makes it; `nil` for what is there.
  var madeBy: Fingerprint? {
    switch source {
    case .grown(let line): line.stage.fingerprint
    case .trained(let training), .snapshot(_, let training): training.fingerprint
    case .base, .named: nil
    }
  }

  var replicate: Replicate { Replicate(world: world, seed: seed) }

  var endpoint: ModelAddress? {
    if case .named(let address) = source, case .endpoint = address { address } else { nil }
  }

  var name: String {
    switch source {
    case .grown(let line): line.name
    case .base: condition.title
    case .trained(let training): training.name
    case .snapshot(let step, let training): "\(training.name), after \(step) steps"
    case .named: seed == 0 ? condition.title : "\(condition.title), model \(seed)"
    }
  }
}

/// What one model is asked in one evaluation: a cell of the plan, of one of its models.
struct PlannedAnswers {
  let model: PlannedModel
  let evaluation: PlanEvaluation
  let asked: AskedEvaluation
  let settings: AnswerSettings
  let stage: Stage

  var cell: PlanCell { PlanCell(condition: model.condition.name, evaluation: evaluation.name) }
  var places: [AskedPlace] { asked.places }

  /// - Parameter opened: the model, of which no weight need be read.
  func run(_ opened: any LanguageModel, in store: RunStore) -> AnswerRun {
    AnswerRun(opened, places, settings, store: store, name: "answers of \(model.name)")
  }
}
