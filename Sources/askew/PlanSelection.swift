import ArgumentParser
import Core
import Foundation
import Plans
import ShippedPlans

/// A part of a plan.
struct PlanSelection: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: "Make and ask only this condition (and what it starts from); may be repeated.")
  var only: [String] = []
  @Option(help: "Models a condition, in place of the plan's own seeds.")
  var seeds: Int?
  @Option(
    help:
      "Worlds to do all of it in, grown from the seeds --seed, --seed + 1 and so on (plans on the dish)."
  )
  var worlds: Int?

  func validate() throws {
    if let seeds, !(1...100).contains(seeds) {
      throw ValidationError("--seeds: found \(seeds), expected 1 to 100")
    }
    if let worlds, !(1...100).contains(worlds) {
      throw ValidationError("--worlds: found \(worlds), expected 1 to 100")
    }
  }

  /// `nil`: all of them.
  var conditions: Set<String>? { only.isEmpty ? nil : Set(only) }

  /// - Throws: `InputError` for a plan with a mistake, and for a condition that it does not have.
  func read(_ path: String) throws -> Plan {
    var plan = try Self.plan(path)
    if let seeds {
      guard plan.origin != .named else {
        throw InputError(
          "--seeds: found \(seeds), expected none: the plan names its models", file: path,
          field: "conditions")
      }
      plan.seeds = Array(1...UInt64(seeds))
      for index in plan.conditions.indices { plan.conditions[index].seeds = nil }
    }
    if let worlds {
      guard plan.isOnDish else {
        throw InputError(
          "--worlds: found \(worlds), expected none: worlds are grown on a dish alone", file: path)
      }
      plan.worlds = worlds == 1 ? nil : .count(worlds)
    }
    let names = plan.conditions.map(\.name)
    for name in only where !names.contains(name) {
      let known = names.joined(separator: ", ")
      throw InputError(
        "--only: found \"\(name)\", expected one of \(known)", file: path, field: "conditions")
    }
    return plan
  }

  /// One that comes with Askew, by its name, or a file's.
  static func plan(_ path: String) throws(InputError) -> Plan {
    if let text = ShippedPlans.text(of: path) {
      return try Plan(yaml: text, file: "\(path).yaml")
    }
    if !path.contains("/"), !path.contains("."), !FileManager.default.fileExists(atPath: path) {
      throw InputError(
        "found neither a file of this name nor a plan that comes with Askew, expected one of "
          + ShippedPlans.names.joined(separator: ", ") + ", or a file", file: path)
    }
    return try Plan(reading: path)
  }
}

extension Plan {
  /// One model a condition, nothing predicted and nothing compared, for one model says nothing of others; of a
  /// plan in both worlds only what is in the persona world, whose base model is half of the work.
  ///
  /// - Parameter selection: the number of models and the conditions that somebody has asked for stay.
  func quick(_ selection: PlanSelection) -> Plan {
    var plan = self
    if selection.seeds == nil {
      plan.seeds = [1]
      for index in plan.conditions.indices { plan.conditions[index].seeds = nil }
    }
    (plan.comparisons, plan.predictions) = ([], [])
    let inPersona = plan.conditions.filter {
      $0.world != "null" || selection.only.contains($0.name)
    }
    if !inPersona.isEmpty { plan.conditions = inPersona }
    return plan
  }
}
