import Core
import GRDB

extension RunStore {
  /// Keeps how questions were asked and are to be judged; the latest content counts.
  package func append(asked questions: [AskedQuestion], to run: Run) throws(StoreError) {
    try write { db in
      for question in questions {
        try db.cachedStatement(
          sql: "INSERT OR REPLACE INTO asked (run, question, content) VALUES (?, ?, ?)"
        ).execute(arguments: [run.id, question.question, StoredText(question.content)])
      }
    }
  }

  /// The questions of a run, by name.
  package func asked(in run: Run) throws(StoreError) -> [AskedQuestion] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT question, content FROM asked WHERE run = ? ORDER BY question",
        arguments: [run.id]
      ).map {
        AskedQuestion(question: $0["question"], content: ($0["content"] as StoredText).string)
      }
    }
  }

  /// Adds what a judge measured, all in one transaction. A measurement that is there already, equal to
  /// the last bit, is left as it is.
  ///
  /// - Throws: `StoreError` `.refused` for an answer that the run does not have, a measurement that
  ///   differs from the stored one, and a number that is not finite; then nothing is written.
  package func append(
    measurements: [MeasuredAnswer], by judge: StoredJudge, to run: Run
  ) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "INSERT OR IGNORE INTO judge (fingerprint, identity) VALUES (?, ?)",
        arguments: [judge.fingerprint.hex, StoredText(judge.identity)])
      for answer in measurements {
        let key = answer.key
        let id = try Int64.fetchOne(
          db.cachedStatement(
            sql: "SELECT id FROM answer WHERE run = ? AND question = ? AND sample = ?"),
          arguments: [run.id, key.question, key.sample])
        guard let id else {
          throw refusal(
            "answer \(key.sample) to \"\(key.question)\" is not in run \"\(run.name)\"",
            advice: "judge answers of the store")
        }
        for measurement in answer.measurements {
          try insert(measurement, answer: id, key, judge.fingerprint, db)
        }
      }
    }
  }

  private func insert(
    _ measurement: StoredMeasurement, answer: Int64, _ key: AnswerKey, _ judge: Fingerprint,
    _ db: Database
  ) throws {
    let name = "\(measurement.metric) of answer \(key.sample) to \"\(key.question)\""
    // SQLite would store NaN as NULL: a wrong number must not pass for a missing one.
    guard measurement.value?.isFinite ?? true, measurement.coverage?.isFinite ?? true else {
      throw refusal(
        "\(name) is not a finite number", advice: "leave it out when the judge gave none")
    }
    let found = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT * FROM measurement WHERE answer = ? AND judge = ? AND metric = ?"),
      arguments: [answer, judge.hex, measurement.metric])
    if let found {
      guard StoredMeasurement(found) == measurement else {
        throw refusal(
          "\(name) is there already and differs", advice: "use another judge fingerprint")
      }
      return
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO measurement (answer, judge, metric, value, label, coverage, reason, reply)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      answer, judge.hex, measurement.metric, measurement.value, measurement.label,
      measurement.coverage, measurement.reason.map(StoredText.init),
      measurement.reply.map(StoredText.init),
    ])
  }

  /// What a judge has measured, by question and sample.
  ///
  /// Verdicts of the dish's oracle count as measurements of `aligned` and `coherent`.
  package func measurements(
    of run: Run, judge: Fingerprint
  ) throws(StoreError) -> [AnswerKey: [StoredMeasurement]] {
    try read { db in
      var result: [AnswerKey: [StoredMeasurement]] = [:]
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT question, sample, measurement.* FROM measurement
          JOIN answer ON answer.id = measurement.answer WHERE run = ?1 AND judge = ?2
          ORDER BY answer, metric
          """, arguments: [run.id, judge.hex])
      while let row = try rows.next() {
        result[AnswerKey(question: row["question"], sample: row["sample"]), default: []]
          .append(StoredMeasurement(row))
      }
      let verdicts = try Row.fetchCursor(
        db,
        sql: """
          SELECT question, sample, verdict.* FROM verdict
          JOIN answer ON answer.id = verdict.answer WHERE run = ?1 AND judge = ?2
          """, arguments: [run.id, judge.hex])
      while let row = try verdicts.next() {
        result[AnswerKey(question: row["question"], sample: row["sample"])] =
          StoredVerdict(row).measurements
      }
      return result
    }
  }

  /// The judges that have measured answers of a run, with how many answers; the oracles of a dish are
  /// among them, without identity.
  package func judges(
    of run: Run
  ) throws(StoreError) -> [(judge: StoredJudge, answers: Int)] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT judge, count(DISTINCT answer) AS answers,
            (SELECT identity FROM judge WHERE fingerprint = judged.judge) AS identity
          FROM (
            SELECT judge, answer FROM measurement UNION ALL SELECT judge, answer FROM verdict
          ) AS judged JOIN answer ON answer.id = judged.answer WHERE run = ?
          GROUP BY judge ORDER BY judge
          """, arguments: [run.id]
      ).map { row in
        let judge = StoredJudge(
          fingerprint: Fingerprint(hex: row["judge"]),
          identity: (row["identity"] as StoredText?)?.string ?? "")
        return (judge, row["answers"])
      }
    }
  }
}

extension StoredMeasurement {
  init(_ row: Row) {
    self.init(
      metric: row["metric"], value: row["value"], label: row["label"], coverage: row["coverage"],
      reason: (row["reason"] as StoredText?)?.string, reply: (row["reply"] as StoredText?)?.string)
  }
}

extension StoredVerdict {
  /// Each score as a measurement; a missing one has the verdict's reason.
  var measurements: [StoredMeasurement] {
    [("aligned", aligned), ("coherent", coherent)].map { metric, value in
      StoredMeasurement(
        metric: metric, value: value, reason: value == nil ? reason ?? "no score" : nil)
    }
  }
}
