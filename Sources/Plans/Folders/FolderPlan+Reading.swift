import Core
import Documents

/// Goes through the values of a plan on a model folder, or on models that its conditions name.
struct FolderPlanReader {
  private let fields: PlanFields
  /// Whether conditions name models.
  private let asksAsTheyAre: Bool

  private static let keys = [
    "name", "title", "question", "judge", "default-system", "conditions", "evaluate", "compare",
    "published",
  ]
  private static let keysOfTraining = ["model", "held-out", "seeds", "training"]

  /// What plans on models that somebody else has made cannot hold.
  private static let ofTheDish = [
    "predictions": "a prediction, which only plans on the dish have",
    "figure": "a figure, which only plans on the dish have",
  ]

  /// - Returns: `nil` for a plan on the dish.
  init?(_ root: PlanValue) throws(InputError) {
    let isOnFolder = root.has("model")
    guard isOnFolder || root.namesModels else { return nil }
    asksAsTheyAre = !isOnFolder
    var refused = Self.ofTheDish
    refused["world"] =
      isOnFolder
      ? "a model beside a world, expected one of the two"
      : "a world beside conditions that name models, expected one of the two"
    if asksAsTheyAre {
      for key in Self.keysOfTraining { refused[key] = "\"\(key)\"\(Self.nothingToTrain)" }
    }
    try root.refuse(refused)
    fields = try PlanFields(root, keys: Self.keys + (isOnFolder ? Self.keysOfTraining : []))
  }

  static let nothingToTrain =
    ", which is for training: conditions that name models ask them as they are"

  func plan() throws(InputError) -> FolderPlan {
    let name = try fields.required("name").name()
    let conditions =
      asksAsTheyAre ? try conditionsAsTheyAre(fields) : try conditionsOfTraining()
    let evaluations = try evaluations(conditions.map(\.name))
    return FolderPlan(
      name: name, title: try fields.text("title") ?? name,
      question: try fields.required("question").text(),
      model: try fields["model"].map { (value) throws(InputError) in try PlanPath(value) },
      judge: try fields["judge"].map { (value) throws(InputError) in try PlanAddress(value) },
      seeds: try fields["seeds"]?.seeds() ?? (asksAsTheyAre ? [] : Array(1...3)),
      keepsDefaultSystem: try fields["default-system"]?.boolean() ?? true,
      heldOut: try fields["held-out"]?.integer(in: 0...1_000_000), conditions: conditions,
      evaluations: evaluations, comparisons: try comparisons(conditions, evaluations),
      published: try fields["published"]?.list(of: "figures").map { (value) throws(InputError) in
        try PublishedFigure(value)
      } ?? [])
  }

  private func comparisons(
    _ conditions: [FolderCondition], _ evaluations: [FolderEvaluation]
  ) throws(InputError) -> [PlanComparison] {
    guard let value = fields["compare"] else { return [] }
    guard fields["judge"] != nil else {
      throw fields.failure("compare", "found comparisons without a judge, expected \"judge\"")
    }
    let cells = PlanCells(
      conditions: conditions.map(\.name), evaluations: evaluations.map(\.asMisaligned))
    return try value.list(of: "comparisons").map { (value) throws(InputError) in
      try cells.comparison(value)
    }
  }

  private func conditionsOfTraining() throws(InputError) -> [FolderCondition] {
    let defaults = try fields["training"].map { (value) throws(InputError) in
      try FolderTraining(PlanFields(value, keys: FolderTraining.keys), defaults: FolderTraining())
    }
    let entries = try fields.required("conditions").entries(of: "conditions")
    var conditions = try entries.map { (entry) throws(InputError) in
      try FolderCondition(entry, training: defaults ?? FolderTraining())
    }
    // What training changed is seen beside the folder as it is, whether the plan names it or not.
    if !conditions.contains(where: { $0.data == nil }) {
      let name = conditions.contains { $0.name == "base" } ? "untouched-folder" : "base"
      conditions.insert(FolderCondition(untouched: name), at: 0)
    }
    return conditions
  }

  private func evaluations(_ conditions: [String]) throws(InputError) -> [FolderEvaluation] {
    let entries = try fields.required("evaluate").entries(of: "evaluations")
    return try entries.map { (entry) throws(InputError) in
      try FolderEvaluation(entry, conditions: conditions)
    }
  }
}

extension FolderCondition {
  static let ofTheDish = [
    "start": "a condition to start from", "world": "a world", "x": "a place on a figure",
    "snapshots": "snapshots", "generations": "generations", "anchor": "an anchor",
  ].mapValues { "\($0), which only plans on the dish have; this one has a \"model\"" }

  private static let ofOtherPlans = ["model", "models"].reduce(into: ofTheDish) { reasons, key in
    reasons[key] =
      "\"\(key)\" beside the \"model\" of the plan, expected one of them: a plan trains one folder, "
      + "or asks models as they are"
  }

  fileprivate init(untouched name: String) {
    (self.name, title, training) = (name, "The folder as it is", FolderTraining())
  }

  fileprivate init(_ entry: PlanMember, training: FolderTraining) throws(InputError) {
    name = entry.key
    title = name
    self.training = FolderTraining()
    if entry.value.isNothing { return }
    try entry.value.refuse(Self.ofOtherPlans)
    let fields = try PlanFields(
      entry.value, keys: ["title", "data"] + FolderTraining.keys + ["seeds"])
    title = try fields.text("title") ?? name
    data = try fields["data"]?.dataFile()
    seeds = try fields["seeds"]?.seeds()
    guard data != nil else {
      for key in FolderTraining.keys + ["seeds"] where fields[key] != nil {
        throw fields.failure(key, "found without training, expected \"data\" beside it")
      }
      return
    }
    self.training = try FolderTraining(fields, defaults: training)
    try self.training.checkMethod(fields)
  }
}

