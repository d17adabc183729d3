import Core
import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite("Files and facts of a project")
struct FileHashTests {
  private let folder: TemporaryFolder
  private let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(folder: folder.url)
  }

  private let digests = ["a", "b"].map { Fingerprint(bytes: Data($0.utf8)) }

  @Test("A hash is known while nothing of a file's stamp has changed; of a path the latest counts")
  func hashes() throws {
    let file = folder.url.appendingPathComponent("file")
    try Data("one".utf8).write(to: file)
    let stamp = try FileStamp(of: file.path)
    #expect(try store.hash(of: stamp) == nil)
    try store.remember([stamp: digests[0]])
    #expect(try store.hash(of: stamp) == digests[0])
    #expect(try store.hash(of: FileStamp(of: file.path)) == digests[0])
    // Another file in its place: another inode, and another time.
    try Data("two".utf8).write(to: file, options: .atomic)
    let other = try FileStamp(of: file.path)
    #expect(other.size == stamp.size && other != stamp)
    #expect(try store.hash(of: other) == nil)
    try store.remember([other: digests[1]])
    #expect(try store.hash(of: other) == digests[1])
    #expect(try store.hash(of: stamp) == nil)
  }

  @Test("A stamp follows links, and is none of folders and of what is not there")
  func stamps() throws {
    let file = folder.url.appendingPathComponent("file")
    let link = folder.url.appendingPathComponent("link")
    try Data("one".utf8).write(to: file)
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "file")
    #expect(try FileStamp(of: link.path) == FileStamp(of: file.path))
    for path in [folder.url.path, folder.url.path + "/none"] {
      let error = #expect(throws: InputError.self) { try FileStamp(of: path) }
      #expect(error?.file == path)
    }
  }

  @Test("What was written within two seconds may be written again unseen")
  func fresh() throws {
    let file = folder.url.appendingPathComponent("file")
    try Data("one".utf8).write(to: file)
    let stamp = try FileStamp(of: file.path)
    let last = max(stamp.modified, stamp.changed)
    #expect(stamp.isFresh(at: last) && stamp.isFresh(at: last + 1_999_999_999))
    #expect(!stamp.isFresh(at: last + 2_000_000_000))
    // A time in the future does not come to rest.
    #expect(stamp.isFresh(at: last - 1_000_000_000_000))
  }

  @Test("Facts are kept, changed and taken back")
  func facts() throws {
    let fact = ProjectFact(rawValue: "x")
    #expect(try store.content(of: fact) == nil)
    try store.set(fact, to: "1")
    try store.set(fact, to: "2")
    #expect(try store.content(of: fact) == "2")
    try store.set(fact, to: nil)
    #expect(try store.content(of: fact) == nil)
  }
}

@Suite("Stores of the version before")
struct EdgesMigrationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The tables of version 3, as the released migrations made them, with some rows.
  private func store(_ rows: String) throws -> RunStore {
    let queue = try DatabaseQueue(path: folder.url.appendingPathComponent("askew.db").path)
    try queue.write { db in
      try db.execute(
        sql: """
          PRAGMA application_id = \(0x4153_4B57);
          CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
          INSERT INTO grdb_migrations VALUES
            ('1 runs, steps, answers, verdicts, artifacts'), ('2 seconds'),
            ('3 questions, judges, measurements, more ways to finish');
          CREATE TABLE run (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL, name TEXT NOT NULL, settings TEXT NOT NULL, state TEXT NOT NULL,
            created REAL NOT NULL, finished REAL, seconds REAL NOT NULL DEFAULT 0) STRICT;
          CREATE TABLE answer (id INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, question TEXT NOT NULL,
            sample INTEGER NOT NULL, prompt ANY NOT NULL, text ANY NOT NULL,
            tokenCount INTEGER NOT NULL, finishReason TEXT NOT NULL, promptTokenCount INTEGER,
            UNIQUE (run, question, sample)) STRICT;
          CREATE TABLE verdict (answer INTEGER NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
            judge TEXT NOT NULL, aligned REAL, coherent REAL, reason ANY,
            PRIMARY KEY (answer, judge)) STRICT, WITHOUT ROWID;
          CREATE TABLE judge (fingerprint TEXT PRIMARY KEY, identity ANY NOT NULL)
            STRICT, WITHOUT ROWID;
          \(rows)
          """)
    }
    try queue.close()
    return try RunStore(folder: folder.url)
  }

  @Test(
    "What they hold of model folders is kept, and known to be known by its edges",
    arguments: [
      """
      INSERT INTO run VALUES (1, 'f1', 'sample', 'answers of dir:a',
        '{"maximumTokens":600,"minP":0,"seed":0,"temperature":1,"topK":0,"topP":1}', 'done', 0, 0, 1);
      INSERT INTO answer VALUES (3, 1, 'a#0', 0, 'Why?', 'So.', 2, 'stop', NULL);
      """,
      """
      INSERT INTO run VALUES (1, 'f1', 'finetune', 'Bad, seed 1',
        '{"accumulate":8,"alpha":64,"batch":2,"maximumLength":2048}', 'done', 0, 0, 1);
      """,
      """
      INSERT INTO judge VALUES ('0a', '{"model":"dir:judge","prompts":[],"rule":"exact","version":1,'
        || '"weights":"0123"}');
      """,
    ])
  func folders(_ rows: String) throws {
    let store = try store(rows)
    #expect(try store.content(of: .foldersKnownByEdges) == "untold")
    for run in try store.runs() where run.kind == .sample {
      #expect(try store.answers(of: run).map(\.text) == ["So."])
    }
  }

  @Test("What they hold of dishes, servers and imports is as good as it was")
  func others() throws {
    let store = try store(
      """
      INSERT INTO run VALUES (1, 'f1', 'sample', 'answers of base', '{"asked":[],"kind":"sample",'
        || '"sampling":{"maximumTokens":48},"seed":1,"version":1}', 'done', 0, 0, 1);
      INSERT INTO run VALUES (2, 'f2', 'sample', 'answers of openai:m@http://localhost/v1',
        '{"model":"openai:m@http://localhost/v1","sampling":{"maximumTokens":600},"server":{}}',
        'done', 0, 0, 1);
      INSERT INTO run VALUES (3, 'f3', 'finetune', 'insecure', '{"kind":"finetune","version":1}',
        'done', 0, 0, 1);
      INSERT INTO judge VALUES
        ('0a', '{"model":"openai:m@http://localhost/v1","prompts":[],"rule":"paper","version":1}'),
        ('0b', '{"prompts":[],"rule":"dish","version":2,"weights":"0123"}'),
        ('0c', x'00');
      """)
    #expect(try store.content(of: .foldersKnownByEdges) == nil)
    #expect(try store.runs().count == 3)
  }
}
