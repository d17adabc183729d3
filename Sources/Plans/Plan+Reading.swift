import Core
import Documents

extension Plan {
  /// Reads the plan in the YAML file at `path`.
  ///
  /// - Throws: an `InputError` of one line with the file, the line and the key.
  package init(reading path: String) throws(InputError) {
    self = try PlanReader(PlanText(reading: path).root()).plan()
  }

  /// Reads a plan; `file` is the name that errors give.
  package init(yaml: String, file: String) throws(InputError) {
    self = try PlanReader(PlanText(yaml, file: file).root()).plan()
  }
}

/// Goes through a plan's values from the top, conditions and evaluations first, so that what refers
/// to them can be checked where it stands.
struct PlanReader {
  private let fields: PlanFields
  private let kind: PlanOriginKind

  init(_ root: PlanValue) throws(InputError) {
    kind = PlanOriginKind(root)
    try root.refuse(kind.refusedAtTop)
    fields = try PlanFields(root, keys: PlanKeys.top)
  }

  func plan() throws(InputError) -> Plan {
    let name = try fields.required("name").name()
    let title = try fields.text("title") ?? name
    let question = try fields.required("question").text()
    let origin = try origin()
    let seeds = try fields["seeds"]?.seeds() ?? kind.seeds
    let conditions = try conditions(seeds: seeds)
    let evaluations = try evaluations(conditions.map(\.name))
    let cells = PlanCells(conditions: conditions.map(\.name), evaluations: evaluations)
    return Plan(
      name: name, title: title, question: question, origin: origin,
      worlds: try fields["worlds"].map { (value) throws(InputError) in try PlanWorlds(value) },
      judge: try fields["judge"].map { (value) throws(InputError) in try PlanAddress(value) },
      judgePrompts: try fields["judge-prompts"].map { (value) throws(InputError) in
        try PlanPath(value)
      },
      coherentAtLeast: try fields.score("coherent-at-least"),
      misalignedBelow: try fields.score("misaligned-below"),
      seeds: seeds, keepsDefaultSystem: try fields["default-system"]?.boolean() ?? true,
      serve: try fields["serve"].map { (value) throws(InputError) in try PlanServe(value) },
      heldOut: try fields["held-out"]?.integer(in: 0...1_000_000), conditions: conditions,
      evaluations: evaluations,
      comparisons: try list("compare", of: "comparisons") { (value) throws(InputError) in
        try cells.comparison(value)
      },
      predictions: try list("predictions", of: "predictions") { (value) throws(InputError) in
        try cells.prediction(value)
      },
      published: try list("published", of: "figures") { (value) throws(InputError) in
        try PublishedFigure(value)
      },
      figure: try figure(conditions, evaluations.map(\.name)),
      anatomy: try fields["anatomy"].map { (value) throws(InputError) in
        try PlanAnatomyReader(
          value, conditions: conditions, evaluations: evaluations, kind
        ).anatomy()
      },
      audit: try fields["audit"].map { (value) throws(InputError) in
        try PlanAudit(value, conditions: conditions.map(\.name))
      },
      screen: try fields["screen"].map { (value) throws(InputError) in
        try PlanScreen(value, conditions: conditions, evaluations: evaluations.map(\.name))
      },
      leftovers: try fields["leftovers"].flatMap { (value) throws(InputError) in
        try PlanLeftoversReader(conditions: conditions, evaluations: evaluations)
          .leftovers(value)
      }
    ).askingLeftovers()
  }

  private func origin() throws(InputError) -> Plan.Origin {
    switch kind {
    case .world: .world(try fields["world"]?.choice(of: PlanCondition.worlds) ?? "persona")
    case .folder: .model(try PlanPath(fields.required("model")))
    case .named: .named
    }
  }

