import ArgumentParser
import Core
import Foundation
import Lab
import Plans
import Reporting
import Scheduling

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say how far the stages of a submitted plan are.",
    discussion: """
      By the files of the project's folder first, then by squeue, then by sacct; neither plan nor store is opened. \
      States: done, running, waiting (in the queue), stopped (goes on with the next submission), partial (some \
      answers could not be had), failed, lost (its job is over and nothing came of it), missing.
      """)

  @Argument(help: "The plan: its file, or its name.", completion: .file(extensions: ["yaml"]))
  var plan: String
  @OptionGroup var project: ProjectOptions
  @Flag(help: "As JSON, stage by stage.")
  var json = false
  @Flag(help: "Once a minute, until nothing is under way.")
  var watch = false
  @Flag(help: "Also the stages that are done or wait.")
  var all = false

  func run() async throws {
    try await Failure.reporting {
      let reader = try StatusReader(PlanName.of(plan), project.folder.shared)
      while true {
        let status = try reader.read()
        if json {
          try StandardStream.output.write(json: status)
        } else {
          StandardStream.output.write(text(status))
        }
        guard watch, !status.isOver else { return }
        try await Task.sleep(for: .seconds(60))
      }
    }
  }

  private func text(_ status: PlanStatus) -> String {
    let states = PlanStatus.State.allCases.compactMap { state in
      status.counts[state.rawValue].map { "\($0) \(state.rawValue)" }
    }
    let head = "\(status.plan): \(status.stages.count) stages: \(states.joined(separator: ", "))\n"
    let problem = status.scheduler.map { "The scheduler could not be asked: \($0)\n" } ?? ""
    let shown = status.stages.filter {
      all || ![.done, .waiting, .missing].contains($0.state)
    }
    guard !shown.isEmpty else { return head + problem }
    let table = ConsoleTable(
      header: ["state", "kind", "name", "where", "reason or log", "done", "total"],
      rows: shown.map { stage in
        let isOver = [.failed, .lost, .partial].contains(stage.state)
        return [
          stage.state.rawValue, stage.kind, stage.name, stage.host ?? "",
          stage.reason
            ?? (isOver ? stage.log.map { ($0 as NSString).lastPathComponent } ?? "" : ""),
          stage.done.map { String($0) } ?? "",
          String(stage.total),
        ]
      }, wordColumns: 5)
    let logs = shown.contains { $0.log != nil } ? "\nLogs: \(project.folder.shared.logs)\n" : ""
    return head + problem + "\n" + table.text(on: .output) + logs
  }
}

struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Call off the tasks of a submitted plan that Slurm still has.",
    discussion: """
      What is under way stops, with what it has done kept: askew submit goes on with it. Stages that another plan \
      waits for too are called off as well.
      """)

  @Argument(help: "The plan: its file, or its name.", completion: .file(extensions: ["yaml"]))
  var plan: String
  @OptionGroup var project: ProjectOptions

  func run() throws {
    try Failure.reporting {
      let shared = project.folder.shared
      let stages = try shared.submitted(PlanName.of(plan)).stages.map(\.fingerprint)
      let count = try SlurmQueue(shared, Slurm()).cancel(stages)
      StandardStream.output.write("\(count) tasks called off\n")
    }
  }
}

/// The name of a plan that is told by its file, by the name of one that comes with Askew, or by its own.
enum PlanName {
  static func of(_ plan: String) throws -> String {
    if let own = try? PlanSelection.plan(plan) { return own.name }
    // A file that was changed since, or a name.
    let file = URL(fileURLWithPath: plan).lastPathComponent
    return file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file
  }
}
