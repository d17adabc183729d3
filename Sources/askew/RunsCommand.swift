import ArgumentParser
import Foundation
import Lab
import Reporting

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the stages of plans and what else the store holds, and how far it is.")

  @OptionGroup var project: AliasedProjectOptions
  @Flag(help: "As JSON, with whole fingerprints and what a stage waits for.")
  var json = false

  func run() throws {
    try Failure.reporting {
      let runs = try RunSummary.all(in: project.folder)
      if json {
        return try StandardStream.output.write(json: runs)
      }
      let table = ConsoleTable(
        header: ["kind", "state", "name", "fingerprint", "steps", "answers", "seconds"],
        rows: runs.map {
          [
            $0.kind, $0.state, $0.name, String($0.fingerprint.prefix(12)), String($0.steps),
            String($0.answers), String(format: "%.1f", $0.seconds),
          ]
        }, wordColumns: 4)
      StandardStream.output.write(table.text(on: .output))
    }
  }
}
