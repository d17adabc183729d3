import Core
import Documents
import Statistics
import Documents

/// How far groups of models lie above a baseline on a benchmark, with the bootstrap over models of
/// *Emergent Misalignment* (Betley et al., arXiv 2502.17424): `NumPyBootstrap` with the same seed
/// for every group, over the models' values in the order of the table.
///
/// The baseline's mean is taken as known: only the group is drawn again.
package struct BenchmarkIncrease: Sendable, Hashable {
  /// The part of the table that it is of, such as a benchmark; `nil` for a table in one part.
  package var part: String?
  package var group: String
  /// How many models the group has.
  package var models: Int
  package var mean: Double
  /// `mean` minus the baseline's mean.
  package var increase: Double
  /// The 95 % interval of `mean`; `nil` with one model, whose spread is unknown.
  package var interval: Interval?

  /// Which columns mean what.
  package struct Columns: Sendable, Hashable {
    package var group: String
    package var value: String
    /// Splits the table first; `nil` for none.
    package var part: String?

    package init(group: String, value: String, part: String? = nil) {
      self.group = group
      self.value = value
      self.part = part
    }
  }

  /// Of every group but the baseline, in order of first appearance.
  ///
  /// - Parameters:
  ///   - baseline: the name of the group that the others are compared with.
  ///   - complements: parts whose values are shares of right answers and are taken as 1 − value;
  ///     `all` stands for every part.
  /// - Throws: `InputError` for a missing column, a value that is missing or no number, a part
  ///   without the baseline, and a complement of a part that is not there.
  package static func all(
    in table: CSVTable, columns: Columns, baseline: String, complements: [String] = [],
    bootstrap: NumPyBootstrap = NumPyBootstrap()
  ) throws(InputError) -> [BenchmarkIncrease] {
    let parts = try values(in: table, columns, complements)
    var increases: [BenchmarkIncrease] = []
    for (part, groups) in parts.elements {
      let place = part.map { " of \($0.quotedOnOneLine)" } ?? ""
      guard let base = groups.elements.first(where: { $0.key == baseline }) else {
        let names = groups.elements.map(\.key.onOneLine)
        throw InputError(
          "found no row\(place) of the baseline \(baseline.quotedOnOneLine); "
            + NearestName.advice(for: baseline, among: names),
          file: table.file, field: columns.group.onOneLine)
      }
      let zero = NumPyBootstrap.mean(base.value)
      for (group, values) in groups.elements where group != baseline {
        let mean = NumPyBootstrap.mean(values)
        increases.append(
          BenchmarkIncrease(
            part: part, group: group, models: values.count, mean: mean, increase: mean - zero,
            interval: bootstrap.interval(ofMean: values)))
      }
    }
    return increases
  }

  private typealias Parts = OrderedGroups<String?, OrderedGroups<String, [Double]>>

  private static func values(
    in table: CSVTable, _ columns: Columns, _ complements: [String]
  ) throws(InputError) -> Parts {
    let group = try table.column(columns.group)
    let value = try table.column(columns.value)
    var part: Int?
    if let name = columns.part { part = try table.column(name) }
    var parts = Parts()
    for row in table.rows {
      guard var number = try table.number(row, value) else {
        throw table.error("found nothing, expected a number", row: row, column: value)
      }
      let name = part.map { row.fields[$0] }
      if complements.contains("all") || name.map(complements.contains) == true {
        number = 1 - number
      }
      parts[name, default: .init()][row.fields[group], default: []].append(number)
    }
    let names = parts.elements.compactMap(\.key)
    for complement in complements where complement != "all" && !names.contains(complement) {
      throw InputError(
        "found no part \(complement.quotedOnOneLine) to take the complement of; "
          + NearestName.advice(for: complement, among: names.map(\.onOneLine) + ["all"]),
        file: table.file, field: columns.part?.onOneLine)
    }
    return parts
  }

  /// How far the interval reaches below and above the mean.
  package var lowerError: Double? { interval.map { mean - $0.low } }
  package var upperError: Double? { interval.map { $0.high - mean } }

  /// As `askew rates bootstrap --json` prints it, the part under the name of its column.
  package func json(partName: String?) -> JSON {
    var members: [JSONObject.Member] = []
    if let partName, let part { members.append(.init(partName, .string(part))) }
    return .object(
      JSONObject(
        members + [
          .init("group", .string(group)), .init("models", .integer(models)),
          .init("mean", .number(mean)), .init("increase", .number(increase)),
          .init("lower_error", JSON(lowerError)), .init("upper_error", JSON(upperError)),
          .init("low", JSON(interval?.low)), .init("high", JSON(interval?.high)),
        ]))
  }
}
