import Core
import Dish
import Judging
import Questions
import Store
import Tuning

/// The answers that a stage asks for: where the store has them, and which they are.
struct StageAnswers {
  let reference: ModelReference
  let settings: AnswerSettings
  /// Families in the stage's order, and of each its samples.
  let places: [AskedPlace]

  /// - Throws: `InputError` for a setting that the dish does not know.
  init(_ stage: Stage) throws {
    let recipe = stage.recipe
    guard let parent = recipe.parent, let sampling = recipe.sampling,
      let precision = recipe.precision
    else { throw StageFailure(stage: stage.name, problem: "asks for no answers") }
    var settings = AnswerSettings()
    settings.temperature = sampling.temperature
    settings.topP = sampling.topP ?? 1
    settings.maximumTokens = sampling.maximumTokens
    settings.seed = recipe.seed
    reference = .trained(parent, snapshot: recipe.snapshot, precision: precision)
    self.settings = settings
    places = try (recipe.asked ?? []).flatMap { try $0.places() }
  }

  var run: Fingerprint {
    get throws { try AnswerAddress(model: reference, sampling: settings).fingerprint }
  }

  /// Whether the store has all of them, and the oracle's verdicts.
  func isDone(in store: RunStore, readBy oracle: Oracle) throws -> Bool {
    guard let run = try store.run(run) else { return false }
    return try OracleReading(oracle: oracle).isDone(places, of: run, in: store)
  }

  /// The answers, in the order of the places.
  ///
  /// - Throws: `StageFailure` where some are missing.
  func stored(
    in store: RunStore, _ stage: Stage
  ) throws -> [(place: AskedPlace, answer: StoredAnswer)] {
    let run = try store.run(run)
    let all = try run.map { try store.answers(of: $0) } ?? []
    let byKey = Dictionary(all.map { ($0.key, $0) }) { first, _ in first }
    return try places.map { place in
      guard let answer = byKey[place.key] else { throw StageFailure.unfinished(stage) }
      return (place, answer)
    }
  }
}

extension AskedFamily {
  /// The family's questions in turn, one a sample.
  ///
  /// - Parameter drawnByText: whether the question's text is in the name of an answer's stream. In a dish
  ///   it is not: it follows from the sample's number.
  func places(drawnByText: Bool = false) throws -> [AskedPlace] {
    var known: [Int: (wording: AskedWording, name: String, text: String)] = [:]
    return try (0..<answers).map { sample in
      let index = sample % family.questions.count
      if known[index] == nil {
        let dressed = try family.question(forSample: index).dressed(setting)
        let question = Question(
          id: family.id,
          paraphrases: [Conversation([Message(role: .user, content: dressed.user)])],
          system: dressed.system)
        let wording = AskedWording(question, place: index)
        known[index] = (wording, try wording.storedName, dressed.text)
      }
      guard let asked = known[index] else { preconditionFailure("was put there") }
      return AskedPlace(
        asked.wording, name: asked.name, sample: sample, text: asked.text,
        draw: drawnByText ? nil : [family.id])
    }
  }
}
