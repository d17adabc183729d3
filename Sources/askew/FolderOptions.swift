import ArgumentParser
import Engine
import Formats
import Foundation
import Tuning

/// The model folder that a command reads, and how.
struct FolderOptions: ParsableArguments {
  @Option(help: FolderOptions.modelHelp, completion: .file())
  var model: String
  @Option(
    help: ArgumentHelp("Adapter on it, PEFT's or mlx-lm's.", valueName: "dir"),
    completion: .directory)
  var adapter: String?
  @Option(help: PrecisionChoice.folderHelp)
  var precision = PrecisionChoice.auto
  @Option(help: "Threads; the results do not depend on it (default: all processors).")
  var threads: Int?
  @Flag(help: "Leave out the system text that the chat template adds by itself.")
  var noDefaultSystem = false

  static let modelHelp = ArgumentHelp(
    "Folder of the model, a GGUF file, or pypi:NAME.", valueName: "model")

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 1024")
    }
  }

  /// The model, of which no weight is read yet.
  func opened(_ memory: FolderMemory = FolderMemory(telling: nil)) throws -> LoadedFolder {
    let path = try memory.folder(at: model).path
    return try LoadedFolder(
      path, adapter: adapter, precision: try precision.forFolder(path),
      omitsSystemPrompt: noDefaultSystem, memory: memory)
  }

  var pool: WorkerPool {
    WorkerPool(threadCount: threads ?? ProcessInfo.processInfo.activeProcessorCount)
  }
}
