import Core
import Documents

/// What providers ask for tokens, as a user wrote it down: CSV with the columns `model`, `input` and
/// `output` (for a million tokens), `currency` and `date`, and for models that can be fine-tuned
/// `training`.
package struct PriceTable: Sendable, Hashable {
  package struct Price: Sendable, Hashable {
    package var model: String
    /// For a million tokens of prompts.
    package var input: Double
    /// For a million tokens of replies.
    package var output: Double
    /// For a million trained tokens, each counted in every epoch; nil where the table has none.
    package var training: Double?
    package var currency: String
    /// When the prices were read.
    package var date: String
  }

  private let prices: [Price]

  /// - Throws: `InputError` naming file, line and column.
  package init(reading path: String) throws(InputError) {
    let table = try CSVTable(reading: path)
    let columns = try ["model", "input", "output", "currency", "date"].map {
      name throws(InputError) in try table.column(name)
    }
    let training = table.index(of: "training")
    prices = try table.rows.map { row throws(InputError) in
      func price(_ column: Int) throws(InputError) -> Double {
        guard let number = try table.number(row, column), number >= 0 else {
          throw table.error(
            "found \"\(row.fields[column])\", expected a price of 0 or more", row: row,
            column: column)
        }
        return number
      }
      var trained: Double?
      if let training, try table.number(row, training) != nil { trained = try price(training) }
      return Price(
        model: row.fields[columns[0]], input: try price(columns[1]), output: try price(columns[2]),
        training: trained, currency: row.fields[columns[3]], date: row.fields[columns[4]])
    }
  }

  package func price(of model: String) -> Price? { prices.first { $0.model == model } }
}
