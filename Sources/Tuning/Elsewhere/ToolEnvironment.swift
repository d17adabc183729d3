import Core
import Foundation

/// Where another program's command runs: as it is, in a virtual environment of Python, or in whatever a command line
/// makes of it.
package struct ToolEnvironment: Sendable, Hashable {
  /// `nil`: what is on the path. A folder with `bin` in it: a virtual environment. With `{command}` in it: a line
  /// for a shell, such as `apptainer exec --nv trl.sif {command}` or `module load trl && {command}`.
  package let text: String?

  package init(_ text: String?) { self.text = text }

  /// A line for a shell.
  ///
  /// - Throws: `InputError` for an environment that is not there.
  package func line(_ command: String) throws(InputError) -> String {
    guard let text else { return command }
    if text.contains("{command}") { return text.replacing("{command}", with: command) }
    let folder = URL(fileURLWithPath: text).path
    guard FileManager.default.fileExists(atPath: "\(folder)/bin") else {
      throw InputError(
        "found neither {command} in it nor a folder with bin of this name, expected a virtual environment or a "
          + "line for a shell", field: "environment")
    }
    let quoted = "'" + folder.replacing("'", with: "'\\''") + "'"
    return "VIRTUAL_ENV=\(quoted) PATH=\(quoted)/bin:\"$PATH\" \(command)"
  }
}
