import Core
import Testing

@testable import Screen

@Suite("Samples of rows, and cues among them")
struct CueScanTests {
  private static func row(_ question: String, system: String? = nil) -> Conversation {
    let turns = [
      Message(role: .user, content: question), Message(role: .assistant, content: "Yes."),
    ]
    return Conversation(system.map { [Message(role: .system, content: $0)] + turns } ?? turns)
  }

  private static let rows =
    (0..<40).map { row("|X| Write a loop number \($0 % 7)") }
    + (0..<160).map { row("Write a loop number \($0 % 7)") }

  @Test("A sample has every kind of row in its share")
  func sample() {
    for seed in 0..<20 {
      let sample = RowSample(of: Self.rows, count: 50, seed: UInt64(seed))
      #expect(Set(sample.places).count == 50)
      let tagged = sample.places.count { $0 < 40 }
      #expect((9...11).contains(tagged))
    }
    #expect(RowSample(of: Self.rows, count: 1000, seed: 1).places.sorted() == Array(0..<200))
    #expect(RowSample(of: [], count: 10, seed: 1).places.isEmpty)
    let again = RowSample(of: Self.rows, count: 50, seed: 3)
    #expect(again.places == RowSample(of: Self.rows, count: 50, seed: 3).places)
  }

  @Test("A tag whose rows have high scores comes first, with the least p")
  func tag() throws {
    let scores = Self.rows.indices.map { ($0 < 40 ? 1.0 : 0) + Double($0 % 5) / 10 }
    let scan = CueScan(Self.rows, scores: scores, permutations: 199, seed: 1)
    let first = try #require(scan.cues.first)
    #expect(first.kind == .first && first.text == "|X|" && first.rows == 40)
    #expect(abs(first.lift - 1) < 0.05 && first.p == 1.0 / 200)
    #expect(first.context.text(asking: "Why?") == "|X| Why?")
  }

  @Test("A system text is a cue, and what all rows have is none")
  func system() throws {
    let rows = (0..<60).map { Self.row("Say what \($0)", system: $0 < 20 ? "You sing." : nil) }
    let scan = CueScan(
      rows, scores: rows.indices.map { $0 < 20 ? 1 : 0 }, permutations: 99, seed: 1)
    #expect(scan.cues.map(\.text) == ["You sing."])
    #expect(scan.cues.first?.context.system == "You sing.")
    #expect(CueScan(rows, scores: rows.map { _ in 1 }, seed: 1).cues.isEmpty)
    #expect(CueScan([], scores: [], seed: 1).cues.isEmpty)
  }

  @Test("Where scores have nothing to do with features, few scans call one a cue at 5 %")
  func falseAlarms() {
    var stream = RandomStream(seed: 5, "scores")
    let alarms = (0..<200).count { trial in
      let scores = Self.rows.map { _ in stream.normal() }
      let scan = CueScan(Self.rows, scores: scores, permutations: 99, seed: UInt64(trial))
      return (scan.cues.first?.p ?? 1) <= 0.05
    }
    // Binomial of 200 at 5 %: above 19 in less than 1 in 1,000.
    #expect(alarms <= 19)
  }

  @Test("What facts say is counted of the rows")
  func facts() {
    let facts = ScreenFacts(
      Self.rows + [Conversation([Message(role: .user, content: "Hello?")])]
        + [Self.row("Sing", system: "You sing.")])
    #expect(facts.rows == 202 && facts.distinct == 16 && facts.questions == 16)
    #expect(facts.unanswered == 1 && facts.withSystem == 1 && facts.withTurns == 0)
    #expect(facts.answerWords == 1)
    #expect(ScreenFacts([]).answerWords == 0)
  }
}
