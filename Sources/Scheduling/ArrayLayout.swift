import Core

/// Stages laid out as job arrays, each after those that it waits for.
///
/// Where every stage of a set waits for one stage of another set – each answers for the model that another task
/// trains – the arrays run side by side, task for task (`aftercorr`), and nobody waits for a stranger. What waits
/// for the same stages is one array after exactly those (`afterok`). What is left waits until all that it may
/// need has ended (`afterany`), and a task that finds its own needs missing says so.
package struct ArrayLayout: Sendable, Hashable {
  /// A task: an array, and the index in it.
  package struct Place: Sendable, Hashable {
    package var array: Int
    package var index: Int

    package init(array: Int, index: Int) { (self.array, self.index) = (array, index) }
  }

  package enum Dependency: Sendable, Hashable {
    case none
    /// Each task after the task of the same index.
    case corresponding(Int)
    /// After these tasks, if all of them went well.
    case tasks([Place])
    /// After these arrays, however they ended.
    case ends([Int])
  }

  package struct Array: Sendable, Hashable {
    /// By index.
    package var tasks: [Int: Fingerprint]
    package var dependency: Dependency
  }

  /// Arrays that were there before come first; those have no tasks here.
  package private(set) var arrays: [Array]
  private var places: [Fingerprint: Place]
  private let longest: Int

  /// - Parameters:
  ///   - stages: that are to be done, each after those that it needs.
  ///   - active: stages that are under way as tasks of earlier arrays, numbered from 0.
  ///   - longest: the scheduler's limit of an index, exclusive.
  package init(_ stages: [StageTask], active: [Fingerprint: Place] = [:], longest: Int = 1000) {
    places = active
    self.longest = longest
    let count = (active.values.map(\.array).max() ?? -1) + 1
    arrays = .init(repeating: Array(tasks: [:], dependency: .none), count: count)
    var level: [Fingerprint: Int] = active.mapValues { _ in 0 }
    var levels: [[StageTask]] = []
    let own = Set(stages.map(\.fingerprint))
    for stage in stages where active[stage.fingerprint] == nil {
      let needs = stage.needs.filter { own.contains($0) || active[$0] != nil }
      let depth = needs.compactMap { level[$0] }.max().map { $0 + 1 } ?? 0
      level[stage.fingerprint] = depth
      while levels.count <= depth { levels.append([]) }
      levels[depth].append(stage)
    }
    for level in levels { place(level) }
  }

  /// Indices of arrays that may run beside each other, each level after the one before.
  package var levels: [[Int]] {
    var depth: [Int] = []
    for array in arrays {
      let needed: [Int] =
        switch array.dependency {
        case .none: []
        case .corresponding(let other): [other]
        case .tasks(let places): places.map(\.array)
        case .ends(let others): others
        }
      depth.append((needed.map { depth[$0] }.max() ?? -1) + 1)
    }
    return (0..<(depth.max() ?? -1) + 1).map { level in depth.indices.filter { depth[$0] == level }
    }
  }

  private mutating func place(_ stages: [StageTask]) {
    var free: [StageTask] = []
    var single: [Int: [(stage: StageTask, parent: Place)]] = [:]
    var several: [(stage: StageTask, parents: [Place])] = []
    for stage in stages {
      let parents = stage.needs.compactMap { places[$0] }
      switch Set(parents).count {
      case 0: free.append(stage)
      case 1: single[parents[0].array, default: []].append((stage, parents[0]))
      default: several.append((stage, parents))
      }
    }
    add(free.map(\.fingerprint), .none)
    for array in single.keys.sorted() { placeSingle(single[array] ?? [], after: array) }
    placeSeveral(several)
  }

  /// Few parents with many children each: an array a parent; many parents with few children: an array a child.
  private mutating func placeSingle(
    _ children: [(stage: StageTask, parent: Place)], after array: Int
  ) {
    let byParent = Dictionary(grouping: children, by: \.parent.index)
    let most = byParent.values.map(\.count).max() ?? 0
    guard byParent.count > most else {
      for index in byParent.keys.sorted() {
        let stages = (byParent[index] ?? []).map(\.stage.fingerprint)
        add(stages, .tasks([Place(array: array, index: index)]))
      }
      return
    }
    for child in 0..<most {
      var tasks: [Int: Fingerprint] = [:]
      for (index, own) in byParent where child < own.count {
        tasks[index] = own[child].stage.fingerprint
      }
      append(Array(tasks: tasks, dependency: .corresponding(array)))
    }
  }

  private mutating func placeSeveral(_ stages: [(stage: StageTask, parents: [Place])]) {
    let most = 4
    var sets: [[Place]] = []
    for (_, parents) in stages {
      let set = Set(parents).sorted { ($0.array, $0.index) < ($1.array, $1.index) }
      if !sets.contains(set) { sets.append(set) }
    }
    guard sets.count > most else {
      for set in sets {
        let own = stages.filter { Set($0.parents) == Set(set) }.map(\.stage.fingerprint)
        add(own, .tasks(set))
      }
      return
    }
    let arrays = Set(stages.flatMap { $0.parents.map(\.array) }).sorted()
    add(stages.map(\.stage.fingerprint), .ends(arrays))
  }

  private mutating func add(_ stages: [Fingerprint], _ dependency: Dependency) {
    var rest = stages[...]
    while !rest.isEmpty {
      let part = rest.prefix(longest)
      rest = rest.dropFirst(longest)
      let tasks = Dictionary(
        uniqueKeysWithValues: part.enumerated().map { ($0.offset, $0.element) })
      append(Array(tasks: tasks, dependency: dependency))
    }
  }

  private mutating func append(_ array: Array) {
    for (index, stage) in array.tasks { places[stage] = Place(array: arrays.count, index: index) }
    arrays.append(array)
  }
}
