import Core
import Documents

/// Reads sets of contrasts: JSON lines or a list in YAML of `{"family", "question", "good", "bad"}`, answers as a
/// string or a list, with `"item"`, `"topic"`, `"system"` and `"tone"` where there are some. A key that is not known is an
/// error, since leaving it out could change what is scored.
package enum ContrastFile {
  private static let keys = [
    "family", "item", "topic", "question", "good", "bad", "system", "tone",
  ]
  private static let limit = TextFile.Limit(bytes: 1 << 26, of: "file")
  private static let limits = YAMLLimits(values: 1_000_000, levels: 8)

  /// - Throws: `InputError` naming file, line and field, for what is no item, for an item that comes twice, and for
  ///   a file without any.
  package static func read(_ path: String) throws(InputError) -> [ContrastItem] {
    try items(of: TextFile(reading: path, limit: limit))
  }

  /// The set `tone`, which is part of Askew.
  package static var tone: [ContrastItem] {
    get throws(InputError) {
      try items(
        of: TextFile(bytes: PackageResources.contrast_tone_yaml, file: "tone.yaml", limit: limit))
    }
  }

  private static func items(of source: TextFile) throws(InputError) -> [ContrastItem] {
    let path = source.file
    let isYAML = path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    let items = try isYAML ? yaml(source) : lines(source)
    guard !items.isEmpty else {
      throw InputError("found no items, expected at least one", file: path)
    }
    try QuestionFile.requireUnique(
      items.map { ("\($0.item.family)/\($0.item.id)", $0.line) }, file: path)
    return items.map(\.item)
  }

  private typealias Placed = (item: ContrastItem, line: Int)

  // MARK: - JSON lines

  private static func lines(_ source: TextFile) throws(InputError) -> [Placed] {
    let objects = try JSONLines.objects(
      in: Array(source.text.utf8), file: source.file, nonFinite: .refused)
    var items: [Placed] = []
    for (line, object) in objects {
      func failure(_ problem: String, _ field: String) -> InputError {
        InputError(problem, file: source.file, line: line, field: field)
      }
      for member in object.members where !keys.contains(member.name) {
        throw failure(
          "unknown key, \(NearestName.advice(for: member.name, among: keys))", member.name.onOneLine
        )
      }
      func texts(_ key: String) throws(InputError) -> [String] {
        switch object[key] {
        case .string(let text)? where !text.isEmpty: return [text]
        case .array(let values)? where !values.isEmpty:
          var texts: [String] = []
          for value in values {
            guard case .string(let text) = value, !text.isEmpty else {
              throw failure("found \(value.summary), expected a text", key)
            }
            texts.append(text)
          }
          return texts
        case let other:
          throw failure(
            "found \(other?.summary ?? "nothing"), expected a text or a list of texts", key)
        }
      }
      func text(_ key: String) throws(InputError) -> String? {
        switch object[key] {
        case nil, .null?: return nil
        case .string(let text)? where !text.isEmpty: return text
        case .integer(let number)? where key == "item": return "\(number)"
        case let other?: throw failure("found \(other.summary), expected a text", key)
        }
      }
      guard let family = try text("family"), let question = try text("question") else {
        throw failure(
          "found nothing, expected a text", object["family"] == nil ? "family" : "question")
      }
      items.append(
        (
          ContrastItem(
            family: family, id: try text("item") ?? "\(items.count + 1)", question: question,
            good: try texts("good"), bad: try texts("bad"), system: try text("system"),
            tone: try text("tone"), topic: try text("topic")), line
        ))
    }
    return items
  }

  // MARK: - YAML

  private static func yaml(_ source: TextFile) throws(InputError) -> [Placed] {
    let expected = "a list of items with family, question, good and bad"
    let top = try YAMLTree.read(source, limits: limits, expected: expected)
    var items: [Placed] = []
    for value in try top.list(of: "items with family, question, good and bad") {
      let fields = try YAMLFields(value, keys: keys, expected: expected)
      func texts(_ key: String) throws(InputError) -> [String] {
        let value = try fields.required(key)
        guard value.isList else { return [try value.text()] }
        return try value.list(of: "texts").map { (value) throws(InputError) in try value.text() }
      }
      func text(_ key: String) throws(InputError) -> String? { try fields[key]?.text() }
      items.append(
        (
          ContrastItem(
            family: try fields.required("family").text(),
            id: try text("item") ?? "\(items.count + 1)",
            question: try fields.required("question").text(), good: try texts("good"),
            bad: try texts("bad"), system: try text("system"), tone: try text("tone"),
            topic: try text("topic")), value.line
        ))
    }
    return items
  }
}
