import Core
import Yams

/// A value in a YAML file, with its line. What an alias stands for is a copy.
struct YAMLValue {
  enum Content {
    case null
    case text(String)
    case list([YAMLValue])
    case mapping([YAMLMember])
  }

  let content: Content
  let line: Int
  /// How many values it has in all.
  let count: Int

  var summary: String {
    switch content {
    case .null: "nothing"
    case .text(let text): text.quotedOnOneLine
    case .list(let values): values.isEmpty ? "an empty list" : "a list"
    case .mapping(let members): members.isEmpty ? "an empty mapping" : "a mapping"
    }
  }
}

/// A key and its value.
struct YAMLMember {
  let key: String
  let line: Int
  let value: YAMLValue
}

/// Reads YAML with anchors, aliases and merge keys, within limits.
///
/// Aliases multiply: nine lines can stand for billions of values, and Yams compares keys, aliases
/// included, while it reads. So Yams is given the text with every `*` replaced by a scalar that
/// the text does not have: what were aliases are then words that begin with it, all other texts get
/// their asterisks back, and what the aliases stand for is counted before it is put in.
struct YAMLTree {
  /// Values of a file; what an alias stands for counts each time.
  static let valueLimit = 200_000
  static let depthLimit = 32

  private let file: String
  private let mark: Unicode.Scalar
  private var anchors: [String: YAMLValue] = [:]

  /// The value at the top.
  ///
  /// - Throws: `InputError` naming file and line.
  static func read(_ text: String, file: String) throws(InputError) -> YAMLValue {
    let used = Set(text.unicodeScalars.lazy.filter { (0xe000...0xf8ff).contains($0.value) })
    guard
      let mark = (0xe000...0xf8ff).lazy.compactMap({ Unicode.Scalar($0 as UInt32) })
        .first(where: { !used.contains($0) })
    else { throw InputError("found every scalar for private use, expected fewer", file: file) }
    var tree = YAMLTree(file: file, mark: mark)
    let marked = String(
      String.UnicodeScalarView(text.unicodeScalars.lazy.map { $0 == "*" ? mark : $0 }))
    do {
      let parser = try Parser(
        yaml: marked, resolver: .default, constructor: .default, encoding: .utf8)
      guard let node = try parser.singleRoot() else {
        throw InputError("found no YAML, expected a list of questions", file: file, line: 1)
      }
      // Nodes do not keep their anchors alive, the parser does.
      let value = try withExtendedLifetime(parser) { try tree.value(of: node, line: 1, depth: 0) }
      return value
    } catch let error as InputError {
      throw error
    } catch {
      throw tree.failure(error)
    }
  }

  private init(file: String, mark: Unicode.Scalar) {
    self.file = file
    self.mark = mark
  }

  private mutating func value(
    of node: Node, line: Int, depth: Int
  ) throws(InputError) -> YAMLValue {
    let line = node.mark?.line ?? line
    guard depth <= Self.depthLimit else {
      throw failure("found more than \(Self.depthLimit) levels, expected fewer", line)
    }
    let value: YAMLValue
    switch node {
    case .scalar(let scalar):
      if let alias = try self.alias(scalar, line) { return alias }
      try check(scalar.tag, line)
      value = YAMLValue(content: content(of: scalar), line: line, count: 1)
    case .sequence(let sequence):
      try check(sequence.tag, line)
      var values: [YAMLValue] = []
      var count = 1
      for element in sequence {
        values.append(try self.value(of: element, line: line, depth: depth + 1))
        count += values[values.count - 1].count
        try check(count, line)
      }
      value = YAMLValue(content: .list(values), line: line, count: count)
    case .mapping(let mapping):
      try check(mapping.tag, line)
      value = try self.value(of: mapping, line: line, depth: depth)
    case .alias: throw failure("found an alias to nothing", line)
    }
    if let anchor = node.anchor { anchors[anchor.rawValue] = value }
    return value
  }

