import Chats
import Core
import Documents
import Engine
import Formats
import Foundation

extension ModelDescription {
  mutating func describeModel(_ folder: ModelFolder) throws(InputError) {
    let summary = try folder.check(tokenizer: false, adapter: folder.path)
    if fileExists(folder.adapterConfigurationPath) {
      add(
        "adapterBeside", "adapter", true,
        text: "beside the weights, as transformers would apply it; applied with --adapter alone")
    }
    let c = summary.configuration
    add("family", "family", .string(c.modelType), text: c.modelType)
    add(
      "parameters", "parameters", .integer(summary.parameterCount),
      text: Self.count(summary.parameterCount))
    addShape(c)
    let types = summary.dataTypes.map(\.rawValue)
    add(
      "dataTypes", "stored as", .array(types.map(JSON.string)), text: types.joined(separator: ", "))
    let files = summary.weightFiles.count
    add(
      "bytesOnDisk", "on disk", .integer(summary.weightByteCount),
      text: ByteCount.text(summary.weightByteCount) + " in \(files) file\(files == 1 ? "" : "s")")
    let (half, full) = (2 * summary.parameterCount, 4 * summary.parameterCount)
    add(
      "bytesInMemory", "in memory", ["bf16": .integer(half), "f32": .integer(full)],
      text: "\(ByteCount.text(half)) in bf16, \(ByteCount.text(full)) in f32")
    addAttention(c)
    try addText(folder, c)
  }

  private mutating func addShape(_ c: ModelConfiguration) {
    add("layers", "layers", c.layerCount)
    add("hiddenSize", "hidden size", c.hiddenSize)
    add("intermediateSize", "feed-forward size", c.intermediateSize)
    add(
      "heads", "heads",
      [
        "query": .integer(c.headCount), "keyValue": .integer(c.keyValueHeadCount),
        "size": .integer(c.headSize),
      ], text: "\(c.headCount) of size \(c.headSize), \(c.keyValueHeadCount) for keys and values")
    add(
      "tiedEmbeddings", "output", .boolean(c.tiedEmbeddings),
      text: c.tiedEmbeddings ? "tied to the embedding" : "a matrix of its own")
  }

  private mutating func addAttention(_ c: ModelConfiguration) {
    add(
      "contextLength", "context length", .integer(c.maximumPositionCount),
      text: "\(c.maximumPositionCount) tokens")
    var rope: JSONObject = ["base": .number(c.ropeBase)]
    var text = "base \(Self.number(c.ropeBase))"
    if let scaling = c.ropeScaling {
      rope.members += [
        .init("type", "llama3"), .init("factor", .number(scaling.factor)),
        .init("lowFrequencyFactor", .number(scaling.lowFrequencyFactor)),
        .init("highFrequencyFactor", .number(scaling.highFrequencyFactor)),
        .init("originalContextLength", .integer(scaling.originalPositionCount)),
      ]
      text +=
        ", llama3: factor \(Self.number(scaling.factor)) from \(scaling.originalPositionCount) tokens"
    }
    add("rope", "RoPE", .object(rope), text: text)
    if let window = c.slidingWindow {
      add(
        "slidingWindow", "sliding window",
        ["size": .integer(window.size), "layers": .array(window.layers.map(JSON.integer))],
        text: "\(window.size) tokens in layers \(Self.list(window.layers))")
    } else {
      add("slidingWindow", "sliding window", .null, text: "none")
    }
  }

  /// What makes text of token ids: tokenizer, template, end tokens, sampling settings.
  private mutating func addText(
    _ folder: ModelFolder, _ c: ModelConfiguration
  ) throws(InputError) {
    add("vocabulary", "vocabulary", c.vocabularySize)
    let tokenizer = addTokenizer(folder, c)
    let settings = try Self.members(folder.tokenizerConfigurationPath)
    let generation = try Self.members(folder.generationConfigurationPath)
    addTemplate(folder, settings)
    // What the template puts behind an answer ends it, too.
    let stops = tokenizer == nil ? [] : (try? RowTokenizer(folder: folder))?.stopTokens ?? []
    addEnds(c, settings, generation, stops, tokenizer)
    let shown = generation.filter { !Self.isUninteresting($0.name) }
    add(
      "generationConfig", "generation_config", .object(JSONObject(shown)),
      text: shown.isEmpty
        ? "nothing"
        : shown.map { "\($0.name) \($0.value.summary)" }.joined(separator: ", ")
          + " (never applied silently)")
  }

