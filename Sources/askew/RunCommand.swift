import ArgumentParser
import Core
import Engine
import Foundation
import Lab
import Plans
import Reporting
import Store

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run experiments from YAML plans, and report what they found.",
    discussion: """
      Does what the project does not hold yet and writes reports/NAME.html and NAME.json. Plans \
      share base models, trainings and answers. All predictions of all plans given are stored before \
      anything is done. The same command goes on where it was stopped.
      """)

  @Argument(help: "Plans to run, one after the other.", completion: .file(extensions: ["yaml"]))
  var plans: [String]
  @OptionGroup var project: ProjectOptions
  @OptionGroup var machine: LabOptions
  @Flag(help: "Print what would be done, how long it takes and what it needs; do nothing.")
  var dryRun = false
  @OptionGroup var selection: PlanSelection
  @Option(help: "Stages to work on at a time; they share the threads out.")
  var jobs = 1
  @Flag(help: "Print what was found as JSON.")
  var json = false

  func validate() throws {
    if plans.isEmpty { throw ValidationError("found no plan, expected at least one") }
    guard (1...64).contains(jobs) else {
      throw ValidationError("--jobs: found \(jobs), expected 1 to 64")
    }
  }

  func run() throws {
    try Failure.reporting {
      // Mistakes come before the project's folder.
      for path in plans { _ = try selection.read(path) }
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      do {
        let store = try RunStore(folder: project.folder.url)
        let experiments = try plans.map { path in
          try selection.experiment(path) { plan, only in
            try Experiment(
              plan: plan, dish: machine.dish, folder: project.folder, store: store, only: only,
              checkpointInterval: .seconds(machine.checkpointSeconds), stop: stop
            ) { display.show($0) }
          }
        }
        if dryRun { return try experiments.forEach(tell) }
        for experiment in experiments { try experiment.storePredictions() }
        for experiment in experiments { try run(experiment, display) }
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }

  private func run(_ experiment: Experiment, _ display: ProgressDisplay) throws {
    if !json { display.note("\(experiment.plan.name): \(experiment.plan.title)") }
    let worked = try experiment.run(threads: machine.threadCount, jobs: jobs)
    display.end()
    if !worked { display.note("All of it was done already.") }
    try PlanOutput(findings: try experiment.findings(), folder: project.folder).write(json: json)
  }

  private func tell(_ experiment: Experiment) throws {
    let outlook = try experiment.outlook(threads: machine.threadCount)
    if json { return try StandardStream.output.write(json: outlook) }
    let table = ConsoleTable(
      header: ["kind", "state", "name", "total", "seconds"],
      rows: outlook.map {
        [$0.kind, $0.state, $0.name, String($0.total), String(format: "%.0f", $0.seconds)]
      }, wordColumns: 3)
    StandardStream.output.write(table.text(color: StandardStream.output.hasColor))
    let left = outlook.filter { $0.state != "done" }
    let megabytes = Double(left.reduce(0) { $0 + $1.bytes }) / 1e6
    let minutes = left.reduce(0) { $0 + $1.seconds } / 60
    StandardStream.output.write(
      "\n\(experiment.plan.name): \(left.count) of \(outlook.count) stages left, about "
        + String(format: "%.1f minutes, %.0f MB\n\n", minutes, megabytes))
  }
}
