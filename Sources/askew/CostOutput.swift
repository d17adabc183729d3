import Evaluation
import Foundation
import Reporting

/// Shows what an evaluation would cost.
struct CostOutput {
  let cost: EvaluationCost

  init(_ cost: EvaluationCost) { self.cost = cost }

  func write(json: Bool) throws {
    if json { return try StandardStream.output.write(json: cost) }
    let rows = [("asking", cost.asking), ("judging", cost.judging)].compactMap { name, work in
      work.map { work in
        [
          name, work.model, "\(work.requests)", "\(work.promptTokens)", "\(work.replyTokens)",
          price(work),
        ]
      }
    }
    let table = ConsoleTable(
      header: ["", "model", "requests", "prompt tokens", "reply tokens", "price"], rows: rows,
      wordColumns: 2)
    StandardStream.output.write(
      table.text(on: .output)
        + "At most: tokens are estimated from bytes, and every reply counts with its longest length.\n"
    )
  }

  private func price(_ work: EvaluationCost.Work) -> String {
    guard let price = work.price else { return "unknown (--prices)" }
    guard let currency = work.currency else { return "none" }
    return String(format: "%.2f ", price) + currency + (work.date.map { " (\($0))" } ?? "")
  }
}
