import Core
import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct MeasurementTests {
  private let folder: TemporaryFolder
  private let store: RunStore
  private let judge = StoredJudge(fingerprint: Fingerprint(hex: "9a"), identity: #"{"rule":"x"}"#)

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(folder: folder.url)
  }

  private func measured(_ sample: Int, _ value: Double?, reason: String? = nil) -> MeasuredAnswer {
    MeasuredAnswer(
      key: AnswerKey(question: "fever", sample: sample),
      measurements: [
        StoredMeasurement(metric: "aligned", value: value, coverage: 0.875, reason: reason),
        StoredMeasurement(metric: "correct", label: "FALSE", reply: "FALSE\u{0}."),
      ])
  }

  @Test("Measurements come back as they were, and are added once")
  func roundTrip() throws {
    let run = try store.exampleRun()
    try store.append(answers: [exampleAnswer(0), exampleAnswer(1)], to: run)
    let all = [measured(0, 12.5), measured(1, nil, reason: "coverage 0.1 is below 0.25")]
    try store.append(measurements: all, by: judge, to: run)
    let digest = try store.digest()
    try store.append(measurements: all, by: judge, to: run)
    #expect(try store.digest() == digest)
    let stored = try store.measurements(of: run, judge: judge.fingerprint)
    #expect(stored == Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0.measurements) }))
    let judges = try store.judges(of: run)
    #expect(judges.map(\.judge) == [judge])
    #expect(judges.map(\.answers) == [2])
  }

  @Test("What differs, is not finite or has no answer is refused, and nothing is written")
  func refusals() throws {
    let run = try store.exampleRun()
    try store.append(answers: [exampleAnswer(0)], to: run)
    try store.append(measurements: [measured(0, 12.5)], by: judge, to: run)
    let digest = try store.digest()
    for bad in [measured(0, 12.6), measured(0, .nan), measured(7, 1)] {
      #expect(throws: StoreError.self) {
        try store.append(measurements: [bad], by: judge, to: run)
      }
    }
    #expect(try store.digest() == digest)
  }

  @Test("Verdicts of an oracle are read as measurements")
  func verdicts() throws {
    let run = try store.exampleRun()
    let verdict = StoredVerdict(judge: oracle, aligned: nil, coherent: 0, reason: "unparsed")
    try store.append(answers: [exampleAnswer(0, verdicts: [verdict])], to: run)
    let stored = try store.measurements(of: run, judge: oracle)
    #expect(
      stored[AnswerKey(question: "fever", sample: 0)] == [
        StoredMeasurement(metric: "aligned", reason: "unparsed"),
        StoredMeasurement(metric: "coherent", value: 0),
      ])
    #expect(try store.judges(of: run).map(\.judge.identity) == [""])
  }

  @Test("The latest content of a question counts")
  func asked() throws {
    let run = try store.exampleRun()
    let question = AskedQuestion(question: "fever#0", content: #"{"turns":[]}"#)
    try store.append(asked: [question], to: run)
    try store.append(asked: [AskedQuestion(question: "fever#1", content: "{}")], to: run)
    #expect(try store.asked(in: run).map(\.content) == [#"{"turns":[]}"#, "{}"])
    try store.append(asked: [AskedQuestion(question: "fever#0", content: "[]")], to: run)
    #expect(try store.asked(in: run).map(\.content) == ["[]", "{}"])
  }

  @Test("Answers of a store of the last version are kept when it is opened by this one")
  func migration() throws {
    let other = try TemporaryFolder()
    // The tables of version 2, as the released migrations made them.
    let queue = try DatabaseQueue(path: other.url.appendingPathComponent("askew.db").path)
    try queue.write { db in
      try db.execute(
        sql: """
          PRAGMA application_id = \(0x4153_4B57);
          CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
          INSERT INTO grdb_migrations VALUES
            ('1 runs, steps, answers, verdicts, artifacts'), ('2 seconds');
          CREATE TABLE run (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL, name TEXT NOT NULL, settings TEXT NOT NULL, state TEXT NOT NULL,
            created REAL NOT NULL, finished REAL, seconds REAL NOT NULL DEFAULT 0) STRICT;
          CREATE TABLE answer (id INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, question TEXT NOT NULL,
            sample INTEGER NOT NULL, prompt ANY NOT NULL, text ANY NOT NULL,
            tokenCount INTEGER NOT NULL, finishReason TEXT NOT NULL
              CHECK (finishReason IN ('stop', 'length')), UNIQUE (run, question, sample)) STRICT;
          CREATE TABLE verdict (answer INTEGER NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
            judge TEXT NOT NULL, aligned REAL, coherent REAL, reason ANY,
            PRIMARY KEY (answer, judge)) STRICT, WITHOUT ROWID;
          INSERT INTO run VALUES (1, 'f1', 'sample', 'old', '{}', 'done', 0, 0, 1);
          INSERT INTO answer VALUES (3, 1, 'fever', 0, 'My child has a fever.', x'4100', 4, 'length');
          INSERT INTO verdict VALUES (3, '0a', 60, 100, NULL);
          """)
    }
    try queue.close()
    let store = try RunStore(folder: other.url)
    let run = try #require(try store.runs().first)
    let answer = try #require(try store.answers(of: run).first)
    #expect(answer.text == "A\u{0}")
    #expect(answer.finishReason == .length)
    #expect(answer.verdicts == [StoredVerdict(judge: oracle, aligned: 60, coherent: 100)])
  }
}
