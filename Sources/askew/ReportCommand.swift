import ArgumentParser
import Core
import Foundation
import Lab
import Plans
import Reporting
import Tuning

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make reports of plans again from what the store holds.")

  @Argument(
    help: "Plans whose reports to make; none: the demo's.",
    completion: .file(extensions: ["yaml"]))
  var plans: [String] = []
  @Flag(help: "Make reports/index.html of every plan that has findings.")
  var all = false
  @OptionGroup var project: AliasedProjectOptions
  @OptionGroup var selection: PlanSelection
  @OptionGroup var machine: LabOptions
  @Flag(help: "Print what was found as JSON.")
  var json = false

  func run() throws {
    try Failure.reporting {
      for name in plans.isEmpty && !all ? ["demo"] : plans {
        let plan = try selection.read(name)
        let store = try project.folder.existingStore()
        let experiment = try Failure.inFile(name) {
          try Experiment(
            plan: machine.quick ? plan.quick(selection) : plan,
            options: machine.experiment(nil, FolderMemory(telling: store)),
            folder: project.folder, store: store, only: selection.conditions)
        }
        try experiment.enterCells()
        try PlanOutput(experiment).write(json: json)
      }
      if all { try writeIndex() }
    }
  }

  private func writeIndex() throws {
    let folder = project.folder
    let found = try folder.storedFindings()
    guard !found.isEmpty else {
      throw InputError(
        "holds no findings; `askew run first-plot` makes some", file: folder.reportsPath)
    }
    for findings in found {
      try folder.write(
        PlanReportPage(findings).html, to: folder.planReportPath(findings.plan.name))
    }
    let index = PlanIndexPage(found.map { ($0, "\($0.plan.name).html") })
    try folder.write(index.html, to: folder.indexPath)
    StandardStream.output.write("Index: \(folder.indexPath)\n")
  }
}