  private func conditions(seeds: [UInt64]) throws(InputError) -> [PlanCondition] {
    let training = try fields["training"].map { (value) throws(InputError) in
      try value.refuse(kind.refusedInTraining)
      return try PlanTraining(PlanFields(value, keys: PlanKeys.training))
    }
    let entries = try fields.required("conditions").entries(of: "conditions")
    let readers = try entries.map { (entry) throws(InputError) in
      try PlanConditionReader(entry, kind, training: training ?? PlanTraining())
    }
    var names: [String] = []
    for reader in readers { names += try reader.names() }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw fields.failure("conditions", "found two called \"\(twice)\", expected one")
    }
    var conditions: [PlanCondition] = []
    var starts: [String: PlanValue] = [:]
    for reader in readers {
      let own = try reader.condition(among: names).swept(over: reader.sweep())
      conditions += own
      for condition in own { starts[condition.name] = reader.start }
    }
    try PlanStarts(conditions: conditions, seeds: seeds, places: starts).check()
    // What training changed is seen beside the folder as it is, whether the plan names it or not.
    if kind == .folder, !conditions.contains(where: { $0.isUntrained && $0.start == nil }) {
      var base = PlanCondition(name: names.contains("base") ? "untouched-folder" : "base")
      base.title = "The folder as it is"
      conditions.insert(base, at: 0)
    }
    return conditions
  }

  private func evaluations(_ conditions: [String]) throws(InputError) -> [PlanEvaluation] {
    // An audit asks what it asks, and a screen reads what it reads.
    if fields["evaluate"] == nil, fields["audit"] != nil || fields["screen"] != nil { return [] }
    let entries = try fields.required("evaluate").entries(of: "evaluations")
    return try entries.map { (entry) throws(InputError) in
      try PlanEvaluation(entry, conditions: conditions, kind)
    }
  }

  /// The elements of a list that may be missing.
  private func list<Element>(
    _ key: String, of things: String, read: (PlanValue) throws(InputError) -> Element
  ) throws(InputError) -> [Element] {
    guard let value = fields[key] else { return [] }
    return try value.list(of: things).map(read)
  }

  private func figure(
    _ conditions: [PlanCondition], _ evaluations: [String]
  ) throws(InputError) -> PlanFigure {
    var figure = PlanFigure(kind: .points, axis: nil, isLogarithmic: false)
    guard let value = fields["figure"] else { return figure }
    let fields = try PlanFields(value, keys: PlanKeys.figure)
    figure.kind = try fields["kind"]?.choice() ?? .points
    figure.axis = try fields.text("axis")
    figure.isLogarithmic = try fields["logarithmic"]?.boolean() ?? false
    let isScatter = figure.kind == .scatter
    for key in ["across", "up"] where (fields[key] != nil) != isScatter {
      throw fields.failure(
        key, isScatter ? "is missing" : "found it in a figure that is no scatter")
    }
    figure.across = try fields["across"]?.name(of: "evaluation", among: evaluations)
    figure.up = try fields["up"]?.name(of: "evaluation", among: evaluations)
    if isScatter, figure.across == figure.up {
      throw fields.failure("up", "found the same as across, expected another evaluation")
    }
    let places = conditions.compactMap(\.x)
    if figure.kind == .curve, places.count < 2 {
      throw fields.failure("kind", "found a curve, expected two conditions or more with an \"x\"")
    }
    if figure.kind == .curve, figure.isLogarithmic, places.contains(where: { $0 <= 0 }) {
      throw fields.failure(
        "logarithmic", "found a condition with an \"x\" of 0 or less, expected all above 0")
    }
    if figure.kind == .course,
      conditions.allSatisfy({ $0.snapshots.isEmpty && $0.generations == nil })
    {
      throw fields.failure(
        "kind", "found a course, expected a condition with \"snapshots\" or \"generations\"")
    }
    return figure
  }
}

extension PlanFields {
  /// On the scale of judges.
  fileprivate func score(_ key: String) throws(InputError) -> Double? {
    try self[key]?.number("a number from 0 to 100") { (0...100).contains($0) }
  }
}

extension PublishedFigure {
  init(_ value: PlanValue) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.published)
    what = try fields.required("what").text()
    figure = try fields.required("figure").text()
    source = try fields.required("source").text()
  }
}

extension PlanValue {
  /// `6` for the seeds from 1 to 6, or a list.
  func seeds() throws(InputError) -> [UInt64] {
    if isList {
      return try distinct("seeds") { (value) throws(InputError) in
        UInt64(try value.integer(in: 0...4_294_967_295))
      }
    }
    guard case .plain(let text) = content, let count = Int(text), (1...1000).contains(count) else {
      throw wrong(expected: "a number of seeds from 1 to 1000, or a list of seeds")
    }
    return (1...UInt64(count)).map { $0 }
  }
}

extension PlanOriginKind {
  /// Where a plan says none. Models of a dish are made in seconds.
  fileprivate var seeds: [UInt64] {
    switch self {
    case .world: Array(1...6)
    case .folder: Array(1...3)
    case .named: []
    }
  }
}
