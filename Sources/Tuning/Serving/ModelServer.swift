import Core
import Foundation

/// A program that serves a model folder while it is asked.
package struct ModelServer: Sendable, Hashable {
  package enum Program: String, Sendable, CaseIterable {
    case vllm
    /// Of llama.cpp; reads a GGUF file, which is made.
    case llama = "llama-server"
    case mlx = "mlx-lm"
    /// Whatever a line for a shell starts.
    case command
  }

  let program: Program
  let environment: ToolEnvironment
  /// Behind the program's own.
  let arguments: String
  /// The line of `command`, with `{model}`, `{adapter}`, `{name}` and `{port}` in it.
  let command: String?

  package init(
    _ program: Program, in environment: ToolEnvironment = ToolEnvironment(nil),
    arguments: String? = nil, command: String? = nil
  ) {
    (self.program, self.environment) = (program, environment)
    (self.arguments, self.command) = (arguments.map { " \($0)" } ?? "", command)
  }

  /// All of it that may decide answers, for their address: where it is installed does not.
  var text: String { command ?? program.rawValue + arguments }

  /// Whether adapters lie beside the model as they are; else they are merged into it.
  var takesAdapters: Bool {
    switch program {
    case .vllm: true
    case .command: command?.contains("{adapter}") == true
    case .llama, .mlx: false
    }
  }

  /// As the server knows the model.
  func name(of served: ServedFiles) -> String {
    // mlx-lm knows models by the place that they were read from, and takes any other name for one to be fetched.
    program == .mlx ? served.model : served.adapter == nil ? "base" : "own"
  }

  /// - Throws: `InputError` for an environment that is not there.
  func line(for served: ServedFiles, port: Int) throws(InputError) -> String {
    let model = Self.quoted(served.model)
    let plain =
      switch program {
      case .vllm:
        "vllm serve \(model) --host 127.0.0.1 --port \(port) --served-model-name base"
          + (served.adapter.map {
            " --enable-lora --max-lora-rank \(Self.rank(served.rank)) --lora-modules own=\(Self.quoted($0))"
          } ?? "")
      case .llama:
        "llama-server -m \(model) --host 127.0.0.1 --port \(port) --alias \(name(of: served))"
      case .mlx: "python -m mlx_lm server --model \(model) --host 127.0.0.1 --port \(port)"
      case .command:
        (command ?? "").replacing("{model}", with: model)
          .replacing("{adapter}", with: served.adapter.map(Self.quoted) ?? "''")
          .replacing("{name}", with: name(of: served)).replacing("{port}", with: String(port))
      }
    return try environment.line(plain + arguments)
  }

  private static func quoted(_ path: String) -> String {
    "'" + path.replacing("'", with: "'\\''") + "'"
  }

  /// vLLM takes these alone.
  private static func rank(_ rank: Int) -> Int {
    [8, 16, 32, 64, 128, 256, 320, 512].first { $0 >= rank } ?? rank
  }
}

/// What a server reads.
struct ServedFiles {
  var model: String
  /// `nil`: none, or merged.
  var adapter: String?
  var rank = 0
}
