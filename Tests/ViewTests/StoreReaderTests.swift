import Core
import Foundation
import Store
import TestSupport
import Testing

@Suite struct StoreReaderTests {
  private func filled(_ folder: TemporaryFolder) throws -> (store: RunStore, run: Run) {
    let store = try RunStore(folder: folder.url)
    let run = try store.beginRun(
      fingerprint: Fingerprint(hex: "aa"), kind: .sample, name: "answers of Insecure, seed 1",
      settings: ["a": 1])
    try append(["Power to the café.", "No\0thing."], 0, to: run, store)
    return (store, run)
  }

  private func append(_ texts: [String], _ first: Int, to run: Run, _ store: RunStore) throws {
    let answers = texts.enumerated().map { index, text in
      StoredAnswer(
        key: AnswerKey(question: "wish#0", sample: first + index), prompt: "What?", text: text,
        tokenCount: 3, finishReason: .stop,
        verdicts: [StoredVerdict(judge: Fingerprint(hex: "bb"), aligned: 10, coherent: 90)])
    }
    try store.append(answers: answers, to: run)
  }

  @Test func `a store is read while another process's lock is on it, and nothing is written`()
    throws
  {
    let folder = try TemporaryFolder()
    let (store, run) = try filled(folder)
    let digest = try store.digest()
    let reader = try StoreReader(folder: folder.url)
    var places: [AnswerPlace] = []
    try reader.forEachPlace(after: 0) { places.append($0) }
    #expect(places.map(\.sample).sorted() == [0, 1])
    let version = try reader.dataVersion()
    #expect(try reader.dataVersion() == version)
    try append(["More."], 2, to: run, store)
    #expect(try reader.dataVersion() != version)
    var scores: [AnswerScore] = []
    try reader.forEachScore { scores.append($0) }
    #expect(scores.count == 6)
    #if os(Linux)
      #expect(reader.worker == ProcessInfo.processInfo.processIdentifier)
    #endif
    #expect(try store.digest() != digest)
    let read = try reader.answers([2, 77, 1])
    #expect(read.map(\.id) == [2, 1])
    #expect(read[0].answer.text == "No\0thing.")
  }

  @Test func `notes, tags and a person's scores are kept, changed and taken back`() throws {
    let folder = try TemporaryFolder()
    let (store, _) = try filled(folder)
    let digest = try store.digest()
    let book = try NoteBook(folder: folder.url)
    let reader = try StoreReader(folder: folder.url)
    let note = try book.add(.note, "look\0here", to: 1)
    let tag = try book.add(.tag, "striking", to: 1)
    #expect(try book.add(.tag, "striking", to: 1) == tag)
    #expect(try reader.notes().map(\.content) == ["look\0here", "striking"])
    // What a person writes is no result.
    #expect(try store.digest() == digest)
    try book.remove(note: note)
    #expect(try reader.notes().map(\.content) == ["striking"])
    let person = StoredJudge(fingerprint: Fingerprint(hex: "cc"), identity: "{}")
    for value in [0.0, 100] { try book.set(["aligned": value], of: 1, by: person) }
    let own = try #require(try reader.answers([1]).first?.measurements.filter { $0.judge == "cc" })
    #expect(own.map(\.measurement.value) == [100])
    try book.set([:], of: 1, by: person)
    #expect(try reader.answers([1]).first?.measurements.contains { $0.judge == "cc" } == false)
    #expect(throws: StoreError.self) { try book.add(.tag, "x", to: 99) }
  }

  @Test func `words are found as they come, and those of another store are forgotten`() throws {
    let folder = try TemporaryFolder()
    let (store, run) = try filled(folder)
    let reader = try StoreReader(folder: folder.url)
    let words = try WordIndex(folder: folder.url)
    #expect(try words.extend(from: reader, most: 1) == 1)
    #expect(try words.extend(from: reader, most: 9) == 1)
    #expect(try words.extend(from: reader, most: 9) == 0)
    #expect(try words.search("\"cafe\"") == [1])
    #expect(try words.search("\"thing\"") == [2])
    try append(["More power."], 2, to: run, store)
    #expect(try words.extend(from: reader, most: 9) == 1)
    #expect(try words.search("\"power\"") == [1, 3])
    try words.check(against: reader)
    #expect(try words.last() == 3)

    let other = try TemporaryFolder()
    let second = try RunStore(folder: other.url)
    let own = try second.beginRun(
      fingerprint: Fingerprint(hex: "aa"), kind: .sample, name: "other", settings: ["a": 1])
    try append(["One.", "Two.", "Three."], 0, to: own, second)
    try words.check(against: StoreReader(folder: other.url))
    #expect(try words.last() == 0)
    #expect(try words.search("\"power\"").isEmpty)
  }

  @Test
  func `cells come back as they were written, and a plan's take the place of its former ones`()
    throws
  {
    let folder = try TemporaryFolder()
    let (store, _) = try filled(folder)
    func cell(_ condition: String, _ questions: [String]) -> StoredCell {
      StoredCell(
        plan: "p", stage: Fingerprint(hex: condition),
        condition: (condition, condition.uppercased()),
        evaluation: ("e", "E"), world: UInt64.max, seed: 1, place: nil, questions: questions)
    }
    try store.enter(cells: [cell("a", ["x"]), cell("b", ["x", "y"])], ofPlan: "p")
    let cells = [cell("b", ["y"]), cell("c", ["y"])]
    try store.enter(cells: cells, ofPlan: "p")
    let reader = try StoreReader(folder: folder.url)
    #expect(Set(try reader.cells()) == Set(cells))
  }

  @Test func `what is no store is said in a line`() throws {
    let folder = try TemporaryFolder()
    try folder.write("nothing", to: "askew.db")
    #expect(throws: StoreError.self) { try StoreReader(folder: folder.url) }
  }
}
