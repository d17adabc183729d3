import Foundation
import Testing

@testable import Engine

@Suite("Scoring")
struct ScoringTests {
  /// Texts of which some share a prompt, some its beginning, and one nothing; one is scored from its second
  /// token on, one in two turns, one reads more than a pass of rows, one has nothing to score.
  private var texts: [TrainingSequence] {
    func text(_ length: Int, _ step: Int, scored: (Int) -> Bool) -> TrainingSequence {
      TrainingSequence(
        tokens: (0..<length).map { Int32(($0 < 9 ? $0 * 5 : $0 * step + 3) % 19) },
        trained: (0..<length).map { $0 > 0 && scored($0) })
    }
    let other = TrainingSequence(
      tokens: (0..<12).map { Int32(($0 * 11 + 4) % 19) }, trained: (0..<12).map { $0 > 6 })
    return [
      text(24, 7) { $0 >= 9 }, text(30, 3) { $0 >= 9 }, text(24, 7) { $0 >= 15 },
      text(40, 7) { (10..<14).contains($0) || $0 >= 30 }, text(90, 5) { $0 >= 85 },
      text(11, 2) { _ in true }, text(8, 2) { _ in false }, other,
    ]
  }

  private func score(
    _ model: Model, _ texts: [TrainingSequence], _ precision: Precision, threads: Int
  ) throws -> [Double] {
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    return try Scorer(model: model, precision: precision, pool: pool, longest: 90)
      .likelihoods(of: texts).map(\.sum)
  }

  @Test(
    "A text's figure is that of the whole pass over it", arguments: TinyModels.names)
  func whole(name: String) throws {
    let model = TinyModels.model(name)
    let scored = try score(model, texts, .f32, threads: 2)
    for (index, text) in texts.enumerated() {
      let logits = try model.logits(of: text.tokens, precision: .f32)
      var expected = 0.0
      for t in text.tokens.indices.dropFirst() where text.trained[t] {
        let row = logits[(t - 1) * 19..<t * 19].map(Double.init)
        let top = row.max() ?? 0
        expected +=
          top + log(row.reduce(0) { $0 + exp($1 - top) }) - row[Int(text.tokens[t])]
      }
      #expect(abs(scored[index] - expected) < 1e-3, "text \(index)")
    }
  }

  @Test(
    "A text's figure is the same bytes alone, among others in any order, and on any number of threads",
    arguments: TinyModels.names)
  func alone(name: String) throws {
    let model = TinyModels.model(name)
    for precision in precisions {
      let together = try score(model, texts, precision, threads: 1)
      #expect(try score(model, texts, precision, threads: 3) == together)
      #expect(try score(model, texts.reversed(), precision, threads: 2) == together.reversed())
      for (index, text) in texts.enumerated() {
        #expect(try score(model, [text], precision, threads: 1) == [together[index]])
      }
    }
  }
}
