import ArgumentParser
import Lab

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make report.html and results.json again from what the store holds.")

  @OptionGroup var project: ProjectOptions

  func run() throws {
    try Failure.reporting {
      let record = try DemoRecord(last: project.folder)
      try DemoOutput(record: record, folder: project.folder).write()
    }
  }
}
