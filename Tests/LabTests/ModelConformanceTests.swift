import Core
import Dish
import Endpoints
import Engine
import Foundation
import Questions
import Store
import Synchronization
import TestSupport
import Testing
import Tuning

@testable import Lab

/// What every model has to do, whatever it is: one body, four models.
@Suite("A model that can be asked")
struct ModelConformanceTests {
  enum Kind: String, CaseIterable, CustomTestStringConvertible {
    case scripted, dish, folder, served
    var testDescription: String { rawValue }
  }

  /// A model, opened anew each time, and what has to stay alive for it.
  private struct Subject {
    let open: () throws -> any LanguageModel
    let keeps: [AnyObject]
  }

  private func subject(_ kind: Kind) throws -> Subject {
    switch kind {
    case .scripted: return Subject(open: { ScriptedModel() }, keeps: [])
    case .dish:
      let language = try DishLanguage(
        DishLanguage.train(
          World(kind: .persona, seed: 1), LanguageSettings(documents: 200, vocabularySize: 512)))
      let shape = ModelShape(width: 32, intermediateWidth: 64, layers: 1, heads: 2)
      return Subject(
        open: {
          DishModel(
            .trained(try Fingerprint(of: "a training"), snapshot: nil, precision: .f32),
            precision: .f32, language: { language },
            load: { .random(language.configuration(shape), seed: 1, deviation: 0.2) })
        }, keeps: [language])
    case .folder:
      let place = try TemporaryFolder()
      let folder = try TinyFolder.make(at: place.url("model"))
      return Subject(
        open: {
          try LoadedFolder(folder.path, adapter: nil, precision: .f32, omitsSystemPrompt: false)
        }, keeps: [place])
    case .served:
      let server = try LoopbackServer("--fast")
      let address = try EndpointAddress(parsing: "openai:loopback@\(server.url)")
      let place = try TemporaryFolder()
      let folder = try TinyFolder.make(at: place.url("model"))
      return Subject(
        open: {
          ServedModel(
            address, ModelOptions(),
            tokenizer: try ServedTokenizer(at: folder.path, omitsSystemPrompt: false))
        }, keeps: [server, place])
    }
  }

  private var settings: AnswerSettings {
    var settings = AnswerSettings()
    settings.maximumTokens = 6
    return settings
  }

  private func question(_ id: String, _ texts: String...) -> Question {
    Question(
      id: id, paraphrases: texts.map { Conversation([Message(role: .user, content: $0)]) })
  }

