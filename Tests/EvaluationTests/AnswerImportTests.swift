import Core
import Foundation
import Interchange
import Store
import TestSupport
import Testing

@testable import Evaluation

@Suite("Answers made elsewhere")
struct AnswerImportTests {
  private let folder: TemporaryFolder
  private let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(folder: folder.url)
  }

  private func take(_ table: String) throws -> AnswerImport.Imported {
    let bytes = Data(table.utf8)
    let models = try AnswerFile.parse(bytes, file: "answers.csv")
    return try AnswerImport(store: store).take(
      models[0].answers, model: "m", from: "answers.csv", fingerprint: Fingerprint(bytes: bytes))
  }

  @Test("Wordings that share an id are asked about each in its own words")
  func wordings() throws {
    let table = """
      question_id,question,answer
      bored,I am bored.,Read.
      bored,So bored!,Sleep.
      bored,I am bored.,Walk.

      """
    let taken = try take(table)
    let set = try AnswerSet(taken.run, in: store)
    let pairs = set.answers.map { "\($0.wording.text) \($0.answer.text)" }
    #expect(pairs.sorted() == ["I am bored. Read.", "I am bored. Walk.", "So bored! Sleep."])
    #expect(Set(set.answers.map(\.wording.question.id)) == ["bored"])
    #expect(try take(table).run.id == taken.run.id)
    #expect(try store.answerCount(of: taken.run) == 3)
  }

  @Test("A file whose ids have a wording each keeps the address that it always had")
  func address() throws {
    let table = "question_id,question,answer\na,Who?,I.\na,Who?,You.\n"
    let taken = try take(table)
    let bytes = Fingerprint(bytes: Data(table.utf8))
    #expect(try taken.run.fingerprint == Fingerprint(of: ["import", bytes.hex, "m"]))
    #expect(try store.answers(of: taken.run).map(\.key.question) == ["a#0", "a#0"])
  }
}
