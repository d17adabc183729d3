import ArgumentParser
import Engine
import Foundation
import Tuning

/// The model folder that a command reads, and how.
struct FolderOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the model.", valueName: "dir"), completion: .directory)
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

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 1024")
    }
  }

  func chosenPrecision() throws -> Precision { try precision.forFolder(model) }

  var pool: WorkerPool {
    WorkerPool(threadCount: threads ?? ProcessInfo.processInfo.activeProcessorCount)
  }
}
