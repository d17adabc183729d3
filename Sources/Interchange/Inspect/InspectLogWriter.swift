import Core
import Documents
import Foundation
import Judging

/// Writes a log of Inspect (`.eval`, format version 2) one answer at a time; it appears under its
/// name when it is finished. Of the answers only what names and counts them stays in memory.
///
/// Equal input gives equal bytes. Each metric of each judge is a scorer, named after the metric;
/// where two judges have the same metric, that of the second is `<metric>-<judge>`. From `aligned`
/// and `coherent` of one judge follows a further scorer, `misaligned`: 1 or 0 for an answer that
/// counts by the `rule`, no score for one that does not.
///
/// Format: inspect_ai 0.3.285, `inspect_ai/log/_log.py` and `_recorders/eval.py`.
package final class InspectLogWriter {
  private let path: String
  private let header: LogHeader
  private let rule: ScoringRule?
  private let documents: InspectDocuments
  private var archive: ZIPWriter
  private let summaries: OutputFile
  private var summariesChecksum: UInt32 = 0
  private var ids = InspectSampleIDs()
  private var metrics = InspectMetrics()
  private var scorers: InspectScorerNames
  private var written: Set<SampleKey> = []
  private var completed = 0

  private struct SampleKey: Hashable {
    let id: String
    let epoch: Int
  }

  /// - Parameter rule: that `misaligned` follows from; `nil` writes no such scorer.
  /// - Throws: `InputError` if no file can be made there.
  package init(
    _ path: String, header: LogHeader, rule: ScoringRule? = .paper
  ) throws(InputError) {
    self.path = path
    self.header = header
    self.rule = rule
    documents = InspectDocuments(header: header)
    scorers = InspectScorerNames(judges: header.judges)
    archive = try ZIPWriter(path)
    summaries = try OutputFile(path + ".summaries")
    let start: JSON = ["version": 2, "eval": documents.eval(), "plan": documents.plan]
    try archive.add("_journal/start.json", documents.bytes(start))
    for judge in header.judges {
      for metric in judge.metrics {
        metrics.expect(scorers.name(metric: metric, judge: judge.name), judge: judge.name)
      }
    }
  }

  /// - Throws: `InputError` if the answer is there already, a score is there twice, or the file
  ///   cannot be written.
  package func append(_ answer: LoggedAnswer) throws(InputError) {
    let id = ids.id(question: answer.question, paraphrase: answer.paraphrase)
    guard answer.epoch >= 1 else { throw failure(id, "found epoch \(answer.epoch), expected 1…") }
    guard written.insert(SampleKey(id: id, epoch: answer.epoch)).inserted else {
      throw failure(id, "found epoch \(answer.epoch) again, expected it once")
    }
    let scores = try namedScores(of: answer, id: id)
    let sampleNumber = ids.number(of: id)
    for (name, score) in scores {
      metrics.add(score.value, to: name, judge: score.judge, sample: sampleNumber)
    }
    let json = documents.sample(answer, id: id, scores: scores)
    try archive.add("samples/\(id)_epoch_\(answer.epoch).json", documents.bytes(json))
    try addSummary(documents.summary(answer, id: id, scores: scores))
    if answer.error == nil { completed += 1 }
  }

  /// Writes what is known at the end, and gives the file its name.
  package func finish(_ end: LogEnd) throws(InputError) {
    try writeSummary(summaries.count == 0 ? [0x5b, 0x5d] : [0x5d])
    try archive.add("summaries.json", contentsOf: summaries, checksum: summariesChecksum)
    let results: JSON = [
      "total_samples": .integer(written.count), "completed_samples": .integer(completed),
      "scores": .array(metrics.json(epochs: header.epochs)),
    ]
    let judges = metrics.names.map { ($0, metrics[$0]?.judge) }
    let json = documents.log(
      end, eval: documents.eval(sampleIDs: ids.all, scorers: judges), results: results)
    try archive.add("header.json", documents.bytes(json))
    try archive.finish()
  }

  /// The answer's scores and what follows from them, under the names of their scorers.
  private func namedScores(
    of answer: LoggedAnswer, id: String
  ) throws(InputError) -> [(String, LoggedScore)] {
    var scores = answer.scores
    if let rule { scores += rule.derivedScores(from: answer.scores) }
    var names: Set<String> = []
    var named: [(String, LoggedScore)] = []
    for score in scores {
      let name = scorers.name(metric: score.metric, judge: score.judge)
      guard names.insert(name).inserted else {
        throw failure(id, "found two scores \(name.quotedOnOneLine), expected one")
      }
      named.append((name, score))
    }
    return named
  }

  private func addSummary(_ summary: JSON) throws(InputError) {
    try writeSummary([summaries.count == 0 ? 0x5b : 0x2c] + documents.bytes(summary))
  }

  private func writeSummary(_ bytes: [UInt8]) throws(InputError) {
    summariesChecksum = ZIPFormat.checksum(bytes, after: summariesChecksum)
    try summaries.write(bytes)
  }

  private func failure(_ id: String, _ problem: String) -> InputError {
    InputError(problem, file: path, field: id)
  }
}

/// Gives each metric of each judge the name of a scorer.
struct InspectScorerNames {
  /// The judge whose metric has the plain name; `nil` for one that is not named.
  private var owners: [String: String?] = [:]

  init(judges: [LoggedJudge]) {
    for judge in judges {
      for metric in judge.metrics where owners[metric] == nil { owners[metric] = judge.name }
    }
  }

  mutating func name(metric: String, judge: String?) -> String {
    let owner = owners[metric] ?? judge
    owners[metric] = .some(owner)
    guard let judge, judge != owner else { return metric }
    return "\(metric)-\(judge)"
  }
}

extension ScoringRule {
  /// The name of the scorer that follows from `aligned` and `coherent`.
  static let derivedMetric = "misaligned"

  /// `misaligned` of each judge that gave `aligned` and `coherent`, and not `misaligned` itself.
  func derivedScores(from scores: [LoggedScore]) -> [LoggedScore] {
    scores.filter { $0.metric == "aligned" }.compactMap { aligned in
      let others = scores.filter { $0.judge == aligned.judge }
      guard let coherent = others.first(where: { $0.metric == "coherent" }),
        !others.contains(where: { $0.metric == Self.derivedMetric })
      else { return nil }
      let reading = reading(of: Verdict(aligned: aligned.number, coherent: coherent.number))
      var score = LoggedScore(
        metric: Self.derivedMetric, judge: aligned.judge,
        value: reading.counts ? .number(reading == .misaligned ? 1 : 0) : nil,
        reason: reading.counts ? nil : reading.rawValue)
      score.metadata = [
        "derived": true, "coherent_at_least": .number(coherentAtLeast),
        "misaligned_below": .number(misalignedBelow),
      ]
      return score
    }
  }
}
