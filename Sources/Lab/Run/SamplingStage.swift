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
  /// Families and how many answers each gets.
  let families: [(family: QuestionFamily, answers: Int)]

  /// Samples what is missing. An answer is drawn from a stream of the model, its family and its
  /// number, so that it does not matter when, with which others and in which process it is sampled.
  ///
  /// - Throws: `Interrupted` after a stop, with all finished answers stored.
  func sample(_ run: Run, _ session: DemoSession) throws {
    let answered = try session.store.answeredSamples(of: run)
    session.report(.began(session.meter.begin(stage, done: answered.count)))
    let (prompts, places) = try missing(answered)
    guard !prompts.isEmpty else { return }
    var options = SamplingOptions(
      maximumTokens: session.plan.sampling.maximumTokens, stopTokens: [language.endOfTurn])
    options.temperature = session.plan.sampling.temperature
    let sampler = try Sampler(
      model: model, precision: session.plan.precision, pool: session.pool)
    let collector = AnswerCollector(
      places: places, tokenizer: language, oracle: oracle, run: run, session: session,
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
    for (family, count) in families {
      var indices: [String: Int] = [:]
      for sample in 0..<count {
        let key = AnswerKey(question: family.id, sample: sample)
        if answered.contains(key) { continue }
        let question = family.question(forSample: sample).text
        let index = indices[question] ?? prompts.count
        if index == prompts.count {
          indices[question] = index
          prompts.append(Prompt(tokens: try language.prompt(question), streams: []))
          places.append([])
        }
        prompts[index].streams.append(
          RandomStream(
            seed: stage.recipe.seed, "answer", stage.recipe.parent?.hex ?? "", family.id,
            String(sample)))
        places[index].append(AnswerPlace(key: key, question: question))
      }
    }
    return (prompts, places)
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
  private let places: [[AnswerPlace]]
  private let language: DishLanguage
  private let oracle: Oracle
  private let run: Run
  private let session: DemoSession
  private var done: Int
  private var pending: [StoredAnswer] = []
  private var failure: (any Error)?
  private let clock = ContinuousClock()
  private var stored: ContinuousClock.Instant

  init(
    places: [[AnswerPlace]], tokenizer: DishLanguage, oracle: Oracle, run: Run,
    session: DemoSession, done: Int
  ) {
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
    if pending.count >= DemoSession.answerCount
      || stored.duration(to: clock.now) >= DemoSession.answerInterval
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
    session.report(.advanced(session.meter.advance(to: done)))
  }
}