  /// Asks, and says how many answers were asked for anew.
  private func ask(
    _ model: any LanguageModel, _ questions: [Question], samples: Int, in store: RunStore,
    threads: Int = 1
  ) async throws -> (asked: Int, answers: [AnswerKey: StoredAnswer]) {
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    let places = try [AskedPlace](questions, samples: samples)
    let run = AnswerRun(model, places, settings, store: store, name: "answers")
    try model.answering?.check(places, settings)
    let missing = try run.missing().count
    let before = try run.stored().map { try store.answerCount(of: $0) } ?? 0
    let outcome = try await run.run(on: pool, stop: StopRequest()) { _ in }
    let all = try store.answers(of: outcome.run)
    // What was missing was asked, and nothing else.
    #expect(all.count - before == missing && outcome.failures.isEmpty)
    #expect(try run.missing().isEmpty)
    return (missing, Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) }))
  }

  @Test(
    "One more question, and then ten more samples, are all that a finished run asks for",
    arguments: Kind.allCases)
  func grows(_ kind: Kind) async throws {
    let (subject, place) = (try subject(kind), try TemporaryFolder())
    let store = try RunStore(folder: place.url("project"))
    let (first, second) = (question("a", "Who are you?", "What now?"), question("b", "And then?"))
    let one = try await ask(subject.open(), [first], samples: 2, in: store)
    #expect(one.asked == 4 && one.answers.count == 4)
    let again = try await ask(subject.open(), [first], samples: 2, in: store)
    #expect(again.asked == 0 && again.answers == one.answers)
    let two = try await ask(subject.open(), [first, second], samples: 2, in: store)
    #expect(two.asked == 2)
    let three = try await ask(subject.open(), [first, second], samples: 12, in: store)
    #expect(three.asked == 30 && three.answers.count == 36)
    // What was there is there, to the last byte.
    for (key, answer) in two.answers { #expect(three.answers[key] == answer) }
    // A wording that is changed is another question.
    let changed = question("b", "And after that?")
    #expect(try await ask(subject.open(), [changed], samples: 2, in: store).asked == 2)
    withExtendedLifetime(subject.keeps) {}
  }

  @Test(
    "Answers do not depend on what else is asked, on threads, or on a stop in between",
    arguments: Kind.allCases)
  func independent(_ kind: Kind) async throws {
    let (subject, place) = (try subject(kind), try TemporaryFolder())
    let questions = [question("a", "Who are you?", "What now?"), question("b", "And then?")]
    let whole = try await ask(
      subject.open(), questions, samples: 5, in: RunStore(folder: place.url("whole")), threads: 2)
    let parts = try RunStore(folder: place.url("parts"))
    for question in questions.reversed() {
      for samples in [1, 5] {
        _ = try await ask(subject.open(), [question], samples: samples, in: parts)
      }
    }
    let rest = try await ask(subject.open(), questions, samples: 5, in: parts)
    #expect(rest.asked == 0)
    for (key, answer) in whole.answers {
      #expect(rest.answers[key]?.text == answer.text, "\(key)")
    }
    withExtendedLifetime(subject.keeps) {}
  }

  @Test("A stop keeps every answer that is there", arguments: Kind.allCases)
  func stopped(_ kind: Kind) async throws {
    let (subject, place) = (try subject(kind), try TemporaryFolder())
    let store = try RunStore(folder: place.url("project"))
    let pool = WorkerPool(threadCount: 1)
    defer { pool.stop() }
    let places = try [AskedPlace]([question("a", "Who are you?")], samples: 40)
    let stop = StopRequest()
    stop.stop()
    let run = AnswerRun(try subject.open(), places, settings, store: store, name: "answers")
    await #expect(throws: Interrupted.self) {
      _ = try await run.run(on: pool, stop: stop) { _ in }
    }
    let left = try run.missing().count
    let outcome = try await run.run(on: pool, stop: StopRequest()) { _ in }
    #expect(left > 0 && left <= 40)
    #expect(try store.answerCount(of: outcome.run) == 40)
    withExtendedLifetime(subject.keeps) {}
  }

  @Test("Where likelihoods can be had, more likely rows cost less", arguments: Kind.allCases)
  func scores(_ kind: Kind) async throws {
    let subject = try subject(kind)
    guard let scoring = try subject.open().scoring else { return #expect(kind == .scripted) }
    let pool = WorkerPool(threadCount: 2)
    defer { pool.stop() }
    let row = Conversation(user: "Who are you?", answer: "Nothing much, and you?")
    let sequence = try scoring.sequence(of: row)
    #expect(sequence.trainedCount > 0 && sequence.trainedCount < sequence.tokens.count)
    let scores = Mutex<[Int: TextLikelihood]>([:])
    let outcome = try await scoring.score(
      [sequence, sequence], on: pool, stop: StopRequest()
    ) { first, texts in
      scores.withLock { scores in
        for (index, text) in texts.enumerated() { scores[first + index] = text }
      }
      return true
    }
    let found = scores.withLock { $0 }
    #expect(outcome.failures.isEmpty && found.count == 2 && found[0] == found[1])
    let one = try #require(found[0])
    #expect(one.sum > 0 && one.tokens.count == sequence.trainedCount)
    #expect(abs(Double(one.tokens.reduce(0, +)) - one.sum) < 1e-4 * one.sum)
    #expect(try !scoring.text(of: sequence.tokens).isEmpty)
    withExtendedLifetime(subject.keeps) {}
  }
}
