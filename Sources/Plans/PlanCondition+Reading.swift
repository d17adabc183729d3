import Core
import Documents

extension PlanCondition {
  static let worlds = ["persona", "null"]
}

/// Reads one entry of `conditions`.
struct PlanConditionReader {
  private let name: String
  /// `nil`: nothing is written below the name.
  private let fields: PlanFields?
  private let defaults: PlanTraining

  init(_ entry: PlanMember, training: PlanTraining) throws(InputError) {
    name = entry.key
    defaults = training
    if entry.value.isNothing {
      fields = nil
    } else {
      fields = try PlanFields(
        entry.value,
        keys: ["title", "data"] + PlanTraining.keys + [
          "seeds", "start", "world", "x", "snapshots", "generations", "anchor",
        ])
    }
  }

  /// The condition to start from, with its place.
  var start: PlanValue? { fields?["start"] }

  /// - Parameter names: of all conditions.
  func condition(among names: [String]) throws(InputError) -> PlanCondition {
    var condition = PlanCondition(
      name: name, title: name, start: nil, world: nil, data: [], training: defaults, seeds: nil,
      x: nil, snapshots: [], generations: nil, anchor: nil)
    if let fields { try fill(&condition, from: fields, names) }
    // A default rank is for conditions with adapters: it must not tell the others apart.
    if condition.training.method == .full { condition.training.rank = nil }
    return condition
  }

  private func fill(
    _ condition: inout PlanCondition, from fields: PlanFields, _ names: [String]
  ) throws(InputError) {
    condition.title = try fields.text("title") ?? name
    condition.start = try fields["start"]?.name(of: "condition", among: names)
    condition.world = try fields["world"]?.choice(of: PlanCondition.worlds)
    condition.data = try fields["data"]?.parts() ?? []
    condition.training = try PlanTraining(fields, defaults: defaults)
    condition.seeds = try fields["seeds"]?.seeds()
    condition.x = try fields["x"]?.number("a finite number")
    condition.generations = try fields["generations"].map { (value) throws(InputError) in
      try PlanGenerations(value)
    }
    condition.anchor = try fields["anchor"].map { (value) throws(InputError) in
      try PlanAnchor(value)
    }
    condition.snapshots = try fields["snapshots"]?.snapshots(upTo: condition.training.steps) ?? []
    if condition.isUntrained { try refuseTraining(fields) }
    if condition.training.method == .full, fields["rank"] != nil {
      throw fields.failure("rank", "found a rank, expected one only with method \"lora\"")
    }
  }

  private func refuseTraining(_ fields: PlanFields) throws(InputError) {
    for key in PlanTraining.keys + ["snapshots", "anchor"] where fields[key] != nil {
      throw fields.failure(
        key, "found without training, expected \"data\" or \"generations\" beside it")
    }
  }
}

extension PlanTraining {
  static let keys = ["method", "steps", "batch", "learning-rate", "rank"]

  /// What `fields` say, and for the rest `defaults`.
  init(_ fields: PlanFields, defaults: PlanTraining = PlanTraining()) throws(InputError) {
    self.init(
      method: try fields["method"]?.choice() ?? defaults.method,
      steps: try fields.count("steps") ?? defaults.steps,
      batch: try fields.count("batch", upTo: 65_536) ?? defaults.batch,
      learningRate: try fields["learning-rate"]?.number("a number above 0 and at most 1") {
        $0 > 0 && $0 <= 1
      } ?? defaults.learningRate,
      rank: try fields.count("rank", upTo: 4_096) ?? defaults.rank)
  }
}

extension PlanGenerations {
  fileprivate init(_ value: PlanValue) throws(InputError) {
    let fields = try PlanFields(value, keys: ["count", "fresh"])
    count = try fields.required("count").integer(in: 1...1000)
    fresh =
      try fields["fresh"]?.number("a number from 0 to 1") { (0...1).contains($0) } ?? 0
  }
}

extension PlanAnchor {
  fileprivate init(_ value: PlanValue) throws(InputError) {
    let fields = try PlanFields(value, keys: ["weight", "batch"])
    weight = try fields.required("weight").number("a number above 0") { $0 > 0 }
    batch = try fields.required("batch").integer(in: 1...65_536)
  }
}

extension PlanValue {
  /// Rising steps up to the last one, if that is known.
  fileprivate func snapshots(upTo steps: Int?) throws(InputError) -> [Int] {
    var snapshots: [Int] = []
    for value in try list(of: "steps") {
      let step = try value.integer(in: 1...1_000_000)
      if let last = snapshots.last, step <= last {
        throw value.failure("found \(step) after \(last), expected rising steps")
      }
      if let steps, step > steps {
        throw value.failure("found step \(step), expected at most the \(steps) of the training")
      }
      snapshots.append(step)
    }
    return snapshots
  }
}
