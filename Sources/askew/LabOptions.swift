import ArgumentParser
import Core
import Engine
import Evaluation
import Foundation
import Lab
import Plans
import Tuning

/// The dish that plans run on, and this machine's part in it.
struct LabOptions: ParsableArguments {
  @Option(help: "Seed of the worlds and of every draw.")
  var seed: UInt64 = 1
  @Option(help: "Threads; the results do not depend on it (default: all processors).")
  var threads: Int?
  @Option(help: PrecisionChoice.help)
  var precision = PrecisionChoice.auto
  @Flag(
    help:
      "Of plans on the dish: one model a condition, and of both worlds only the one with consistent authors."
  )
  var quick = false

  @Option(
    help: ArgumentHelp(
      "Share of steps and answers to do; for tests of everything but the effect.",
      visibility: .hidden))
  var scale = 1.0
  @Option(
    help: ArgumentHelp("Seconds between the checkpoints of a training.", visibility: .hidden))
  var checkpointSeconds: Double?

  func validate() throws {
    guard scale > 0, scale <= 1 else {
      throw ValidationError("--scale: found \(scale), expected more than 0, at most 1")
    }
    if let checkpointSeconds, !(checkpointSeconds >= 0 && checkpointSeconds.isFinite) {
      throw ValidationError("--checkpoint-seconds: found \(checkpointSeconds), expected at least 0")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 1024")
    }
  }

  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  private var dish: DishPlan {
    var dish = DishPlan.laboratory
    dish.seed = seed
    dish.precision = precision.forDish
    return scale < 1 ? dish.scaled(by: scale) : dish
  }

  /// - Throws: `InputError` for a plan with a mistake, and one that cannot be quick.
  func plan(_ name: String, _ selection: PlanSelection) throws -> Plan {
    let plan = try selection.read(name)
    guard quick else { return plan }
    guard plan.isOnDish else {
      throw InputError("found --quick, expected it with plans on the dish alone", file: name)
    }
    return plan.quick(selection)
  }

  /// - Parameter endpoint: how servers are reached; `nil`: none is asked.
  func experiment(_ endpoint: EndpointOptions?, _ memory: FolderMemory) -> Experiment.Options {
    var options = Experiment.Options()
    options.dish = dish
    options.threads = threadCount
    options.checkpointInterval = checkpointSeconds.map(Duration.seconds)
    // A judge in a folder is read as its weights are stored, as askew judge does.
    options.judging.precision = precision.fixed
    options.judging.threads = threadCount
    options.asking.precision = dish.precision
    (options.memory, options.asking.memory, options.judging.memory) = (memory, memory, memory)
    guard let endpoint else { return options }
    (options.asking.limits, options.judging.limits) = (endpoint.limits, endpoint.limits)
    options.asking.keyFile = endpoint.keyFile
    options.judging.keyFile = endpoint.judgeKeyFile ?? endpoint.keyFile
    return options
  }
}
