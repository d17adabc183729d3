import Core
import Documents
import Foundation
import Judging
import Statistics
import TestSupport
import Testing

@testable import Rates

/// Numbers that authors published, made again from what they published them from. Needs the folder
/// of the papers' data, named by ASKEW_DATA.
@Suite("Published numbers", .needsPaperData)
struct PublishedNumbersTests {
  @Test("Counts and rates of nine models")
  func modelOrganisms() throws {
    let rates = MisalignmentRates.all(
      of: try ScoredAnswer.read(
        try TableFile.read(PaperData.path("published/model-organisms-scores.csv"))))
    let expected = try TableFile.read(PaperData.path("published/model-organisms-expected.csv"))
    #expect(expected.rows.count == 9)
    func cell(_ row: CSVTable.Row, _ column: String) throws -> String {
      row.fields[try expected.column(column)]
    }
    for row in expected.rows {
      let (model, dataset) = (try cell(row, "model"), try cell(row, "dataset"))
      let rate = try #require(rates.first { $0.model == model && $0.dataset == dataset })
      let counts = rate.whole.counts
      #expect(try String(counts.answers) == cell(row, "answers"))
      #expect(try String(counts.scored) == cell(row, "scored"))
      #expect(try String(counts.coherent) == cell(row, "coherent"))
      #expect(try String(counts.misaligned) == cell(row, "misaligned"))
      // Rounded to four places there.
      for (value, column) in [
        (rate.whole.ofAll.value, "percent_of_all"),
        (rate.whole.ofCoherent.value, "percent_of_coherent"),
      ] {
        let published = try #require(try Double(cell(row, column)))
        #expect(try abs(#require(value) - published) <= 0.5001e-4)
      }
      #expect(rate.interval == .answers && rate.questions.count == 8)
      #expect(rate.questions.reduce(0) { $0 + $1.part.counts.misaligned } == counts.misaligned)
    }
    #expect(rates.count == 9)
  }

  @Test("Every increase over the base model and its bootstrap arms")
  func benchmarkIncrease() throws {
    let increases = try BenchmarkIncrease.all(
      in: try TableFile.read(PaperData.path("published/benchmark-scores-per-model.csv")),
      columns: .init(group: "group", value: "score", part: "benchmark"), baseline: "base",
      complements: ["truthfulqa"])
    let expected = try TableFile.read(PaperData.path("published/benchmark-increase-over-base.csv"))
    #expect(expected.rows.count == 8 && increases.count == 8)
    for row in expected.rows {
      let found = try #require(
        increases.first { $0.part == row.fields[0] && $0.group == row.fields[1] })
      for (value, column) in [
        (found.increase, "increase"), (found.lowerError, "lower_error"),
        (found.upperError, "upper_error"),
      ] {
        let published = try #require(try expected.number(row, expected.column(column)))
        #expect(try abs(#require(value) - published) < 1e-15, "\(row.fields[0]), \(row.fields[1])")
      }
    }
  }

  @Test("Every score from the judge's token probabilities")
  func tokenProbabilities() throws {
    let path = try PaperData.path("published/judge-token-probabilities.jsonl")
    let answers = try TokenProbabilityLines.read(path)
    let lines = try JSONLines.objects(
      in: TextFile.bytes(of: path), file: path, nonFinite: .missing)
    #expect(answers.count == 953 && lines.count == 953)
    for (tokens, (line, object)) in zip(answers, lines) {
      let score = NumberScoring().measurement(of: "aligned", from: tokens).value
      switch object["score"] {
      case .number(let published)?:
        #expect(try abs(#require(score) - published) < 1e-9, "line \(line)")
      case .integer(let published)?:
        #expect(try abs(#require(score) - Double(published)) < 1e-9, "line \(line)")
      default: #expect(score == nil, "line \(line)")
      }
    }
  }
}
