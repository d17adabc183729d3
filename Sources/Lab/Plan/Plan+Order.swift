import Plans

extension Plan {
  /// The conditions and all that they start from or learn from; `nil`: all.
  func closure(of names: Set<String>?) -> Set<String> {
    guard let names else { return Set(conditions.map(\.name)) }
    var result = names
    var left = Array(names)
    while let name = left.popLast() {
      let needed = conditions.first { $0.name == name }?.needed ?? []
      left += needed.filter { result.insert($0).inserted }
    }
    return result
  }

  /// Each condition after those that it needs; the plan has no circles.
  var parentsFirst: [PlanCondition] {
    var placed: Set<String> = []
    var result: [PlanCondition] = []
    func place(_ condition: PlanCondition) {
      guard placed.insert(condition.name).inserted else { return }
      for needed in conditions where condition.needed.contains(needed.name) { place(needed) }
      result.append(condition)
    }
    for condition in conditions { place(condition) }
    return result
  }

  /// The seeds of a condition's models; 0 where nothing in its line depends on one.
  func seeds(of condition: PlanCondition) -> [UInt64] {
    var current: PlanCondition? = condition
    while let next = current {
      if !next.isUntrained { return condition.seeds ?? seeds }
      current = conditions.first { $0.name == next.start }
    }
    return [0]
  }
}
