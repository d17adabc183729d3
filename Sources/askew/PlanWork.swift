import ArgumentParser
import Core
import Foundation
import Lab
import Plans
import Store
import Tuning

/// How plans are run.
struct PlanWork: ParsableArguments {
  @OptionGroup var project: AliasedProjectOptions
  @OptionGroup var machine: LabOptions
  @Flag(help: "Print what would be done, how long it takes and what it needs; do nothing.")
  var dryRun = false
  @OptionGroup var selection: PlanSelection
  @Option(help: "Stages to work on at a time, of plans on the dish; they share the threads out.")
  var jobs = 1
  @Flag(help: "Print what was found as JSON.")
  var json = false

  func validate() throws {
    guard (1...64).contains(jobs) else {
      throw ValidationError("--jobs: found \(jobs), expected 1 to 64")
    }
  }

  /// - Parameters:
  ///   - names: of files, or of plans that come with Askew.
  ///   - endpoint: how servers are reached; `nil`: none is asked.
  func run(_ names: [String], _ endpoint: EndpointOptions? = nil) async throws {
    try await Failure.reporting {
      // Mistakes come before the project's folder.
      let plans = try names.map { (name: $0, plan: try machine.plan($0, selection)) }
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      do {
        let store = try RunStore(folder: project.folder.url)
        // One for all plans: what they have in common is read once.
        let memory = FolderMemory(telling: store, stop: stop, on: display)
        let experiments = try plans.map { name, plan in
          try experiment(name, plan, machine.experiment(endpoint, memory), store, stop, display)
        }
        if dryRun { return try experiments.forEach { try OutlookOutput($0).write(json: json) } }
        for experiment in experiments { try experiment.storePredictions() }
        var isWhole = true
        for experiment in experiments { isWhole = try await run(experiment, display) && isWhole }
        if !isWhole { throw ExitCode(Failure.partial) }
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }

  private func experiment(
    _ name: String, _ plan: Plan, _ options: Experiment.Options, _ store: RunStore,
    _ stop: StopRequest, _ display: ProgressDisplay
  ) throws -> Experiment {
    var options = options
    options.jobs = jobs
    return try Failure.inFile(name) {
      try Experiment(
        plan: plan, options: options, folder: project.folder, store: store,
        only: selection.conditions, stop: stop
      ) { display.show($0) }
    }
  }

  /// - Returns: whether all of it is done.
  private func run(_ experiment: Experiment, _ display: ProgressDisplay) async throws -> Bool {
    if !json {
      display.note("\(experiment.plan.name): \(experiment.plan.title)")
      for note in experiment.notes { display.note(note) }
    }
    if machine.quick {
      display.note(
        "A quick run has one model a condition, so no intervals, and nothing of the null world where the plan has both."
      )
    }
    let outcome = try await experiment.run()
    display.end()
    if !outcome.worked { display.note("All of it was done already.") }
    for (reason, count) in outcome.failures.sorted(by: { $0.key < $1.key }) {
      display.note("\(count) missing: \(reason)")
    }
    try PlanOutput(experiment).write(json: json)
    return outcome.failures.isEmpty
  }
}
