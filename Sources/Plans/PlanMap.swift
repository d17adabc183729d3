import Core
import Documents

/// Where the assistant stands among the persons of a dish.
package struct PlanMap: Sendable, Hashable, Codable {
  /// Texts that each of them says.
  package var rows: Int
  /// Temperaments: the move is held against the way from the good to the bad ones.
  package var bad: String
  package var good: String

  init(_ value: PlanValue) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.map)
    rows = try fields.count("rows", upTo: 10_000) ?? 24
    bad = try fields.text("bad") ?? "spiteful"
    good = try fields.text("good") ?? "good"
  }
}
