import Core
import Documents

/// How a named model is steered whenever it reads a token: along the directions of a file, at the places that it names.
package struct PlanSteer: Sendable, Hashable, Codable {
  package enum How: String, Sendable, Hashable, Codable, CaseIterable { case add, remove, cap }

  package var file: PlanPath
  /// `nil`: as the file says.
  package var how: How?
  /// Times the vector that is added, or the share that is removed; `nil`: 1.
  package var dose: Double?
  /// `nil`: those that the directions were read at.
  package var tokens: PlanTokens?

  package init(file: PlanPath, how: How? = nil, dose: Double? = nil, tokens: PlanTokens? = nil) {
    (self.file, self.how, self.dose, self.tokens) = (file, how, dose, tokens)
  }

  init(_ value: PlanValue) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.steer)
    file = try PlanPath(fields.required("file"))
    how = try fields["how"]?.choice()
    dose = try fields["dose"]?.number("a number from -1000000 to 1000000") { abs($0) <= 1e6 }
    tokens = try fields["tokens"]?.choice()
  }
}
