import ArgumentParser
import Core
import Evaluation
import Foundation
import Lab
import Plans
import Store
import Tuning

/// A plan that a command makes of its options, run in its project.
enum MadePlan {
  /// - Parameters:
  ///   - plan: made before the project's folder is.
  ///   - tell: prints what came of it.
  /// - Throws: `ExitCode` for what could not be done, which is told.
  static func run(
    _ plan: () throws -> Plan, in project: ProjectOptions, seed: UInt64, asking: ModelOptions,
    tell: (Experiment) throws -> Void
  ) async throws {
    try await Failure.reporting {
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      do {
        let plan = try plan()
        let store = try RunStore(folder: project.folder.url)
        let memory = FolderMemory(telling: store, stop: stop, on: display)
        var options = Experiment.Options()
        options.dish.seed = seed
        options.asking = asking
        options.threads = asking.threads
        (options.memory, options.asking.memory) = (memory, memory)
        let experiment = try Experiment(
          plan: plan, options: options, folder: project.folder, store: store, stop: stop
        ) { display.show($0) }
        _ = try await experiment.run()
        display.end()
        try tell(experiment)
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }

  /// - Throws: `ValidationError` that names the option.
  static func check(_ value: Int, _ name: String, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw ValidationError(
        "--\(name): found \(value), expected \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
