import Core
import Documents
import Formats
import Foundation
import Templates

extension ChatTemplate {
  /// Reads the template of a folder: `chat_template.jinja`, or else that of
  /// `tokenizer_config.json` (of several the one named `default`), or else that of
  /// `chat_template.json`.
  ///
  /// - Parameter time: what templates that write the date take for now.
  /// - Throws: `InputError` naming the file if a file cannot be used, and the folder if it has no
  ///   template.
  package init(folder: ModelFolder, time: TemplateTime = .now) throws(InputError) {
    let files = ChatFiles(folder)
    let tokens = try files.specialTokens()
    guard let found = try files.templateSource() else {
      throw InputError(
        "found no chat template, expected chat_template.jinja or a chat_template in"
          + " tokenizer_config.json", file: folder.path)
    }
    try self.init(
      found.text, file: found.file, isEmbedded: found.isEmbedded, specialTokens: tokens, time: time)
  }
}

/// What a folder says of conversations, as far as it is used: with `tokenizer.json` and `config.json` it
/// decides what a model reads and where an answer ends.
package struct ChatSettings: Sendable, Hashable {
  /// The text of the chat template in effect; `nil` if there is none that can be read.
  package let template: String?
  /// The texts of `bos_token`, `eos_token` and the like.
  package let specialTokens: [String: String]
  /// The tokens of `generation_config.json` that end an answer.
  package let endTokenIDs: [Int]

  /// Where a folder may say it.
  package static let fileNames = [
    "chat_template.jinja", "chat_template.json", "generation_config.json",
    "special_tokens_map.json", "tokenizer_config.json",
  ]

  /// - Throws: `InputError` naming file and field.
  package init(folder: ModelFolder) throws(InputError) {
    let files = ChatFiles(folder)
    template = (try? files.templateSource())?.text
    specialTokens = try files.specialTokens()
    endTokenIDs = try files.endTokenIDs("generation_config.json")
  }
}

/// The files of a folder that say how to chat.
struct ChatFiles {
  private let folder: ModelFolder

  init(_ folder: ModelFolder) { self.folder = folder }

  func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  /// The path of a file, if it is there.
  func existing(_ name: String) -> String? {
    let path = path(name)
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// The object in a file, or `nil` if there is no such file.
  func object(_ name: String) throws(InputError) -> JSONObject? {
    guard let path = existing(name) else { return nil }
    guard case .object(let object) = try JSON(path: path) else {
      throw InputError("expected an object", file: path)
    }
    return object
  }

  /// The text of the template in effect and where it stands; `nil` if there is none.
  func templateSource() throws(InputError) -> (text: String, file: String, isEmbedded: Bool)? {
    if let path = existing("chat_template.jinja") { return (try Self.text(of: path), path, false) }
    for name in ["tokenizer_config.json", "chat_template.json"] {
      guard let object = try object(name), let value = object["chat_template"], value != .null
      else { continue }
      return (try Self.source(value, file: path(name)), path(name), true)
    }
    return nil
  }

  private static func text(of path: String) throws(InputError) -> String {
    let bytes = try FileBytes(mapping: path)
    defer { withExtendedLifetime(bytes) {} }
    guard bytes.buffer.count <= Template.byteLimit else {
      throw InputError(
        "found \(bytes.buffer.count) bytes, expected at most \(Template.byteLimit)", file: path)
    }
    guard let text = String(validating: bytes.buffer, as: UTF8.self) else {
      throw InputError("found bytes that are not UTF-8, expected a template", file: path)
    }
    return text
  }

  /// The template of a JSON file: a string, or a list of templates with names.
  private static func source(_ value: JSON, file: String) throws(InputError) -> String {
    if case .string(let source) = value { return source }
    guard case .array(let elements) = value else {
      throw InputError(
        "found \(value.summary), expected a string or a list", file: file, field: "chat_template")
    }
    var names: [String] = []
    for element in elements {
      guard case .object(let object) = element, case .string(let name)? = object["name"],
        case .string(let source)? = object["template"]
      else {
        throw InputError(
          "found \(element.summary), expected {\"name\", \"template\"}", file: file,
          field: "chat_template")
      }
      if name == "default" { return source }
      names.append(name.quotedOnOneLine)
    }
    throw InputError(
      "found templates named \(names.prefix(8).joined(separator: ", ")), expected one named"
        + " \"default\"", file: file, field: "chat_template")
  }

  // MARK: - Special tokens

  private static let tokenNames = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]

  /// The texts of the special tokens that the folder names: strings, or objects with a `content`.
  func specialTokens() throws(InputError) -> [String: String] {
    var tokens: [String: String] = [:]
    for file in ["special_tokens_map.json", "tokenizer_config.json"] {
      guard let object = try object(file) else { continue }
      for name in Self.tokenNames {
        switch object[name] {
        case nil: break
        // What the configuration says not to have, the older map does not bring back.
        case .null?: tokens[name] = nil
        case .string(let text)?: tokens[name] = text
        case .object(let token)?:
          guard case .string(let text)? = token["content"] else {
            throw InputError("expected a content", file: path(file), field: name)
          }
          tokens[name] = text
        case let other?:
          throw InputError(
            "found \(other.summary), expected a string or an object", file: path(file),
            field: name)
        }
      }
    }
    return tokens
  }

  /// The ids of `eos_token_id`, one or a list, in a JSON file.
  func endTokenIDs(_ name: String) throws(InputError) -> [Int] {
    guard let value = try object(name)?["eos_token_id"] else { return [] }
    let elements: [JSON]
    switch value {
    case .null: return []
    case .array(let list): elements = list
    default: elements = [value]
    }
    var ids: [Int] = []
    for element in elements {
      guard case .integer(let id) = element, id >= 0 else {
        throw InputError(
          "found \(element.summary), expected the id of a token", file: path(name),
          field: "eos_token_id")
      }
      ids.append(id)
    }
    return ids
  }
}
