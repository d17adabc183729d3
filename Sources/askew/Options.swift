import ArgumentParser
import Engine
import Foundation
import Lab

/// Which project a command works on.
struct ProjectOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the project.", valueName: "dir"))
  var output = "askew-lab"

  var folder: ProjectFolder { ProjectFolder(URL(fileURLWithPath: output)) }

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output: found nothing, expected a folder") }
  }
}
