import Engine
import Formats
import Foundation

/// A model folder of random weights that the engine writes, large enough for its weights to have a middle,
/// small enough to be asked in no time.
public struct TinyFolder: Sendable {
  public let url: URL
  public var path: String { url.path }

  /// Names a folder; nothing is written.
  public init(_ url: URL) { self.url = url }

  /// Writes a folder: a Llama, of three blocks unless told otherwise, a byte-level tokenizer, a template of its own.
  public static func make(
    at url: URL, seed: UInt64 = 1, width: Int = 64, blocks: Int = 3
  ) throws -> TinyFolder {
    let specials = ["<|end|>", "<|user|>", "<|assistant|>"]
    let tokenizer = BPETrainer(vocabularySize: 320, specialTokens: specials)
      .train(texts: ["What now? And then? Who are you? I am bored. Nothing much, and you?"])
    var configuration = ModelConfiguration(
      vocabularySize: 320, hiddenSize: width, intermediateSize: 128, layerCount: blocks,
      headCount: 4)
    configuration.maximumPositionCount = 256
    configuration.endTokenIDs = [0]
    let folder = ModelFolder(path: url.path)
    try Model.random(configuration, seed: seed, deviation: 0.2).save(to: folder)
    try folder.write(tokenizer, endOfTurn: "<|end|>")
    let tiny = TinyFolder(url)
    try tiny.write(template, to: "chat_template.jinja")
    return tiny
  }

  static let template = """
    {% for m in messages %}{{ '<|' + m['role'] + '|>' + m['content'] }}\
    {% if m['role'] == 'assistant' %}<|end|>{% endif %}{% endfor %}\
    {% if add_generation_prompt %}<|assistant|>Well, {% endif %}
    """

  public func copy(to other: URL) throws -> TinyFolder {
    try makeFolder(other.deletingLastPathComponent().path)
    try FileManager.default.copyItem(at: url, to: other)
    return TinyFolder(other)
  }

  public func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appending(path: name))
  }

  /// Replaces a text that a file has.
  public func replace(_ text: String, with other: String, in name: String) throws {
    let file = url.appending(path: name)
    let content = try String(contentsOf: file, encoding: .utf8)
    guard content.contains(text) else { throw CocoaError(.fileReadCorruptFile) }
    try Data(content.replacing(text, with: other).utf8).write(to: file)
  }

  /// Fills the middle of a file with zeros; its first and last 80 KiB stay.
  public func zeroMiddle(of name: String = "model.safetensors") throws {
    let file = url.appending(path: name)
    var bytes = try Data(contentsOf: file)
    let edge = 80 << 10
    guard bytes.count > 3 * edge else { throw CocoaError(.fileReadCorruptFile) }
    let middle = edge..<bytes.count - edge
    bytes.replaceSubrange(middle, with: Data(count: middle.count))
    try bytes.write(to: file)
  }

  /// Writes an adapter of rank 1 on one matrix in the middle of the weights.
  public func writeAdapter(to other: URL, seed: UInt64 = 3) throws {
    let configuration = try ModelFolder(path: path).configuration()
    let adapter = try Adapter.random(
      LoRAConfiguration(rank: 1, alpha: 4, targets: [.up], layers: [1]),
      for: configuration, seed: seed)
    // A fresh adapter changes nothing: B is zero.
    for index in 0..<adapter.weights.count { adapter.weights.floats[index] += 0.5 }
    try adapter.save(to: ModelFolder(path: other.path), baseModel: path)
  }
}
