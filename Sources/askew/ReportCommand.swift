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
    abstract: "Make reports again from what the store holds: of the demo, or of plans.")

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
      if plans.isEmpty, !all {
        let record = try DemoRecord(last: project.folder)
        return try DemoOutput(record: record, folder: project.folder).write()
      }
      for path in plans {
        let plan = try selection.read(path)
        let store = try project.folder.existingStore()
        if case .world = plan.origin {
          let experiment = try Failure.inFile(path) {
            try Experiment(
              plan: plan, dish: machine.dish, folder: project.folder, store: store,
              only: selection.conditions)
          }
          try PlanOutput(findings: try experiment.findings(), folder: project.folder)
            .write(json: json)
        } else {
          let experiment = try FolderExperiment(
            plan: plan, options: machine.folderOptions(nil, FolderMemory(telling: store)),
            folder: project.folder, store: store, only: selection.conditions)
          try PlanOutput(findings: try experiment.findings(), folder: project.folder)
            .write(json: json)
        }
      }
      if all { try writeIndex() }
    }
  }

  private func writeIndex() throws {
    let folder = project.folder
    let found = try folder.storedFindings()
    guard !found.isEmpty else {
      throw InputError(
        "holds no findings; `askew run plans/first-plot.yaml` makes some", file: folder.reportsPath)
    }
    var plans: [(findings: PlanFindings, file: String)] = []
    var folders: [(findings: FolderFindings, file: String)] = []
    for findings in found {
      switch findings {
      case .dish(let findings):
        plans.append((findings, "\(findings.plan.name).html"))
        try folder.write(
          PlanReportPage(findings).html, to: folder.planReportPath(findings.plan.name))
      case .folder(let findings):
        folders.append((findings, "\(findings.plan.name).html"))
        try folder.write(
          FolderReportPage(findings).html, to: folder.planReportPath(findings.plan.name))
      }
    }
    let index = PlanIndexPage(plans, folders: folders)
    try folder.write(index.html, to: folder.indexPath)
    StandardStream.output.write("Index: \(folder.indexPath)\n")
  }
}
