import ArgumentParser
import Core
import Foundation
import Lab
import Plans
import Scheduling
import Store

struct CollectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Take what tasks of askew submit have brought, and report when all of it is there.",
    discussion: """
      Each bundle is taken once, after its bytes were compared with its label. When nothing of the plan is left, \
      report and findings are written as askew run does, which also takes what was brought. Exit code 2: some \
      stages are not there yet. Without a plan everything that was brought is taken and nothing reported.
      """)

  @Argument(
    help: "The plan, with the options that it was submitted with.",
    completion: .file(extensions: ["yaml"]))
  var plan: String?
  @OptionGroup var task: TaskOptions
  @Flag(help: "Print what was found as JSON.")
  var json = false

  func run() async throws {
    try await Failure.reporting {
      let own = try plan.map { try task.read($0) }
      let project = task.project.folder
      let store = try project.existingStore()
      let display = ProgressDisplay()
      defer { display.end() }
      let output = CollectOutput(try project.collect(into: store), project)
      output.note(on: display)
      guard let plan, let own else { return }
      let experiment = try task.experiment(plan, own, store, StopRequest()) { display.show($0) }
      try await CollectOutput.finish(experiment, display, json: json)
    }
  }
}

/// What was brought, in words.
struct CollectOutput {
  private let collected: Collected
  private let project: ProjectFolder

  init(_ collected: Collected, _ project: ProjectFolder) {
    (self.collected, self.project) = (collected, project)
  }

  func note(on display: ProgressDisplay) {
    if !collected.stages.isEmpty {
      let processors = Dictionary(grouping: collected.stages, by: \.processor)
        .map { "\($0.value.count) on \($0.key)" }.sorted().joined(separator: ", ")
      display.note("\(collected.stages.count) stages taken: \(processors)")
    }
    if collected.differing > 0 {
      display.note(
        "\(collected.differing) answers were here already in other words; those here stay")
    }
  }

  /// Reports a plan of which nothing is left.
  ///
  /// - Throws: `ExitCode` for one of which something is.
  static func finish(
    _ experiment: Experiment, _ display: ProgressDisplay, json: Bool = false
  ) async throws {
    let all = try experiment.work
    let left = try all.filter { try !experiment.isDone($0) }
    guard left.isEmpty else {
      display.note(
        "\(experiment.plan.name): \(left.count) of \(all.count) stages are not there yet")
      throw ExitCode(Failure.partial)
    }
    _ = try await experiment.run()
    display.end()
    try PlanOutput(experiment).write(json: json)
  }
}
