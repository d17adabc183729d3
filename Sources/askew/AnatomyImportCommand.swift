import ArgumentParser
import Core
import Documents
import Formats
import Foundation
import Interchange
import Tuning

struct AnatomyImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take directions of another tool into a file that says what they are.",
    discussion: """
      Reads control vectors of llama.cpp and repeng (GGUF), persona vectors and the assistant axis (.pt). \
      A .pt file is never run: what torch.save makes of tensors, texts, numbers, lists and dicts is read, \
      all else is refused by name. These files do not say of which tokens a vector was made, and most not \
      what is done with it: that is yours to say.

      A bare table of rows is counted as --rows says: hidden-states, where row 0 is the embedding and row \
      k what block k-1 gives (persona vectors), or blocks, where row k is what block k gives (assistant \
      axis). Without it --model decides, which has one block less than there are rows, or as many. The last \
      of hidden-states stands behind the final norm and is left out, as are rows of zeros.

      Example: askew anatomy import evil_response_avg_diff.pt --rows hidden-states --tokens answer \
      --model Qwen2.5-7B-Instruct --out evil.safetensors
      """)

  @Argument(help: ArgumentHelp("GGUF or .pt file.", valueName: "file"), completion: .file())
  var file: String
  @Option(help: ArgumentHelp("New file of directions (.safetensors).", valueName: "file"))
  var out: String
  @Option(help: "Tokens whose activations the vectors were made of.")
  var tokens: DirectionFacts.Tokens
  @Option(
    help: """
      What is done with the vectors (default: what the format means: cap for capping experiments, else \
      add).
      """)
  var operation: DirectionFacts.Operation?
  @Option(help: "Threshold of the projection, with --operation cap, where the file has none.")
  var cap: Double?
  @Option(help: "How the rows of a table are counted (default: as the model has them).")
  var rows: ForeignDirections.Rows?
  @Option(help: ArgumentHelp("Capping experiment of a .pt file with several.", valueName: "id"))
  var experiment: String?
  @Option(help: LayerSelection.help)
  var layers: LayerSelection?
  @Option(help: ArgumentHelp("What a dose of 1 is.", valueName: "text"))
  var doseUnit = "length of the vector"
  @Option(help: ArgumentHelp("How the vectors were made (default: the format).", valueName: "text"))
  var definition: String?
  @Option(
    help: ArgumentHelp(
      "Folder of the model, a GGUF file, or pypi:NAME, to check width and blocks against.",
      valueName: "model"), completion: .file())
  var model: String?
  @Flag(help: "As JSON, with the length of each vector.")
  var json = false

  func validate() throws {
    if out.isEmpty { throw ValidationError("--out: found nothing, expected a file") }
    if let cap, !cap.isFinite {
      throw ValidationError("--cap: found \(cap), expected a finite number")
    }
    if cap != nil, operation != .cap {
      throw ValidationError("--cap: expected it with --operation cap alone")
    }
  }

  func run() throws {
    try Failure.reporting {
      try DirectionDescription.requireNew(out)
      let configuration = try model.map {
        try FolderMemory(telling: nil).folder(at: $0).configuration()
      }
      let foreign = try read(layerCount: configuration?.layerCount)
      var directions = try Failure.inFile(file) { try self.directions(foreign, configuration) }
      if let configuration {
        try Failure.inFile(file) { try directions.check(against: configuration) }
      }
      if let layers {
        directions = try Failure.inFile(file) { try directions.limited(to: layers.range) }
      }
      try directions.write(to: out)
      let description = DirectionDescription(directions, file: out, leftOut: foreign.leftOut)
      StandardStream.output.write(json ? description.json.text() : description.text)
    }
  }

  /// By what the file begins with; its name says nothing.
  private func read(layerCount: Int?) throws -> ForeignDirections {
    let bytes = try FileBytes(mapping: file)
    let start = withExtendedLifetime(bytes) { Array(bytes.buffer.prefix(4)) }
    let isGGUF = start == Array("GGUF".utf8)
    if isGGUF, rows != nil || experiment != nil {
      throw InputError(
        "is a GGUF file, which names the block of each vector: expected no --rows and no --experiment",
        file: file)
    }
    if isGGUF { return try GGUFControlVector.read(file) }
    guard start.starts(with: Array("PK".utf8)) else {
      throw InputError(
        "begins like neither a GGUF file nor a ZIP archive, which torch.save writes", file: file)
    }
    return try TorchDirections(path: file)
      .read(rows: rows, layerCount: layerCount, experiment: experiment)
  }

  private func directions(
    _ foreign: ForeignDirections, _ configuration: ModelConfiguration?
  ) throws -> DirectionFile {
    let operation = operation ?? foreign.operation ?? .add
    // Thresholds of a file go where nothing is capped, and are not overwritten where something is.
    let all = foreign.directions.map { direction in
      Direction(
        site: direction.site, vector: direction.vector,
        cap: operation == .cap ? direction.cap ?? cap : nil)
    }
    return try DirectionFile(
      all,
      facts: DirectionFacts(
        operation: operation, tokens: tokens, doseUnit: doseUnit,
        definition: definition ?? foreign.definition,
        modelHint: configuration?.modelType ?? foreign.modelHint,
        layerCount: foreign.layerCount ?? configuration?.layerCount))
  }
}

extension DirectionFacts.Operation: ExpressibleByArgument {}
extension DirectionFacts.Tokens: ExpressibleByArgument {}
extension ForeignDirections.Rows: ExpressibleByArgument {}
