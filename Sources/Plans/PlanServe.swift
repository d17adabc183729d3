import Core
import Documents

/// Which program answers for a plan's models in folders.
package struct PlanServe: Sendable, Hashable, Codable {
  /// `vllm`, `llama-server`, `mlx-lm` or `command`.
  package var with: String
  /// Where it runs: a virtual environment, or a shell's line with `{command}` in it; `nil`: what is on the path.
  package var environment: String?
  /// Behind the program's own.
  package var arguments: String?
  /// Of `command`: a shell's line with `{model}` and `{port}` in it.
  package var command: String?

  init(_ value: PlanValue) throws(InputError) {
    let fields = try PlanFields(value, keys: PlanKeys.serve)
    with = try fields.required("with").choice(of: ["vllm", "llama-server", "mlx-lm", "command"])
    environment = try fields["environment"]?.text()
    arguments = try fields["arguments"]?.text()
    command = try fields["command"]?.text()
    guard with == "command" else {
      if command != nil {
        throw fields.failure(
          "command", "found it beside \"with: \(with)\", expected it beside \"with: command\"")
      }
      return
    }
    guard let command, command.contains("{model}"), command.contains("{port}") else {
      throw fields.failure(
        command == nil ? "with" : "command",
        "expected a command with {model} and {port} in it, and {adapter} and {name} where it takes them"
      )
    }
  }
}
