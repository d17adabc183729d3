import ArgumentParser
import Core
import Engine
import Foundation
import Lab
import Plans
import Reporting
import Store
import Tuning

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run experiments from YAML plans, and report what they found.",
    discussion: """
      Does what the project does not hold yet and writes reports/NAME.html and NAME.json. Plans \
      share base models, trainings and answers. All predictions of all plans given are stored before \
      anything is done. The same command goes on where it was stopped, and pays for no answer and no \
      verdict twice. Keys of servers come from ASKEW_API_KEY or a file, never from the command line. \
      Exit code 2: some answers or verdicts could not be had; the same command asks for them again.
      """)

  @Argument(help: "Plans to run, one after the other.", completion: .file(extensions: ["yaml"]))
  var plans: [String]
  @OptionGroup var project: AliasedProjectOptions
  @OptionGroup var machine: LabOptions
  @OptionGroup(title: "Servers") var endpoint: EndpointOptions
  @Flag(help: "Print what would be done, how long it takes and what it needs; do nothing.")
  var dryRun = false
  @OptionGroup var selection: PlanSelection
  @Option(help: "Stages to work on at a time, of plans on the dish; they share the threads out.")
  var jobs = 1
  @Flag(help: "Print what was found as JSON.")
  var json = false

  func validate() throws {
    if plans.isEmpty { throw ValidationError("found no plan, expected at least one") }
    guard (1...64).contains(jobs) else {
      throw ValidationError("--jobs: found \(jobs), expected 1 to 64")
    }
  }

  func run() async throws {
    try await Failure.reporting {
      // Mistakes come before the project's folder.
      for path in plans { _ = try selection.read(path) }
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      do {
        let store = try RunStore(folder: project.folder.url)
        // One for all plans: what they have in common is read once.
        let memory = FolderMemory(telling: store, stop: stop, on: display)
        let experiments = try plans.map { path in
          try experiment(path, store, memory, stop, display)
        }
        if dryRun { return try experiments.forEach { try $0.tell(self) } }
        for experiment in experiments { try experiment.storePredictions() }
        var isWhole = true
        for experiment in experiments {
          isWhole = try await experiment.run(self, display) && isWhole
        }
        if !isWhole { throw ExitCode(Failure.partial) }
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }

  private func experiment(
    _ path: String, _ store: RunStore, _ memory: FolderMemory, _ stop: StopRequest,
    _ display: ProgressDisplay
  ) throws -> any PlannedWork {
    let plan = try selection.read(path)
    guard case .world = plan.origin else {
      return try FolderExperiment(
        plan: plan, options: machine.folderOptions(endpoint, memory), folder: project.folder,
        store: store, only: selection.conditions, stop: stop
      ) { display.show($0) }
    }
    return try Failure.inFile(path) {
      try Experiment(
        plan: plan, dish: machine.dish, folder: project.folder, store: store,
        only: selection.conditions,
        checkpointInterval: .seconds(machine.checkpointSeconds ?? 10), stop: stop
      ) { display.show($0) }
    }
  }
}

/// What `askew run` does with a plan of either kind.
protocol PlannedWork {
  func storePredictions() throws
  func tell(_ command: RunCommand) throws
  /// - Returns: whether all of it is done.
  func run(_ command: RunCommand, _ display: ProgressDisplay) async throws -> Bool
}

extension Experiment: PlannedWork {
  func run(_ command: RunCommand, _ display: ProgressDisplay) async throws -> Bool {
    if !command.json { display.note("\(plan.name): \(plan.title)") }
    let worked = try await run(threads: command.machine.threadCount, jobs: command.jobs)
    display.end()
    if !worked { display.note("All of it was done already.") }
    try PlanOutput(findings: try findings(), folder: folder).write(json: command.json)
    return true
  }

  func tell(_ command: RunCommand) throws {
    let outlook = try outlook(threads: command.machine.threadCount)
    if command.json { return try StandardStream.output.write(json: outlook) }
    let table = ConsoleTable(
      header: ["kind", "state", "name", "total", "seconds"],
      rows: outlook.map {
        [$0.kind, $0.state, $0.name, String($0.total), String(format: "%.0f", $0.seconds)]
      }, wordColumns: 3)
    StandardStream.output.write(table.text(on: .output))
    let left = outlook.filter { $0.state != "done" }
    let megabytes = Double(left.reduce(0) { $0 + $1.bytes }) / 1e6
    let minutes = left.reduce(0) { $0 + $1.seconds } / 60
    StandardStream.output.write(
      "\n\(plan.name): \(left.count) of \(outlook.count) stages left, about "
        + String(format: "%.1f minutes, %.0f MB\n\n", minutes, megabytes))
  }
}
