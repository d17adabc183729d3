import ArgumentParser
import Core
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

  /// `nil`: all of them.
  var conditions: Set<String>? { only.isEmpty ? nil : Set(only) }

  /// - Throws: `InputError` for a plan with a mistake, and for a condition that it does not have.
  func read(_ path: String) throws -> Plan {
    var plan = try Plan(reading: path)
    if let seeds {
      guard plan.origin != .named else {
        throw InputError(
          "--seeds: found \(seeds), expected none: the plan names its models", file: path,
          field: "conditions")
      }
      plan.seeds = Array(1...UInt64(seeds))
      for index in plan.conditions.indices { plan.conditions[index].seeds = nil }
    }
    let names = plan.conditions.map(\.name)
    for name in only where !names.contains(name) {
      let known = names.joined(separator: ", ")
      throw InputError(
        "--only: found \"\(name)\", expected one of \(known)", file: path, field: "conditions")
    }
    return plan
  }
}
