import ArgumentParser
import Foundation
import Lab

/// Which project a command works on.
struct ProjectOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder of the project, with the store (default: askew-lab).", valueName: "dir"),
    completion: .directory)
  var project: String?

  var folder: ProjectFolder { ProjectFolder(URL(fileURLWithPath: project ?? "askew-lab")) }

  func validate() throws {
    if project == "" { throw ValidationError("--project: found nothing, expected a folder") }
  }
}

/// The same, of commands whose project was once named by `--output`, which they go on to take.
struct AliasedProjectOptions: ParsableArguments {
  @OptionGroup var current: ProjectOptions
  @Option(help: ArgumentHelp("Former name of --project.", visibility: .hidden))
  var output: String?

  var folder: ProjectFolder {
    output.map { ProjectFolder(URL(fileURLWithPath: $0)) } ?? current.folder
  }

  func validate() throws {
    if output == "" { throw ValidationError("--output: found nothing, expected a folder") }
    if output != nil, current.project != nil {
      throw ValidationError("--output: found it beside --project, expected one of them")
    }
  }
}
