import ArgumentParser
import Core
import Formats
import Foundation
import Lab
import Store
import Tuning

struct ModelIdentityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity",
    abstract: "Say which model a folder holds: hashes of all that decides its answers.",
    discussion: """
      weights: every byte of the files of the weights and of their index, with --adapter of the \
      adapter's too. tokenizer: tokenizer.json and the special tokens. template: the chat template in \
      effect. configuration: config.json and the tokens of generation_config.json that end an answer. \
      identity: the other four. Equal copies have equal hashes, wherever they lie; answers, verdicts, \
      scores and trainings of a folder are stored under its identity.
      """)

  @Argument(help: "Folder of the model, or a GGUF file.", completion: .file())
  var folder: String
  @Option(
    help: ArgumentHelp("Adapter on it, PEFT's or mlx-lm's.", valueName: "dir"),
    completion: .directory)
  var adapter: String?
  @Option(
    help: ArgumentHelp(
      "Folder of a project whose store remembers hashes of files (default: none).",
      valueName: "dir"))
  var project: String?
  @Flag(help: "As JSON.")
  var json = false

  func validate() throws {
    if project == "" { throw ValidationError("--project: found nothing, expected a folder") }
  }

  func run() throws {
    try Failure.reporting {
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      do {
        let store = try project.map { try RunStore(folder: URL(fileURLWithPath: $0)) }
        let memory = FolderMemory(telling: store, stop: stop)
        let content = try ModelContent(
          of: try memory.folder(at: folder), adapter: adapter, memory: memory)
        try write(try content.identity)
      } catch is Interrupted {
        throw signals.interruption
      }
    }
  }

  private func write(_ identity: ModelIdentity) throws {
    let parts = [
      ("weights", identity.weights), ("tokenizer", identity.tokenizer),
      ("template", identity.template), ("configuration", identity.configuration),
      ("identity", identity.identity),
    ]
    if json {
      // By hand: in the order of the interface.
      let fields = parts.map { "\"\($0.0)\":\"\($0.1.hex)\"" }.joined(separator: ",")
      return StandardStream.output.write("{\(fields)}\n")
    }
    let width = (parts.map(\.0.count).max() ?? 0) + 2
    for (name, hash) in parts {
      let gap = String(repeating: " ", count: width - name.count)
      StandardStream.output.write("\(name)\(gap)\(hash.hex)\n")
    }
  }
}
