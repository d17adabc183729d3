import ArgumentParser
import Core
import Lab
import Plans

/// A part of a plan.
struct PlanSelection: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: "Make and ask only this condition (and what it starts from); may be repeated.")
  var only: [String] = []
  @Option(help: "Models a condition, in place of the plan's own seeds.")
  var seeds: Int?

  func validate() throws {
    if let seeds, !(1...100).contains(seeds) {
      throw ValidationError("--seeds: found \(seeds), expected 1 to 100")
    }
  }

  /// The experiment of the plan in a file, whose name its errors bear.
  func experiment(
    _ path: String, _ make: (Plan, Set<String>?) throws -> Experiment
  ) throws -> Experiment {
    let plan = try read(path)
    do {
      return try make(plan, conditions)
    } catch let error as InputError where error.file == nil {
      throw error.inFile(path)
    }
  }

  /// `nil`: all of them.
  var conditions: Set<String>? { only.isEmpty ? nil : Set(only) }

  /// - Throws: `InputError` for a plan with a mistake, and for a condition that it does not have.
  func read(_ path: String) throws -> Plan {
    var plan = try Plan(reading: path)
    if let seeds {
      plan.seeds = (1...UInt64(seeds)).map { $0 }
      for index in plan.conditions.indices { plan.conditions[index].seeds = nil }
    }
    for name in only where !plan.conditions.contains(where: { $0.name == name }) {
      let known = plan.conditions.map(\.name).joined(separator: ", ")
      throw InputError(
        "--only: found \"\(name)\", expected one of \(known)", file: path, field: "conditions")
    }
    return plan
  }
}
