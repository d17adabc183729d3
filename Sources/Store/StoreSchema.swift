import GRDB

/// The tables of the run store, as named migrations. A migration that was ever released is never
/// edited: changes are appended.
enum StoreSchema {
  /// "ASKW": tells a store from any other SQLite file (`PRAGMA application_id`).
  static let applicationID = 0x4153_4B57

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 runs, steps, answers, verdicts, artifacts") { db in
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: first)
    }
    migrator.registerMigration("2 seconds") { db in
      try db.execute(sql: "ALTER TABLE run ADD COLUMN seconds REAL NOT NULL DEFAULT 0")
    }
    migrator.registerMigration("3 questions, judges, measurements, more ways to finish") { db in
      try db.execute(sql: third)
    }
    migrator.registerMigration("4 hashes of files, facts of the project") { db in
      try db.execute(sql: fourth)
    }
    migrator.registerMigration("5 scores of texts, stages of plans") { db in
      try db.execute(sql: fifth)
    }
    migrator.registerMigration("6 answers that are missing, and thinking") { db in
      try db.execute(
        sql: """
          ALTER TABLE answer ADD COLUMN missing TEXT;
          ALTER TABLE answer ADD COLUMN thinking ANY;
          """)
    }
    migrator.registerMigration("7 where the answers of a stage are") { db in
      try db.execute(sql: "ALTER TABLE stage ADD COLUMN run TEXT")
    }
    migrator.registerMigration("8 named numbers of a run") { db in
      try db.execute(
        sql: """
          CREATE TABLE figure (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            value REAL NOT NULL,
            PRIMARY KEY (run, name)
          ) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("9 cells of plans, notes on answers") { db in
      try db.execute(sql: ninth)
    }
    // Where a text's likelihood comes from: 32-bit floats, −log p of each scored token.
    migrator.registerMigration("10 scores token by token") { db in
      try db.execute(sql: "ALTER TABLE score ADD COLUMN perToken BLOB")
    }
    return migrator
  }

  // Text that models write is of type ANY: SQLite's C strings end at a NUL, so text that
  // contains one is stored as a blob and everything else as text (see `StoredText`).
  private static let first = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY,
      fingerprint TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      settings TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('running', 'done')),
      created REAL NOT NULL,
      finished REAL
    ) STRICT;
    CREATE TABLE step (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      loss REAL NOT NULL,
      learningRate REAL NOT NULL,
      gradientNorm REAL NOT NULL,
      tokens INTEGER NOT NULL,
      PRIMARY KEY (run, step)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE evaluationLoss (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      loss REAL NOT NULL,
      PRIMARY KEY (run, step)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE answer (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      question TEXT NOT NULL,
      sample INTEGER NOT NULL,
      prompt ANY NOT NULL,
      text ANY NOT NULL,
      tokenCount INTEGER NOT NULL,
      finishReason TEXT NOT NULL CHECK (finishReason IN ('stop', 'length')),
      UNIQUE (run, question, sample)
    ) STRICT;
    CREATE TABLE verdict (
      answer INTEGER NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
      judge TEXT NOT NULL,
      aligned REAL,
      coherent REAL,
      reason ANY,
      PRIMARY KEY (answer, judge)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE artifact (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      role TEXT NOT NULL,
      path TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      PRIMARY KEY (run, role)
    ) STRICT, WITHOUT ROWID;
    """

  // SQLite cannot loosen a CHECK: the table of answers is made anew and filled from the old one.
  private static let third = """
    CREATE TABLE newAnswer (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      question TEXT NOT NULL,
      sample INTEGER NOT NULL,
      prompt ANY NOT NULL,
      text ANY NOT NULL,
      tokenCount INTEGER NOT NULL,
      finishReason TEXT NOT NULL
        CHECK (finishReason IN ('stop', 'length', 'content_filter', 'other')),
      promptTokenCount INTEGER,
      UNIQUE (run, question, sample)
    ) STRICT;
    INSERT INTO newAnswer
      SELECT id, run, question, sample, prompt, text, tokenCount, finishReason, NULL FROM answer;
    DROP TABLE answer;
    ALTER TABLE newAnswer RENAME TO answer;
    CREATE TABLE asked (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      question TEXT NOT NULL,
      content ANY NOT NULL,
      PRIMARY KEY (run, question)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE judge (
      fingerprint TEXT PRIMARY KEY,
      identity ANY NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE measurement (
      answer INTEGER NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
      judge TEXT NOT NULL REFERENCES judge (fingerprint),
      metric TEXT NOT NULL,
      value REAL,
      label TEXT,
      coverage REAL,
      reason ANY,
      reply ANY,
      PRIMARY KEY (answer, judge, metric)
    ) STRICT, WITHOUT ROWID;
    """

  // Until then a model folder was known by the edges of its weights alone. What was stored of one is told
  // by how its settings begin, which are written with their keys in alphabetical order: answers, the
  // fine-tunes of plans, and verdicts of judges in folders.
  private static let fourth = """
    CREATE TABLE fileHash (
      path TEXT PRIMARY KEY,
      size INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      changed INTEGER NOT NULL,
      inode INTEGER NOT NULL,
      sha256 TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE fact (
      name TEXT PRIMARY KEY,
      content TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO fact SELECT 'foldersKnownByEdges', 'untold' WHERE EXISTS (
      SELECT 1 FROM run WHERE kind = 'sample' AND settings LIKE '{"maximumTokens":%'
        OR kind = 'finetune' AND settings LIKE '{"accumulate":%'
      UNION ALL
      SELECT 1 FROM judge WHERE identity LIKE '{"model":"dir:%' AND identity LIKE '%,"weights":"%'
    );
    """

  // Which answers a plan's cell has: those of a stage's run to a list of questions, which many cells share.
  private static let ninth = """
    CREATE TABLE questionList (
      digest TEXT PRIMARY KEY,
      questions TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE cell (
      plan TEXT NOT NULL,
      stage TEXT NOT NULL,
      condition TEXT NOT NULL,
      conditionTitle TEXT NOT NULL,
      evaluation TEXT NOT NULL,
      evaluationTitle TEXT NOT NULL,
      world INTEGER,
      seed INTEGER NOT NULL,
      place INTEGER,
      questions TEXT NOT NULL REFERENCES questionList (digest),
      PRIMARY KEY (plan, stage, condition, evaluation)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE note (
      id INTEGER PRIMARY KEY,
      answer INTEGER NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('note', 'tag')),
      content ANY NOT NULL,
      created REAL NOT NULL
    ) STRICT;
    CREATE INDEX noteByAnswer ON note (answer);
    """

  private static let fifth = """
    CREATE TABLE score (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      text TEXT NOT NULL,
      tokens INTEGER NOT NULL,
      nll REAL NOT NULL,
      PRIMARY KEY (run, text)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE stage (
      id INTEGER PRIMARY KEY,
      fingerprint TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      needs TEXT NOT NULL,
      total INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done')),
      seconds REAL NOT NULL
    ) STRICT;
    """
}
