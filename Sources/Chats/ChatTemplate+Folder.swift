import Core
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
  public init(folder: ModelFolder, time: TemplateTime = .now) throws(InputError) {
    let files = ChatFiles(folder)
    let tokens = try files.specialTokens()
    if let path = files.existing("chat_template.jinja") {
      try self.init(
        try ChatFiles.text(of: path), file: path, specialTokens: tokens, time: time)
      return
    }
    for name in ["tokenizer_config.json", "chat_template.json"] {
      guard let object = try files.object(name), let value = object["chat_template"],
        value != .null
      else { continue }
      let path = files.path(name)
      try self.init(
        try ChatFiles.source(value, file: path), file: path, isEmbedded: true,
        specialTokens: tokens, time: time)
      return
    }
    throw InputError(
      "found no chat template, expected chat_template.jinja or a chat_template in"
        + " tokenizer_config.json", file: folder.path)
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

  static func text(of path: String) throws(InputError) -> String {
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
  static func source(_ value: JSON, file: String) throws(InputError) -> String {
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
      names.append("\"\(oneLine(name))\"")
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
