import Core
import Documents

/// What an hour of a task costs, as a user wrote it down: CSV with the columns `what` (`cpu` for a processor, or generic
/// resources such as `gpu` and `gpu:h100`, each for one of them), `hour`, `currency` and `date`.
package struct HourPrices: Sendable, Hashable {
  private struct Price: Sendable, Hashable {
    var hour: Double
    var currency: String
    var date: String
  }

  private let prices: [String: Price]
  private let path: String

  /// - Throws: `InputError` naming file, line and column.
  package init(reading path: String) throws(InputError) {
    self.path = path
    let table = try CSVTable(reading: path)
    let columns = try ["what", "hour", "currency", "date"].map { name throws(InputError) in
      try table.column(name)
    }
    var prices: [String: Price] = [:]
    for row in table.rows {
      let what = row.fields[columns[0]]
      guard let hour = try table.number(row, columns[1]), hour >= 0 else {
        throw table.error(
          "found \"\(row.fields[columns[1]])\", expected a price of 0 or more", row: row,
          column: columns[1])
      }
      let price = Price(
        hour: hour, currency: row.fields[columns[2]], date: row.fields[columns[3]])
      guard prices[what] == nil else {
        throw table.error("found \"\(what)\" twice", row: row, column: columns[0])
      }
      if let other = prices.values.first, other.currency != price.currency {
        throw table.error(
          "found \(price.currency) beside \(other.currency), expected one currency", row: row,
          column: columns[2])
      }
      prices[what] = price
    }
    self.prices = prices
  }

  /// Of a task that asks for this, with what the price is made of.
  ///
  /// - Throws: `InputError` for something that has no price.
  package func hour(
    _ resources: SlurmResources
  ) throws(InputError) -> (price: Double, currency: String, date: String) {
    var parts: [(what: String, count: Int)] = []
    if prices["cpu"] != nil || resources.gres == nil { parts.append(("cpu", resources.processors)) }
    if let gres = resources.gres {
      // gpu, gpu:2, gpu:h100 or gpu:h100:2.
      var words = gres.split(separator: ":").map(String.init)
      let count = words.count > 1 ? words.last.flatMap { Int($0) } : nil
      if count != nil { words.removeLast() }
      parts.append((words.joined(separator: ":"), count ?? 1))
    }
    var (sum, dates) = (0.0, [String]())
    for part in parts {
      guard let price = prices[part.what] else {
        throw InputError("found no price of \(part.what.quotedOnOneLine)", file: path)
      }
      sum += price.hour * Double(part.count)
      dates.append(price.date)
    }
    return (sum, prices[parts[0].what]?.currency ?? "", dates.min() ?? "")
  }
}