  private mutating func value(
    of mapping: Node.Mapping, line: Int, depth: Int
  ) throws(InputError) -> YAMLValue {
    var members: [YAMLMember] = []
    var merged: [YAMLMember] = []
    var lines: [String: Int] = [:]
    var count = 1
    for (key, node) in mapping {
      let line = key.mark?.line ?? line
      guard case .scalar(let scalar) = key, !isAlias(scalar) else {
        throw failure("found a key that is no word, expected a word", line)
      }
      let name = restored(scalar.string)
      if let anchor = key.anchor {
        anchors[anchor.rawValue] = YAMLValue(content: .text(name), line: line, count: 1)
      }
      if let first = lines.updateValue(line, forKey: name) {
        throw failure(
          "found key \(name.quotedOnOneLine) again, expected only that of line \(first)", line)
      }
      let value = try value(of: node, line: line, depth: depth + 1)
      count += value.count
      try check(count, line)
      if name == "<<" && scalar.style == .plain {
        merged += try self.members(toMerge: value, line)
      } else {
        members.append(YAMLMember(key: name, line: line, value: value))
      }
    }
    // Own members go first, then those of the first mapping that has them.
    for member in merged where lines[member.key] == nil {
      lines[member.key] = member.line
      members.append(member)
    }
    return YAMLValue(content: .mapping(members), line: line, count: count)
  }

  private func members(toMerge value: YAMLValue, _ line: Int) throws(InputError) -> [YAMLMember] {
    switch value.content {
    case .mapping(let members): return members
    case .list(let values):
      var all: [YAMLMember] = []
      for value in values {
        guard case .mapping(let members) = value.content else { break }
        all += members
      }
      return all
    default: throw failure("found \(value.summary) to merge, expected a mapping", line)
    }
  }

  // MARK: - Scalars

  private func isAlias(_ scalar: Node.Scalar) -> Bool {
    scalar.style == .plain && scalar.string.unicodeScalars.first == mark
  }

  /// What a scalar stands for, if it was an alias.
  private func alias(_ scalar: Node.Scalar, _ line: Int) throws(InputError) -> YAMLValue? {
    guard isAlias(scalar) else { return nil }
    let name = restored(String(scalar.string.unicodeScalars.dropFirst()))
    guard let value = anchors[name] else {
      throw failure("found the alias \(("*" + name).quotedOnOneLine) to nothing", line)
    }
    return value
  }

  private func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(mark) else { return text }
    return String(
      String.UnicodeScalarView(text.unicodeScalars.lazy.map { $0 == mark ? "*" : $0 }))
  }

  private func content(of scalar: Node.Scalar) -> YAMLValue.Content {
    let text = restored(scalar.string)
    let isText = scalar.style != .plain || scalar.tag.rawValue == Tag.Name.str.rawValue
    return !isText && ["", "~", "null", "Null", "NULL"].contains(text) ? .null : .text(text)
  }

  // MARK: - Limits and errors

  private func check(_ count: Int, _ line: Int) throws(InputError) {
    guard count <= Self.valueLimit else {
      throw failure(
        "found more than \(Self.valueLimit) values, expected fewer; aliases count in full", line)
    }
  }

  /// YAML's own types do no harm; others promise something that a question cannot hold.
  private func check(_ tag: Tag, _ line: Int) throws(InputError) {
    let name = tag.rawValue
    guard name.isEmpty || name.hasPrefix("tag:yaml.org,2002:") else {
      throw failure("found the tag \(restored(name).quotedOnOneLine), expected none", line)
    }
  }

  private func failure(_ problem: String, _ line: Int?) -> InputError {
    InputError(problem, file: file, line: line)
  }

  private func failure(_ error: any Error) -> InputError {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _):
      let doing = context.map { "\($0.text) of line \($0.mark.line), " } ?? ""
      return failure("is not YAML: \(restored(doing + problem).onOneLine)", mark.line)
    case .composer(_, let problem, let mark, _):
      return failure("is not YAML: \(restored(problem).onOneLine)", mark.line)
    case .duplicatedKeysInMapping(let keys, let context):
      let key = restored(keys.first ?? "").quotedOnOneLine
      return failure("found key \(key) more than once, expected it once", context.mark.line)
    case .reader(let problem, _, let value, _):
      let code = String(value, radix: 16, uppercase: true)
      return failure("is not YAML: \(problem), found U+\(code)", nil)
    default: return failure("is not YAML: \(restored("\(error)").onOneLine)", nil)
    }
  }
}
