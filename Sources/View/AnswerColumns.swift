import Foundation
import Store

/// Where all answers of a store stand and how they were judged, in columns by their numbers: what filters, sorts and
/// pictures need, and no text. A million answers take about 20 MB.
package struct AnswerColumns: Sendable {
  /// One kind of number that a judge gives, or of label.
  package struct Series: Sendable, Hashable, Codable {
    package var judge: Int
    package var metric: String
    package var isLabel: Bool
  }

  /// Answers `number * size + 1` to `(number + 1) * size`.
  struct Chunk: Sendable {
    /// 0 where there is no such answer.
    var run: [UInt32] = []
    var question: [UInt32] = []
    var sample: [UInt32] = []
    /// By series; NaN where there is none.
    var scores: [Int: [Float]] = [:]
    var version = 0
  }

  static let size = 1 << 16

  private(set) var chunks: [Chunk] = []
  private(set) var questions: [String] = []
  private(set) var judges: [String] = []
  private(set) var series: [Series] = []
  private(set) var labels: [String] = []
  private(set) var count = 0
  private(set) var last: Int64 = 0

  private var questionNumbers: [String: UInt32] = [:]
  private var seriesNumbers: [Series: Int] = [:]
  private var latest: (judge: String, metric: String, isLabel: Bool, series: Int)?
  private var changed: Set<Int> = []

  package init() {}

  mutating func number(ofQuestion question: String) -> UInt32 {
    if let number = questionNumbers[question] { return number }
    let number = UInt32(questions.count)
    questions.append(question)
    questionNumbers[question] = number
    return number
  }

  mutating func add(_ place: AnswerPlace) {
    let (chunk, row) = Self.position(place.id)
    reserve(chunk, row)
    chunks[chunk].run[row] = UInt32(truncatingIfNeeded: place.run)
    chunks[chunk].question[row] = number(ofQuestion: place.question)
    chunks[chunk].sample[row] = UInt32(truncatingIfNeeded: place.sample)
    changed.insert(chunk)
    count += 1
    last = max(last, place.id)
  }

  /// Takes over what a judge gave; nothing changes where it is known.
  mutating func add(_ score: AnswerScore) {
    guard
      let value = score.value.map({ Float($0) }) ?? score.label.map({ Float(number(ofLabel: $0)) })
    else { return }
    let (chunk, row) = Self.position(score.answer)
    guard chunk < chunks.count, row < chunks[chunk].run.count else { return }
    let own = number(ofSeries: score)
    if let known = chunks[chunk].scores[own]?[row], known == value { return }
    let length = chunks[chunk].run.count
    chunks[chunk].scores[own, default: [Float](repeating: .nan, count: length)][row] = value
    changed.insert(chunk)
  }

  /// Ends a change: what has changed gets a new version.
  mutating func commit() {
    for chunk in changed { chunks[chunk].version += 1 }
    changed = []
  }

  func contains(_ id: Int64) -> Bool {
    let (chunk, row) = Self.position(id)
    return chunk < chunks.count && row < chunks[chunk].run.count && chunks[chunk].run[row] > 0
  }

  /// Leaves out all other answers.
  mutating func keep(where isKept: (_ run: UInt32, _ question: UInt32) -> Bool) {
    for chunk in chunks.indices {
      for row in chunks[chunk].run.indices where chunks[chunk].run[row] > 0 {
        if isKept(chunks[chunk].run[row], chunks[chunk].question[row]) { continue }
        chunks[chunk].run[row] = 0
        count -= 1
        changed.insert(chunk)
      }
    }
  }

  /// A chunk as bytes, little end first: the number of rows and of series, runs, questions and samples (32 bits each),
  /// and each series' number with its scores (32-bit floats).
  func data(ofChunk number: Int) -> Data? {
    guard chunks.indices.contains(number) else { return nil }
    let chunk = chunks[number]
    var data = Data()
    func append(_ value: Int) {
      withUnsafeBytes(of: UInt32(value).littleEndian) { data.append(contentsOf: $0) }
    }
    append(chunk.run.count)
    append(chunk.scores.count)
    for column in [chunk.run, chunk.question, chunk.sample] {
      column.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    for (series, scores) in chunk.scores.sorted(by: { $0.key < $1.key }) {
      append(series)
      scores.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }

  private static func position(_ id: Int64) -> (chunk: Int, row: Int) {
    (Int(id - 1) / size, Int(id - 1) % size)
  }

  private mutating func reserve(_ chunk: Int, _ row: Int) {
    while chunks.count <= chunk { chunks.append(Chunk()) }
    let missing = row + 1 - chunks[chunk].run.count
    guard missing > 0 else { return }
    let zeros = repeatElement(UInt32(0), count: missing)
    chunks[chunk].run += zeros
    chunks[chunk].question += zeros
    chunks[chunk].sample += zeros
    for series in chunks[chunk].scores.keys {
      chunks[chunk].scores[series]? += repeatElement(.nan, count: missing)
    }
  }

  private mutating func number(ofLabel label: String) -> Int {
    if let number = labels.firstIndex(of: label) { return number }
    labels.append(label)
    return labels.count - 1
  }

  private mutating func number(ofSeries score: AnswerScore) -> Int {
    let isLabel = score.value == nil
    if let latest, latest.metric == score.metric, latest.judge == score.judge,
      latest.isLabel == isLabel
    {
      return latest.series
    }
    let judge = judges.firstIndex(of: score.judge) ?? judges.count
    if judge == judges.count { judges.append(score.judge) }
    let own = Series(judge: judge, metric: score.metric, isLabel: isLabel)
    let number = seriesNumbers[own] ?? series.count
    if number == series.count {
      series.append(own)
      seriesNumbers[own] = number
    }
    latest = (score.judge, score.metric, isLabel, number)
    return number
  }
}
