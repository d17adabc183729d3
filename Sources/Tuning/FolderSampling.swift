import Chats
import Core
import Corpora
import Engine
import Formats
import Foundation
import Questions
import Store

/// How answers are sampled. Nothing is applied that is not said here: a folder's generation_config
/// names tokens that end an answer, and no more of it is used.
public struct AnswerSettings: Sendable, Hashable, Codable {
  public var temperature = 1.0
  public var topP = 1.0
  public var topK = 0
  public var minP = 0.0
  public var maximumTokens = 600
  public var seed: UInt64 = 0
  /// The beginning of every answer, which the model goes on from.
  public var prefill: String?

  public init() {}
}

extension AnswerSettings {
  /// Checks that every wording can be asked: before any weight is read.
  ///
  /// - Parameter positions: of the model.
  /// - Throws: `InputError` for what the template refuses or the model has no room for.
  public func check(
    _ questions: [Question], _ tokenizer: RowTokenizer, positions: Int
  ) throws(InputError) {
    for question in questions {
      for wording in question.paraphrases {
        _ = try prompt(question, wording, tokenizer, positions: positions)
      }
    }
  }

  fileprivate func prompt(
    _ question: Question, _ wording: Conversation, _ tokenizer: RowTokenizer, positions: Int
  ) throws(InputError) -> [Int] {
    let tokens: [Int]
    do throws(InputError) {
      tokens = try tokenizer.prompt(question.messages(of: wording), prefill: prefill)
    } catch {
      throw InputError(
        "\(question.id.onOneLine): \(error.problem)", file: error.file, field: error.field)
    }
    guard tokens.count + maximumTokens <= positions else {
      throw InputError(
        "\(question.id.onOneLine): \(tokens.count) tokens and \(maximumTokens) of "
          + "an answer do not fit the model's \(positions) positions", field: "--max-tokens")
    }
    return tokens
  }
}

/// An answer with what it answers, as a line of JSON has it.
public struct FolderAnswer: Sendable, Encodable {
  public var questionID: String
  /// Counted from 0.
  public var paraphrase: Int
  /// Counted from 0.
  public var sample: Int
  public var system: String?
  public var question: String
  public var prefill: String?
  /// Without the prefill.
  public var answer: String
  /// `stop` or `length`.
  public var finish: String
  public var tokens: Int

  private enum CodingKeys: String, CodingKey {
    case questionID = "question_id"
    case paraphrase, sample, system, question, prefill, answer, finish, tokens
  }
}

/// Samples answers of a model folder to questions, into the store of a project.
public struct FolderSampling {
  private let folder: LoadedFolder
  private let questions: [Question]
  private let settings: AnswerSettings
  /// Answers to each paraphrase; `nil`: as many as the question says, or one.
  private let samples: Int?
  private let store: RunStore
  /// Of the run, for people.
  private let name: String

  public init(
    _ folder: LoadedFolder, questions: [Question], settings: AnswerSettings, samples: Int?,
    store: RunStore, name: String = "answers of a model folder"
  ) {
    (self.folder, self.questions, self.settings) = (folder, questions, settings)
    (self.samples, self.store, self.name) = (samples, store, name)
  }

  private struct Place {
    let key: AnswerKey
    let question: Question
    let paraphrase: Int
    let sample: Int
    let text: String
  }

  /// Answers that are asked for.
  public var total: Int { places.count }

  private var places: [Place] {
    questions.flatMap { question in
      question.paraphrases.enumerated().flatMap { index, paraphrase in
        (0..<(samples ?? question.samplesPerParaphrase ?? 1)).map { sample in
          Place(
            key: AnswerKey(question: "\(question.id)#\(index)", sample: sample),
            question: question, paraphrase: index, sample: sample,
            text: paraphrase.messages.last?.content ?? "")
        }
      }
    }
  }

  /// What determines an answer, besides its question and its number; the run's settings too.
  private struct Settings: Encodable {
    let model: ModelUse
    let sampling: AnswerSettings
  }

  private struct Address: Encodable {
    /// Raised whenever the same settings and questions give other answers than before.
    let version = 2
    let settings: Settings
    let questions: [Wording]
  }

  private struct Wording: Encodable {
    let question: String
    let messages: [Message]
  }

  private var runSettings: Settings {
    get throws { Settings(model: try folder.use, sampling: settings) }
  }

  /// The address of the answers. The first time all bytes of the model are read that nobody remembers.
  ///
  /// - Throws: as ``ModelContent/identity`` does.
  public var fingerprint: Fingerprint {
    get throws {
      let wordings = questions.flatMap { question in
        question.paraphrases.map {
          Wording(question: question.id, messages: question.messages(of: $0))
        }
      }
      return try Fingerprint(of: Address(settings: try runSettings, questions: wordings))
    }
  }

  /// The run in the store, with how its questions are asked.
  private func run() throws -> Run {
    let run = try store.beginRun(
      fingerprint: fingerprint, kind: .sample, name: name, settings: try runSettings)
    try store.append(
      asked: questions.flatMap { question in
        try question.paraphrases.indices.map { index in
          AskedQuestion(
            question: "\(question.id)#\(index)",
            content: try AskedWording(question, paraphrase: index).json)
        }
      }, to: run)
    return run
  }

  /// The keys of the answers that are asked for, in the order of the questions.
  public var keys: [AnswerKey] { places.map(\.key) }

  /// The answers that the store has, in the order of the questions.
  ///
  /// - Throws: `StoreError`.
  public func stored() throws -> [FolderAnswer] {
    guard let run = try store.run(fingerprint) else { return [] }
    return try stored(run)
  }

