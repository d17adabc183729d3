import Core

/// A plan as its file says: on a world of the dish, or on a model folder.
public enum PlanFile: Sendable, Hashable {
  case dish(Plan)
  case folder(FolderPlan)

  /// Reads the plan in the YAML file at `path`: with `model`, one on a model folder.
  ///
  /// - Throws: an `InputError` of one line with the file, the line and the key.
  public init(reading path: String) throws(InputError) {
    try self.init(PlanText(reading: path))
  }

  /// Reads a plan; `file` is the name that errors give, and its folder the one that paths start from.
  public init(yaml: String, file: String) throws(InputError) {
    try self.init(PlanText(yaml, file: file))
  }

  private init(_ text: PlanText) throws(InputError) {
    let root = try text.root()
    if case .mapping(let members) = root.content, members.contains(where: { $0.key == "model" }) {
      self = .folder(try FolderPlanReader(root).plan())
    } else {
      self = .dish(try PlanReader(root).plan())
    }
  }

  /// Names, in the plan's order.
  public var conditions: [String] {
    switch self {
    case .dish(let plan): plan.conditions.map(\.name)
    case .folder(let plan): plan.conditions.map(\.name)
    }
  }

  /// Takes these in place of all seeds that the plan names.
  public mutating func setSeeds(_ seeds: [UInt64]) {
    switch self {
    case .dish(var plan):
      plan.seeds = seeds
      for index in plan.conditions.indices { plan.conditions[index].seeds = nil }
      self = .dish(plan)
    case .folder(var plan):
      plan.seeds = seeds
      for index in plan.conditions.indices { plan.conditions[index].seeds = nil }
      self = .folder(plan)
    }
  }
}
