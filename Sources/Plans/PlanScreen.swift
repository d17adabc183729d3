import Core
import Documents

/// Which data sets are screened before anything is trained on them.
package struct PlanScreen: Sendable, Hashable, Codable {
  /// Conditions whose data are screened.
  package var of: [String]
  /// A data set that belongs to no condition; empty: none.
  package var data: [PlanData]
  /// The condition of the model that would be trained.
  package var from: String
  /// The evaluation whose rates the predictions are held against; `nil`: none.
  package var on: String?
  /// Of a pilot; and pilots of each kind.
  package var steps: Int
  package var batch: Int
  package var seeds: Int
  package var rank: Int
  /// `nil`: by the model's width.
  package var learningRate: Double?
  /// Rows whose author is asked after, at most.
  package var rows: Int
  /// Whether the limit of detection is looked for.
  package var detects: Bool
  /// Seconds after which nothing new is begun; `nil`: all of it is done.
  package var budget: Int?

  package init(of: [String], from: String) {
    (self.of, self.from, data, on) = (of, from, [], nil)
    (steps, batch, seeds, rank, rows, detects) = (20, 16, 3, 8, 320, true)
  }

  init(
    _ value: PlanValue, conditions: [PlanCondition], evaluations: [String]
  ) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.screen)
    let all = conditions.map(\.name)
    let of = fields["of"]
    let names = try (of?.isList == true ? of?.list(of: "conditions") ?? [] : of.map { [$0] } ?? [])
      .map { (value) throws(InputError) in
        let name = try value.name(of: "condition", among: all)
        guard conditions.contains(where: { $0.name == name && !$0.data.isEmpty }) else {
          throw value.failure("found \"\(name)\", expected a condition with \"data\"")
        }
        return name
      }
    let from = try fields.required("from").name(of: "condition", among: all)
    self.init(of: names, from: from)
    data = try fields["data"]?.parts() ?? []
    guard !names.isEmpty || !data.isEmpty else {
      throw fields.failure("of", "is missing, and so is \"data\"; expected one of them")
    }
    on = try fields["on"]?.name(of: "evaluation", among: evaluations)
    steps = try fields["steps"]?.integer(in: 1...10_000) ?? steps
    batch = try fields["batch"]?.integer(in: 1...4096) ?? batch
    seeds = try fields["seeds"]?.integer(in: 1...32) ?? seeds
    rank = try fields["rank"]?.integer(in: 1...1024) ?? rank
    learningRate = try fields["learning-rate"]?.number("a number above 0") { $0 > 0 }
    rows = try fields["rows"]?.integer(in: 10...1_000_000) ?? rows
    detects = try fields["detect"]?.boolean() ?? detects
  }
}