  /// Samples what the store does not have, and returns all answers in the order of the questions.
  ///
  /// An answer depends on the model, its question, the settings and its number: it does not matter
  /// when, with which others and in which process it is sampled.
  /// - Throws: `InputError` for a question that the template refuses; `Interrupted` after a stop, with
  ///   all finished answers stored.
  public func sample(
    pool: WorkerPool, stop: StopRequest, onProgress: @escaping @Sendable (_ done: Int) -> Void
  ) throws -> [FolderAnswer] {
    let run = try run()
    let answered = try store.answeredSamples(of: run)
    let places = places
    let missing = places.filter { !answered.contains($0.key) }
    onProgress(places.count - missing.count)
    if !missing.isEmpty {
      // More samples of questions that were answered before.
      if run.state == .done { try store.reopen(run) }
      try sample(missing, run, pool, stop) { onProgress(places.count - missing.count + $0) }
    }
    try store.finish(run)
    return try stored(run)
  }

  private func stored(_ run: Run) throws -> [FolderAnswer] {
    var stored: [AnswerKey: StoredAnswer] = [:]
    for answer in try store.answers(of: run) { stored[answer.key] = answer }
    return places.compactMap { place in stored[place.key].map { answer(place, $0) } }
  }

  private func answer(_ place: Place, _ stored: StoredAnswer) -> FolderAnswer {
    FolderAnswer(
      questionID: place.question.id, paraphrase: place.paraphrase, sample: place.sample,
      system: place.question.system, question: place.text, prefill: settings.prefill,
      answer: stored.text, finish: stored.finishReason.rawValue, tokens: stored.tokenCount)
  }

  private func sample(
    _ missing: [Place], _ run: Run, _ pool: WorkerPool, _ stop: StopRequest,
    onProgress: @escaping @Sendable (Int) -> Void
  ) throws {
    let (prompts, groups) = try prompts(missing)
    let model = try folder.model(pool)
    model.packForSampling(pool: pool)
    let sampler = try Sampler(
      model: model, adapter: folder.adapter, precision: folder.precision, pool: pool)
    let collector = Collector(
      store: store, run: run, stop: stop, tokenizer: folder.tokenizer.tokenizer,
      places: groups.map { $0.map { ($0.key, $0.text) } }, onProgress: onProgress)
    sampler.sample(prompts, options: options) { collector.take($0) }
    try collector.finish()
    try stop.check()
  }

  private var options: SamplingOptions {
    var options = SamplingOptions(
      maximumTokens: settings.maximumTokens,
      stopTokens: folder.tokenizer.stopTokens.map { Int32($0) })
    options.temperature = settings.temperature
    options.topP = settings.topP
    options.topK = settings.topK
    options.minP = settings.minP
    return options
  }

  /// Answers to one paraphrase share a prompt.
  private func prompts(_ missing: [Place]) throws(InputError) -> ([Prompt], [[Place]]) {
    var prompts: [Prompt] = []
    var groups: [[Place]] = []
    var indices: [String: Int] = [:]
    let limit = folder.summary.configuration.maximumPositionCount
    for place in missing {
      let index = indices[place.key.question] ?? prompts.count
      if index == prompts.count {
        indices[place.key.question] = index
        let tokens = try settings.prompt(
          place.question, place.question.paraphrases[place.paraphrase], folder.tokenizer,
          positions: limit)
        prompts.append(Prompt(tokens: tokens.map { Int32($0) }, streams: []))
        groups.append([])
      }
      prompts[index].streams.append(
        RandomStream(
          seed: settings.seed,
          path: ["answer", place.question.id, place.text, String(place.sample)])
      )
      groups[index].append(place)
    }
    return (prompts, groups)
  }
}

/// Stores answers, some at a time. The sampler calls `take` from one thread at a time and `finish` comes
/// after it has returned, which is what makes this safe to share.
private final class Collector: @unchecked Sendable {
  private let store: RunStore
  private let run: Run
  private let stop: StopRequest
  private let tokenizer: Tokenizer
  private let places: [[(key: AnswerKey, text: String)]]
  private let onProgress: @Sendable (Int) -> Void
  private var pending: [StoredAnswer] = []
  private var done = 0
  private var failure: (any Error)?
  private let clock = ContinuousClock()
  private var stored: ContinuousClock.Instant

  init(
    store: RunStore, run: Run, stop: StopRequest, tokenizer: Tokenizer,
    places: [[(key: AnswerKey, text: String)]], onProgress: @escaping @Sendable (Int) -> Void
  ) {
    (self.store, self.run, self.stop, self.tokenizer) = (store, run, stop, tokenizer)
    (self.places, self.onProgress) = (places, onProgress)
    stored = clock.now
  }

  /// Returns whether to go on.
  func take(_ answer: SampledAnswer) -> Bool {
    let place = places[answer.prompt][answer.sample]
    pending.append(
      StoredAnswer(
        key: place.key, prompt: place.text,
        text: tokenizer.decode(answer.tokens.lazy.map(Int.init)),
        tokenCount: answer.tokens.count,
        finishReason: answer.finish == .stop ? .stop : .length))
    if pending.count >= 64 || stored.duration(to: clock.now) >= .seconds(1) {
      do { try flush() } catch {
        failure = error
        return false
      }
    }
    return !stop.isStopped
  }

  func finish() throws {
    if let failure { throw failure }
    try flush()
  }

  private func flush() throws {
    try store.append(answers: pending, to: run)
    done += pending.count
    pending = []
    stored = clock.now
    onProgress(done)
  }
}
