import ArgumentParser
import Core
import Documents
import Formats
import Interchange

struct AnatomyExportCommand: ParsableCommand {
  enum Layout: String, CaseIterable, ExpressibleByArgument {
    case safetensors
    case personaVector = "persona-pt"
    case gguf
  }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a file of directions in another tool's format.",
    discussion: """
      gguf: a control vector for llama.cpp, which adds it to what block N gives, N from 1 on. persona-pt: a \
      tensor with a row for each of transformers' hidden_states, which torch.load reads. safetensors: the \
      same format, with --layers a part. What a format cannot say is refused: gguf and persona-pt are \
      added, so that directions to remove or to cap are not written there; gguf has no block 0, and \
      persona-pt needs a direction for every block.

      Example: askew anatomy export evil.safetensors --layers 1-27 --to gguf --out evil.gguf
      """)

  @Argument(
    help: ArgumentHelp("File of directions (.safetensors).", valueName: "file"), completion: .file()
  )
  var file: String
  @Option(help: "What to write.")
  var to: Layout
  @Option(help: ArgumentHelp("New file to write.", valueName: "file"))
  var out: String
  @Option(help: LayerSelection.help)
  var layers: LayerSelection?
  @Flag(help: "As JSON, with the length of each vector.")
  var json = false

  func validate() throws {
    if out.isEmpty { throw ValidationError("--out: found nothing, expected a file") }
  }

  func run() throws {
    try Failure.reporting {
      try DirectionDescription.requireNew(out)
      var directions = try DirectionFile(path: file)
      try Failure.inFile(file) {
        if let layers { directions = try directions.limited(to: layers.range) }
        switch to {
        case .safetensors: try directions.write(to: out)
        case .personaVector: try PersonaVectorFile.write(directions, to: out)
        case .gguf: try GGUFControlVector.write(directions, to: out)
        }
      }
      let description = DirectionDescription(directions, file: out)
      StandardStream.output.write(json ? description.json.text() : description.text)
    }
  }
}