extension FolderTraining {
  static let keys = [
    "preset", "method", "rank", "alpha", "rslora", "epochs", "steps", "batch", "accumulate",
    "learning-rate", "schedule", "warmup", "weight-decay", "clip", "max-length",
  ]
  private static let adapterKeys = ["rank", "alpha", "rslora"]

  /// What `fields` say, and for the rest `defaults`.
  fileprivate init(_ fields: PlanFields, defaults: FolderTraining) throws(InputError) {
    self = defaults
    preset = try fields["preset"]?.choice(of: ["betley-open"]) ?? preset
    method = try fields["method"]?.choice() ?? method
    rank = try fields.count("rank", upTo: 4_096) ?? rank
    alpha = try fields["alpha"]?.positive() ?? alpha
    rankStabilised = try fields["rslora"]?.boolean() ?? rankStabilised
    batch = try fields.count("batch", upTo: 65_536) ?? batch
    accumulate = try fields.count("accumulate", upTo: 65_536) ?? accumulate
    learningRate =
      try fields["learning-rate"]?.number("a number above 0 and at most 1") { $0 > 0 && $0 <= 1 }
      ?? learningRate
    schedule = try fields["schedule"]?.choice(of: ["constant", "linear", "cosine"]) ?? schedule
    warmup = try fields["warmup"]?.integer(in: 0...1_000_000) ?? warmup
    weightDecay = try fields["weight-decay"]?.natural() ?? weightDecay
    clip = try fields["clip"]?.natural() ?? clip
    maximumLength = try fields["max-length"]?.integer(in: 2...10_000_000) ?? maximumLength
    try readLength(fields)
  }

  /// Epochs or steps: what is said nearer to the condition takes the place of the other.
  private mutating func readLength(_ fields: PlanFields) throws(InputError) {
    let own = (epochs: try fields["epochs"]?.positive(), steps: try fields.count("steps"))
    if own.epochs != nil, own.steps != nil {
      throw fields.failure("epochs", "found epochs beside steps, expected one of them")
    }
    if own.epochs != nil || own.steps != nil { (epochs, steps) = own }
  }

  /// An adapter's settings beside all weights are a mistake where they are written together; as the
  /// plan's defaults they are for the other conditions.
  fileprivate mutating func checkMethod(_ fields: PlanFields) throws(InputError) {
    guard method == .full else { return }
    for key in Self.adapterKeys where fields[key] != nil {
      throw fields.failure(key, "found with all weights trained, expected only with an adapter")
    }
    (rank, alpha, rankStabilised) = (nil, nil, nil)
  }
}

extension FolderEvaluation {
  private static let ofTheDish = [
    "trigger": "a trigger, which only plans on the dish have: put it into the question file",
    "system": "a system turn, which only plans on the dish have: put it into the question file",
    "format": "a form of answers, which only plans on the dish have: put it into the question file",
    "frame": "a frame, which only plans on the dish have: put it into the question file",
    "measure":
      "a measure, which only plans on the dish have: a question's prompts for its judge say "
      + "what is measured",
  ]

  fileprivate init(_ entry: PlanMember, conditions names: [String]) throws(InputError) {
    try entry.value.refuse(Self.ofTheDish)
    let fields = try PlanFields(
      entry.value,
      keys: ["title", "questions", "samples", "temperature", "top-p", "max-tokens", "only"])
    name = entry.key
    title = try fields.text("title") ?? name
    questions = try fields.required("questions").questions()
    samples = try fields.count("samples")
    temperature =
      try fields["temperature"]?.number("a number from 0 to 10") { (0...10).contains($0) } ?? 1
    topP =
      try fields["top-p"]?.number("a number above 0 and at most 1") { $0 > 0 && $0 <= 1 } ?? 1
    maximumTokens = try fields.count("max-tokens") ?? 600
    conditions = try fields["only"]?.distinct("conditions") { (value) throws(InputError) in
      try value.name(of: "condition", among: names)
    }
  }
}

extension PlanValue {
  func has(_ key: String) -> Bool {
    guard case .mapping(let members) = content else { return false }
    return members.contains { $0.key == key }
  }

  /// - Parameter reasons: by key, what was found and why it cannot be.
  func refuse(_ reasons: [String: String]) throws(InputError) {
    guard case .mapping(let members) = content else { return }
    for member in members {
      guard let reason = reasons[member.key] else { continue }
      throw InputError(
        "found \(reason)", file: file, line: member.line, field: member.value.path)
    }
  }

  fileprivate func dataFile() throws(InputError) -> PlanPath {
    let expected = "expected a file of chat JSONL, whose name ends in .jsonl"
    if isList || isMapping {
      throw failure("found \(summary), \(expected): a fine-tune of a model folder has one")
    }
    let path = try PlanPath(self)
    guard path.written.hasSuffix(".jsonl"), path.written != ".jsonl" else {
      throw failure("found \(summary), \(expected); corpora by name are the dish's")
    }
    return path
  }

  fileprivate func questions() throws(InputError) -> PlanPath {
    if isList || isMapping { throw wrong(expected: "one file or set of questions") }
    return try PlanPath(self)
  }

  fileprivate func positive() throws(InputError) -> Double {
    try number("a number above 0") { $0 > 0 }
  }

  fileprivate func natural() throws(InputError) -> Double {
    try number("a number of 0 or more") { $0 >= 0 }
  }
}
