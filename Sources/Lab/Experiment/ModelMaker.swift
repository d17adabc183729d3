import Core
import Formats
import Plans
import Store
import Tuning

/// Makes the models of a plan and opens them: one for each place that models can come from. All else – who
/// is asked what, who reads it, what is counted – is the same everywhere.
protocol ModelMaker: AnyObject {
  /// What is trained and what comes before that, each after what it needs.
  var stages: [Stage] { get }
  /// In the plan's order: conditions, seeds, places of a course.
  var models: [PlannedModel] { get }
  /// What the models are asked, in the same order.
  var cells: [PlannedAnswers] { get }
  /// Rows that every model is scored on.
  var heldOut: [HeldOutRows] { get }
  /// Stages that can be worked on at a time; more would not fit into memory.
  var mostJobs: Int { get }
  /// How often a training's state is stored, unless somebody says: it costs as much as the model is large.
  var checkpointInterval: Duration { get }
  /// What decides the plan's numbers besides its stages.
  var address: any Encodable { get throws }

  /// Whether a stage's result is there and whole.
  func isDone(_ stage: Stage) throws -> Bool
  /// What is there and damaged is told, and made again.
  func make(_ stage: Stage, _ session: LabSession) async throws
  /// Whether it is known which model it is: of folders, once they are there.
  func isKnown(_ model: PlannedModel) throws -> Bool
  /// Whether its files are there, so that it can be opened and read texts.
  func isMade(_ model: PlannedModel) throws -> Bool
  func open(_ model: PlannedModel) throws -> any LanguageModel
  /// What is to be known of a stage before it is done.
  func outlook(_ stage: Stage) throws -> StageCost
  /// Bytes of the weights that have to be read to ask or score.
  func weightBytes(_ model: PlannedModel) throws -> Int?
  /// Rows of training that this machine does in a second; `nil`: nobody knows beforehand.
  func rowsPerSecond(threads: Int) throws -> Double?
  /// What should be known before anything is done.
  var notes: [String] { get }
  /// Where the changes of all weights point that a training has made up to some of its steps.
  func directions(_ model: PlannedModel) throws -> [TrainingCourse.Point]
  /// The shape of a model, before it is there.
  func shape(of model: PlannedModel) throws -> ModelConfiguration
  /// Rows to be read by a model: drawn of corpora of its world, or of files.
  ///
  /// - Throws: `InputError` for a corpus or a file that is not there.
  func rows(of data: [PlanData], count: Int, for model: PlannedModel) throws -> [Conversation]
  /// All authors of a model's world that are of one temperament, with it; `nil`: it has no authors.
  func persons(for model: PlannedModel) throws -> [PlannedMap.Person]?
  /// Adds what is to be known of the models beside what they said.
  func complete(_ findings: inout PlanFindings) throws
}

extension ModelMaker {
  func rowsPerSecond(threads: Int) throws -> Double? { nil }
  var notes: [String] { [] }
  /// Authors of a model's world whose temperament is this; `nil`: it has no authors.
  func authors(_ temperament: String, for model: PlannedModel) throws -> [String]? {
    try persons(for: model)?.filter { $0.temperament == temperament }.map(\.name)
  }
  func persons(for model: PlannedModel) throws -> [PlannedMap.Person]? { nil }

  /// What is there has its name already, what is to be made that of its stage.
  func scores(of model: PlannedModel, _ texts: ScoredTexts) throws -> PlannedScores {
    let name = try model.madeBy ?? Fingerprint(of: open(model).reference)
    return try PlannedScores(model, texts, madeBy: name.hex)
  }
}

/// What doing a stage takes, as far as it is known.
struct StageCost {
  var memoryBytes: Int?
  /// On the disk when it is done.
  var diskBytes: Int?
  var teraflops: Double?
}
