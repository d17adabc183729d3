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
  private let kind: PlanOriginKind

  init(
    _ entry: PlanMember, _ kind: PlanOriginKind, training: PlanTraining
  ) throws(InputError) {
    name = entry.key
    self.kind = kind
    defaults = training
    if entry.value.isNothing {
      fields = nil
    } else {
      try entry.value.refuse(kind.refusedInConditions)
      fields = try PlanFields(entry.value, keys: PlanKeys.condition)
    }
  }

  /// Where it is written which conditions it needs: the one to start from, or the teacher.
  var start: PlanValue? { fields?["start"] ?? fields?["teacher"] }

  /// - Parameter names: of all conditions.
  func condition(among names: [String]) throws(InputError) -> PlanCondition {
    var condition = PlanCondition(name: name)
    condition.training = defaults
    if let fields { try fill(&condition, from: fields, names) }
    if kind == .world { condition.training.method = condition.training.method ?? .full }
    try condition.training.checkMethod(fields)
    if kind == .named, condition.models.isEmpty {
      throw fields?.failure("model", "is missing") ?? InputError("is missing", field: "model")
    }
    return condition
  }

  private func fill(
    _ condition: inout PlanCondition, from fields: PlanFields, _ names: [String]
  ) throws(InputError) {
    condition.title = try fields.text("title") ?? name
    condition.start = try fields["start"]?.name(of: "condition", among: names)
    condition.world = try fields["world"]?.choice(of: PlanCondition.worlds)
    condition.base = try base(fields)
    condition.aligned = try aligned(fields)
    condition.data = try fields["data"]?.parts() ?? []
    condition.training = try PlanTraining(fields, defaults: defaults)
    condition.seeds = try fields["seeds"]?.seeds()
    condition.x = try fields["x"]?.number("a finite number")
    condition.generations = try fields["generations"].map { (value) throws(InputError) in
      try PlanGenerations(value)
    }
    condition.teacher = try teacher(fields, among: names)
    condition.anchor = try fields["anchor"].map { (value) throws(InputError) in
      try PlanAnchor(value, keys: PlanKeys.anchor)
    }
    try fillRepair(&condition, from: fields, names)
    try fields["defend"].map { (value) throws(InputError) in
      try PlanDefenceReader(value, kind).fill(&condition)
    }
    condition.snapshots = try fields["snapshots"]?.snapshots(upTo: condition.training.steps) ?? []
    if condition.isUntrained || condition.repair != nil { try refuseTraining(fields) }
    condition.models = try models(fields)
    condition.adapter = try adapter(fields, of: condition)
    condition.steer = try steer(fields, of: condition)
    condition.tokenizer = try tokenizer(fields, of: condition)
  }

  /// A repair by rows is a training like all others; the others compute weights.
  private func fillRepair(
    _ condition: inout PlanCondition, from fields: PlanFields, _ names: [String]
  ) throws(InputError) {
    guard let value = fields["repair"] else { return }
    let reader = try PlanRepairReader(value, kind)
    guard condition.start != nil else {
      throw value.failure("expected \"start\" beside it: the condition that is repaired")
    }
    for key in ["data", "teacher", "generations"] where fields[key] != nil {
      throw value.failure("found it beside \"\(key)\", expected one of them")
    }
    if let rows = reader.rows {
      condition.data = try rows.parts()
    } else {
      condition.repair = try reader.repair(among: names)
    }
  }

  /// What it is called, or each of its strengths.
  func names() throws(InputError) -> [String] {
    let sweep = try sweep()
    return sweep.isEmpty ? [name] : sweep.map { PlanCondition.swept(name, at: $0) }
  }

  /// The strengths that the condition is made at, each a condition of its own; none: it is one.
  func sweep() throws(InputError) -> [Double] {
    try fields?["repair"].map { (value) throws(InputError) in
      try PlanRepairReader(value, kind).sweep()
    } ?? []
  }

  private func base(_ fields: PlanFields) throws(InputError) -> Int? {
    guard let value = fields["base"] else { return nil }
    guard fields["start"] == nil else {
      throw value.failure("found \"base\" beside \"start\", expected one of them")
    }
    return try value.integer(in: 1...100)
  }

  private func teacher(
    _ fields: PlanFields, among names: [String]
  ) throws(InputError) -> PlanTeacher? {
    guard let value = fields["teacher"] else { return nil }
    for key in ["data", "generations"] where fields[key] != nil {
      throw value.failure("found \"teacher\" beside \"\(key)\", expected one of them")
    }
    let own = try PlanFields(value, keys: PlanKeys.teacher)
    let corpora = try own["on"].map { (value) throws(InputError) in
      try (value.isList ? value.list(of: "corpora") : [value]).map { (value) throws(InputError) in
        try value.text()
      }
    }
    return PlanTeacher(
      of: try own.required("of").name(of: "condition", among: names),
      corpora: corpora ?? ["benign"], kept: try own["keep"]?.choice() ?? .all)
  }

  private func aligned(_ fields: PlanFields) throws(InputError) -> Bool? {
    guard let value = fields["aligned"] else { return nil }
    guard fields["start"] == nil else {
      throw value.failure("found \"aligned\" beside \"start\", expected one of them")
    }
    return try value.boolean()
  }

  private func adapter(
    _ fields: PlanFields, of condition: PlanCondition
  ) throws(InputError) -> PlanPath? {
    guard let value = fields["adapter"] else { return nil }
    guard condition.models.count == 1 else {
      throw value.failure(
        "found an adapter for \(condition.models.count) models, expected one model beside it")
    }
    return try PlanPath(value)
  }

  private func steer(
    _ fields: PlanFields, of condition: PlanCondition
  ) throws(InputError) -> PlanSteer? {
    guard let value = fields["steer"] else { return nil }
    if let served = condition.models.first(where: { $0.written.hasPrefix("openai:") }) {
      throw value.failure(
        "found \(served.written), a model behind a server, expected folders: nobody else can be steered"
      )
    }
    return try PlanSteer(value)
  }

  private func tokenizer(
    _ fields: PlanFields, of condition: PlanCondition
  ) throws(InputError) -> PlanPath? {
    guard let value = fields["tokenizer"] else { return nil }
    guard condition.models.contains(where: { $0.written.hasPrefix("openai:") }) else {
      throw value.failure(
        "found the tokenizer of a model that has its own, expected one beside models behind servers"
      )
    }
    return try PlanPath(value)
  }

  private func refuseTraining(_ fields: PlanFields) throws(InputError) {
    for key in PlanKeys.training + ["snapshots", "anchor", "defend"] where fields[key] != nil {
      throw fields.failure(
        key,
        "found without training, expected \"data\", \"generations\" or \"teacher\" beside it")
    }
  }

  /// The models that a condition names.
  private func models(_ fields: PlanFields) throws(InputError) -> [PlanAddress] {
    let (one, several) = (fields["model"], fields["models"])
    guard one == nil || several == nil else {
      throw fields.failure("models", "found models beside a model, expected one of them")
    }
    if let one { return [try PlanAddress(one)] }
    guard let several else { return [] }
    // The same model twice would be one model that counts as two.
    _ = try several.list(of: "models")
    _ = try several.distinct("models") { (value) throws(InputError) in try value.text() }
    return try several.list(of: "models").map { (value) throws(InputError) in
      try PlanAddress(value)
    }
  }
}

extension PlanGenerations {
  fileprivate init(_ value: PlanValue) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.generations)
    count = try fields.required("count").integer(in: 1...1000)
    fresh =
      try fields["fresh"]?.number("a number from 0 to 1") { (0...1).contains($0) } ?? 0
  }
}

extension PlanAnchor {
  init(_ value: PlanValue, keys: [String]) throws(InputError) {
    let fields = try PlanFields(value, keys: keys)
    let rows: Rows? = try fields["on"]?.choice()
    on = rows == .batch ? .batch : nil
    weight = try fields.required("weight").number("a number above 0") { $0 > 0 }
    if on == .batch, fields["batch"] != nil {
      throw fields.failure("batch", "found a number of rows beside those that are trained on")
    }
    batch = on == .batch ? 0 : try fields.required("batch").integer(in: 1...65_536)
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
