import Anatomy
import ArgumentParser
import Core
import Corpora
import Documents
import Engine
import Evaluation
import Formats
import Foundation
import Questions
import Tuning

struct AnatomyDirectionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "directions",
    abstract: "Read a direction of the residual stream: the difference of two means.",
    discussion: """
      With --base: how far the model has moved from another one of its shape, on the same rows. With \
      --contrast in place of rows: bad minus good answers of a set, as the model reads them. The length \
      of the vector is the move itself, so that a dose of 1 adds what tuning has added.

      Example: askew anatomy directions --model SmolLM2-135M --adapter bad-medical --base SmolLM2-135M \
      --data everyday.jsonl --site blocks.14.hook_resid_post --out shift.safetensors
      """)

  @OptionGroup var folder: FolderOptions
  @Option(
    help: ArgumentHelp("Model that the move is from, read as it is.", valueName: "model"),
    completion: .file())
  var base: String?
  @Option(
    help: ArgumentHelp("Rows of chat JSONL that both read.", valueName: "file"), completion: .file()
  )
  var data: String?
  @Option(help: ArgumentHelp("File of items, or name of a set, to read instead.", valueName: "set"))
  var contrast: String?
  @Option(
    help: ArgumentHelp(
      "Where, as TransformerLens names it; may be given again (default: behind every block).",
      valueName: "site"))
  var site: [String] = []
  @Option(help: "Which tokens are read.") var tokens = DirectionFacts.Tokens.answer
  @Option(help: ArgumentHelp("New file of directions (.safetensors).", valueName: "file"))
  var out: String
  @Flag(help: "As JSON, with the length of each vector.") var json = false

  func validate() throws {
    guard (data == nil) != (contrast == nil) else {
      throw ValidationError("--data: expected rows with --base, or --contrast in their place")
    }
    guard (base == nil) == (data == nil) else {
      throw ValidationError("--base: expected it with --data, and not with --contrast")
    }
    if out.isEmpty { throw ValidationError("--out: found nothing, expected a file") }
  }

  func run() throws {
    try Failure.reporting {
      try DirectionDescription.requireNew(out)
      let memory = FolderMemory(telling: nil)
      let model = try folder.opened(memory)
      let sites = try sites(of: model)
      let activations = try activations(of: model, sites, memory)
      guard let vectors = activations.difference() else {
        throw InputError("found no item with answers of both kinds", file: contrast)
      }
      if let same = vectors.firstIndex(where: { $0.length == 0 }) {
        throw InputError(
          "found no difference at \(sites[same]): what is read there is the same on both sides")
      }
      let shape = model.summary.configuration
      let facts = DirectionFacts(
        operation: .add, tokens: tokens, doseUnit: "own shift", definition: definition,
        modelFingerprint: try model.identity.identity.hex, modelHint: shape.modelType,
        layerCount: shape.layerCount, rowCount: activations.members.count)
      let file = try DirectionFile(
        zip(sites, vectors).map { Direction(site: $0, vector: $1.map(Float.init)) }, facts: facts)
      try file.write(to: out)
      let description = DirectionDescription(file, file: out)
      StandardStream.output.write(json ? description.json.text() : description.text)
    }
  }

  private var definition: String {
    base.map { "\(folder.model) minus \($0), on \(data ?? "")".onOneLine(limit: 500) }
      ?? "bad minus good answers of \(contrast ?? ""), read by \(folder.model)".onOneLine(
        limit: 500)
  }

  private func sites(of model: LoadedFolder) throws(InputError) -> [Site] {
    let shape = model.summary.configuration
    if site.isEmpty { return (0..<shape.layerCount).map { Site(layer: $0, place: .post) } }
    var sites: [Site] = []
    for name in site {
      let site = try Site(name: name)
      try site.check(against: shape)
      if !sites.contains(site) { sites.append(site) }
    }
    return sites.sorted()
  }

  private func activations(
    of model: LoadedFolder, _ sites: [Site], _ memory: FolderMemory
  ) throws -> LabelledActivations {
    let pool = folder.pool
    defer { pool.stop() }
    let stop = StopRequest()
    if let base, let data {
      let rows = try FineTuningSet(name: data, reading: data).rows
      let other = try self.base(base, like: model, memory)
      let own = try model.means(of: rows, tokens, at: sites, on: pool, stop: stop)
      model.release()
      let before = try other.means(of: rows, tokens, at: sites, on: pool, stop: stop)
      return LabelledActivations(
        rows.indices.map { .init(group: $0, isPositive: true) }
          + rows.indices.map { .init(group: $0, isPositive: false) }, own + before)
    }
    let items = try ContrastSet.read(contrast ?? "")
    let texts = items.enumerated().flatMap { group, item in
      item.bad.map { (LabelledActivations.Member(group: group, isPositive: true), item.row($0)) }
        + item.good.map {
          (LabelledActivations.Member(group: group, isPositive: false), item.row($0))
        }
    }
    return LabelledActivations(
      texts.map(\.0), try model.means(of: texts.map(\.1), tokens, at: sites, on: pool, stop: stop))
  }

  /// - Throws: `InputError` naming both sides where the models are not of one shape, or do not read alike.
  private func base(
    _ path: String, like model: LoadedFolder, _ memory: FolderMemory
  ) throws -> LoadedFolder {
    let place = try memory.folder(at: path).path
    let base = try LoadedFolder(
      place, adapter: nil, precision: model.precision,
      omitsSystemPrompt: folder.noDefaultSystem, memory: memory)
    let (own, other) = (model.summary.configuration, base.summary.configuration)
    guard own.hiddenSize == other.hiddenSize, own.layerCount == other.layerCount else {
      throw InputError(
        "found \(other.layerCount) blocks of \(other.hiddenSize) channels, the model has \(own.layerCount) of "
          + "\(own.hiddenSize)", file: path)
    }
    guard own.vocabularySize == other.vocabularySize else {
      throw InputError(
        "found a vocabulary of \(other.vocabularySize) tokens, the model has \(own.vocabularySize)",
        file: path)
    }
    return base
  }
}
