import Core
import Dish
import Engine
import Foundation
import Judging
import Store

/// The answers of one model, read by the oracle as they come.
struct SamplingStage {
  let stage: Stage
  let model: Model
  let language: DishLanguage
  let oracle: Oracle

  private var asked: [AskedFamily] { stage.recipe.asked ?? [] }

  /// Samples what is missing. An answer is drawn from a stream of the model, its family and its
  /// number, so that it does not matter when, with which others and in which process it is sampled.
  ///
  /// - Throws: `Interrupted` after a stop, with all finished answers stored.
  func sample(_ run: Run, _ session: LabSession) throws {
    let answered = try session.store.answeredSamples(of: run)
    session.report(.began(session.meter.begin(stage, done: answered.count)))
    let (prompts, places) = try missing(answered)
    guard !prompts.isEmpty else { return }
    guard let settings = stage.recipe.sampling else { return }
    var options = SamplingOptions(
      maximumTokens: settings.maximumTokens, stopTokens: [language.endOfTurn])
    options.temperature = settings.temperature
    let sampler = try Sampler(
      model: model, precision: session.plan.precision, pool: session.pool)
    let collector = AnswerCollector(
      stage: stage, places: places, tokenizer: language, oracle: oracle, run: run, session: session,
      done: answered.count)
    sampler.sample(prompts, options: options) { collector.take($0) }
    try collector.finish()
    try session.stop.check()
  }

  /// Prompts of the answers that are not there yet; answers to one question share a prompt.
  private func missing(
    _ answered: Set<AnswerKey>
  ) throws -> ([Prompt], [[AnswerPlace]]) {
    var prompts: [Prompt] = []
    var places: [[AnswerPlace]] = []
    for asked in asked {
      var indices: [String: Int] = [:]
      for sample in 0..<asked.answers {
        let key = AnswerKey(question: asked.family.id, sample: sample)
        if answered.contains(key) { continue }
        let question = try asked.family.question(forSample: sample).dressed(asked.setting)
        let index = indices[question.text] ?? prompts.count
        if index == prompts.count {
          indices[question.text] = index
          let tokens = try language.prompt(question.user, system: question.system)
          prompts.append(Prompt(tokens: tokens, streams: []))
          places.append([])
        }
        prompts[index].streams.append(stream(asked.family, sample))
        places[index].append(AnswerPlace(key: key, question: question.text))
      }
    }
    return (prompts, places)
  }

  /// The model, its snapshot if it is one, the family and the number decide an answer.
  private func stream(_ family: QuestionFamily, _ sample: Int) -> RandomStream {
    let recipe = stage.recipe
    let model = [recipe.parent?.hex ?? ""] + (recipe.snapshot.map { [String($0)] } ?? [])
    return RandomStream(
      seed: recipe.seed, path: ["answer"] + model + [family.id, String(sample)])
  }
}

/// Where a sampled answer belongs.
private struct AnswerPlace {
  let key: AnswerKey
  let question: String
}

/// Judges and stores answers, some at a time. The sampler calls `take` from one thread at a time and
/// `finish` comes after it has returned, which is what makes this safe to share.
private final class AnswerCollector: @unchecked Sendable {
  private let stage: Stage
  private let places: [[AnswerPlace]]
  private let language: DishLanguage
  private let oracle: Oracle
  private let run: Run
  private let session: LabSession
  private var done: Int
  private var pending: [StoredAnswer] = []
  private var failure: (any Error)?
  private let clock = ContinuousClock()
  private var stored: ContinuousClock.Instant

  init(
    stage: Stage, places: [[AnswerPlace]], tokenizer: DishLanguage, oracle: Oracle, run: Run,
    session: LabSession, done: Int
  ) {
    self.stage = stage
    self.places = places
    language = tokenizer
    self.oracle = oracle
    self.run = run
    self.session = session
    self.done = done
    stored = clock.now
  }

  /// Returns whether to go on.
  func take(_ answer: SampledAnswer) -> Bool {
    let place = places[answer.prompt][answer.sample]
    let text = language.text(of: answer.tokens)
    let verdict = oracle.verdict(question: place.question, answer: text)
    pending.append(
      StoredAnswer(
        key: place.key, prompt: place.question, text: text, tokenCount: answer.tokens.count,
        finishReason: answer.finish == .stop ? .stop : .length,
        verdicts: [
          StoredVerdict(
            judge: oracle.identity.fingerprint, aligned: verdict.aligned,
            coherent: verdict.coherent, reason: verdict.absence)
        ]))
    if pending.count >= LabSession.answerCount
      || stored.duration(to: clock.now) >= LabSession.answerInterval
    {
      do {
        try flush()
      } catch {
        failure = error
        return false
      }
    }
    return !session.stop.isStopped
  }

  func finish() throws {
    if let failure { throw failure }
    try flush()
  }

  private func flush() throws {
    try session.store.append(answers: pending, to: run)
    done += pending.count
    pending = []
    stored = clock.now
    try session.recordTime()
    session.report(.advanced(session.meter.advance(stage, to: done)))
  }
}