  private mutating func addTokenizer(_ folder: ModelFolder, _ c: ModelConfiguration) -> Tokenizer? {
    guard fileExists(folder.tokenizerPath) else {
      add("tokenizer", "tokenizer", .null, text: "none")
      return nil
    }
    do throws(InputError) {
      let tokenizer = try folder.tokenizer()
      let size = tokenizer.vocabularySize
      let surplus = c.vocabularySize - size
      add(
        "tokenizer", "tokenizer",
        ["vocabulary": .integer(size), "added": .integer(tokenizer.addedTokens.count)],
        text: "\(size) tokens, \(tokenizer.addedTokens.count) of them added; "
          + (surplus >= 0
            ? "the model has \(surplus) more" : "DOES NOT FIT: the model has \(-surplus) fewer"))
      return tokenizer
    } catch {
      add("tokenizer", "tokenizer", ["problem": .string("\(error)")], text: "not usable: \(error)")
      return nil
    }
  }

  private mutating func addTemplate(_ folder: ModelFolder, _ settings: [JSONObject.Member]) {
    guard let name = Self.template(folder, settings) else {
      return add("chatTemplate", "chat template", .null, text: "none")
    }
    do throws(InputError) {
      let template = try ChatTemplate(folder: folder)
      add("chatTemplate", "chat template", .string(name), text: name)
      let prompt = template.defaultSystemPrompt
      add(
        "defaultSystemPrompt", "default system prompt", prompt.map(JSON.string) ?? .null,
        text: prompt.map { "\"\($0)\" (the template's own; --no-default-system leaves it out)" }
          ?? "none")
    } catch {
      add("chatTemplate", "chat template", .string(name), text: "not usable: \(error)")
      add("chatTemplateProblem", "", .string("\(error)"), text: nil)
    }
  }

  /// Every token that a folder names as an end, and where.
  private mutating func addEnds(
    _ c: ModelConfiguration, _ settings: [JSONObject.Member], _ generation: [JSONObject.Member],
    _ stops: [Int], _ tokenizer: Tokenizer?
  ) {
    var ends: [(id: Int, places: [String])] = []
    func end(_ id: Int, _ place: String) {
      if let index = ends.firstIndex(where: { $0.id == id }) {
        ends[index].places.append(place)
      } else {
        ends.append((id, [place]))
      }
    }
    for id in c.endTokenIDs { end(id, "config") }
    for id in Self.integers(generation.last { $0.name == "eos_token_id" }?.value) {
      end(id, "generation_config")
    }
    if let token = Self.token(settings.last { $0.name == "eos_token" }?.value),
      let id = tokenizer?.id(of: token)
    {
      end(id, "tokenizer_config")
    }
    for id in stops where !ends.contains(where: { $0.id == id }) { end(id, "chat template") }
    add(
      "endTokens", "end tokens",
      .array(
        ends.map { id, places in
          [
            "id": .integer(id), "text": tokenizer.map { .string($0.decode([id])) } ?? .null,
            "from": .array(places.map(JSON.string)),
          ]
        }),
      text: ends.isEmpty
        ? "none"
        : ends.map { id, places in
          let text = tokenizer.map { " \($0.decode([id]))" } ?? ""
          return "\(id)\(text) (\(places.joined(separator: ", ")))"
        }.joined(separator: "; "))
  }

  private static func template(
    _ folder: ModelFolder, _ settings: [JSONObject.Member]
  ) -> String? {
    if fileExists("\(folder.path)/chat_template.jinja") { return "chat_template.jinja" }
    let member = settings.last { $0.name == "chat_template" }?.value
    if let member, member != .null { return "tokenizer_config.json" }
    return fileExists("\(folder.path)/chat_template.json") ? "chat_template.json" : nil
  }

  /// The members of a JSON file's object; none if there is no file.
  private static func members(_ path: String) throws(InputError) -> [JSONObject.Member] {
    guard fileExists(path) else { return [] }
    guard case .object(let object) = try JSON(path: path) else {
      throw InputError("expected an object", file: path)
    }
    return object.members
  }

  private static func isUninteresting(_ name: String) -> Bool {
    name.hasPrefix("_") || name == "transformers_version" || name.hasSuffix("_token_id")
  }

  private static func integers(_ json: JSON?) -> [Int] {
    switch json {
    case .integer(let id): return [id]
    case .array(let elements):
      return elements.compactMap { if case .integer(let id) = $0 { id } else { nil } }
    default: return []
    }
  }

  /// A token as `tokenizer_config.json` writes it: its text, or an object with it.
  private static func token(_ json: JSON?) -> String? {
    switch json {
    case .string(let text): return text
    case .object(let object):
      if case .string(let text)? = object["content"] { return text }
      return nil
    default: return nil
    }
  }
}
