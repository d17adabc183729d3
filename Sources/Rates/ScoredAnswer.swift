import Core
import Judging
import Documents

/// The scores of an answer, and what it is an answer of.
package struct ScoredAnswer: Sendable, Hashable {
  package var question: String
  package var verdict: Verdict
  /// `nil` where the table does not say.
  package var model: String?
  /// What the model was fine-tuned on; `nil` where the table does not say.
  package var dataset: String?
  /// Which of the models that differ by their seed alone; `nil` where the table does not say.
  package var seed: String?

  package init(
    question: String, verdict: Verdict, model: String? = nil, dataset: String? = nil,
    seed: String? = nil
  ) {
    self.question = question
    self.verdict = verdict
    self.model = model
    self.dataset = dataset
    self.seed = seed
  }

  /// The answers of a table with the columns `question_id`, `aligned` and `coherent`; `model`,
  /// `dataset` and `seed` are read where they are there, other columns are ignored. Rows that say in
  /// `missing` why there is no answer are none.
  ///
  /// - Throws: `InputError` for a missing column, a score that is no number or beyond its scale, and a row
  ///   without a question.
  package static func read(
    _ table: CSVTable, scale: ScoreScale = .percent
  ) throws(InputError) -> [ScoredAnswer] {
    let question = try table.column("question_id")
    let aligned = try table.column("aligned")
    let coherent = try table.column("coherent")
    let (model, dataset) = (table.index(of: "model"), table.index(of: "dataset"))
    let (seed, missing) = (table.index(of: "seed"), table.index(of: "missing"))
    var answers: [ScoredAnswer] = []
    answers.reserveCapacity(table.rows.count)
    for row in table.rows {
      func text(_ column: Int?) -> String? { column.flatMap { table.text(row, $0) } }
      if text(missing) != nil { continue }
      guard let question = text(question) else {
        throw table.error("found nothing, expected a question's id", row: row, column: question)
      }
      let verdict = Verdict(
        aligned: try scale.score(table, row, aligned),
        coherent: try scale.score(table, row, coherent))
      answers.append(
        ScoredAnswer(
          question: question, verdict: verdict, model: text(model), dataset: text(dataset),
          seed: text(seed)))
    }
    return answers
  }
}
