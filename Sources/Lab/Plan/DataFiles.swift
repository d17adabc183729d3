import Core
import Corpora
import Dish
import Foundation
import Plans

/// The files that conditions of a plan are trained on, read once.
struct DataFiles: Sendable {
  /// By what the plan calls them.
  private(set) var sets: [String: FineTuningSet] = [:]

  init() {}

  /// - Throws: `InputError` at the plan's line for a file that is not there, and naming file and line for
  ///   what is no conversation.
  ///
  /// - Parameter leavesWholeFiles: files that a condition has alone are left to the training, which takes
  ///   rows of more kinds than conversations.
  init(_ plan: Plan, leavingWholeFiles leavesWholeFiles: Bool = false) throws {
    for condition in plan.conditions
    where !leavesWholeFiles || condition.data.count > 1 || condition.isPart {
      try read(condition.data.compactMap(\.file))
    }
    let losses = plan.anatomy?.landscape?.losses.flatMap(\.texts) ?? []
    try read(((plan.anatomy?.texts ?? []) + losses).compactMap(\.file))
    try read((plan.screen?.data ?? []).compactMap(\.file))
  }

  mutating func read(_ files: [PlanPath]) throws {
    for file in files where sets[file.written] == nil {
      try file.requireFile()
      sets[file.written] = try FineTuningSet(name: file.written, reading: file.path)
    }
  }

  /// Parts of a training set, files by what is in them.
  func parts(_ data: [PlanData]) throws -> [CorpusPart] {
    data.map { data in
      var part = CorpusPart(data)
      part.rows = sets[data.corpus]?.fingerprint
      return part
    }
  }
}

extension PlanCondition {
  /// Whether rows of a file are drawn for it, and not gone through as they stand.
  fileprivate var isPart: Bool {
    data.contains { $0.topics != nil || $0.unique != nil || $0.setting != .plain }
  }
}
