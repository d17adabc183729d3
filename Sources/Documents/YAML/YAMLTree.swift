import Core
import Yams

/// Turns Yams' tree into values that know their places: anchors, aliases and merge keys become what
/// they stand for, within limits.
package struct YAMLTree {
  /// What an anchor names, and how many values that is.
  private struct Anchored {
    let value: YAMLValue
    let count: Int
  }

  private let text: YAMLText
  private let limits: YAMLLimits
  private var anchors: [String: Anchored] = [:]
  private var count = 0

  /// The value at the top of a text that should hold `expected`, such as `a plan`.
  ///
  /// - Throws: `InputError` naming file, line and field, for what is no YAML; for keys that come
  ///   twice or are no words, for tags that are not YAML's own, for what is beyond `limits`.
  package static func read(
    _ source: TextFile, limits: YAMLLimits, expected: String
  ) throws(InputError) -> YAMLValue {
    let text = try YAMLText(source, limits: limits)
    let value = try text.composed { node throws(InputError) in
      var tree = YAMLTree(text: text, limits: limits)
      return try tree.value(of: node, path: "", line: 1, depth: 0)
    }
    guard let value else {
      throw InputError("found no YAML, expected \(expected)", file: source.file, line: 1)
    }
    return value
  }

  private init(text: YAMLText, limits: YAMLLimits) {
    self.text = text
    self.limits = limits
  }

  /// - Parameter line: of a value that Yams does not place, or places after its key's line though
  ///   it is empty.
  private mutating func value(
    of node: Node, path: String, line: Int, depth: Int
  ) throws(InputError) -> YAMLValue {
    let own = node.mark?.line ?? line
    if case .scalar(let scalar) = node, let name = text.alias(scalar) {
      return try value(ofAlias: name, path: path, line: own, depth: depth)
    }
    let before = count
    try add(1, own, path)
    try check(depth, own, path)
    try check(node.writtenTag, own, path)
    var place = own
    let content: YAMLValue.Content
    switch node {
    case .scalar(let scalar):
      // Whatever has no text of its own is where its key is.
      if scalar.string.isEmpty && scalar.style == .plain { place = line }
      content = self.content(of: scalar)
    case .sequence(let sequence):
      var values: [YAMLValue] = []
      for (index, element) in sequence.enumerated() {
        values.append(
          try value(of: element, path: "\(path)[\(index)]", line: own, depth: depth + 1))
      }
      content = .list(values)
    case .mapping(let mapping):
      content = .mapping(try members(of: mapping, path: path, line: own, depth: depth))
    case .alias: throw failure("found an alias to nothing", own, path)
    }
    let value = YAMLValue(content: content, file: text.file, line: place, path: path)
    if let anchor = node.anchor {
      anchors[anchor.rawValue] = Anchored(value: value, count: count - before)
    }
    return value
  }

  private func content(of scalar: Node.Scalar) -> YAMLValue.Content {
    let isText = scalar.style != .plain || scalar.tag.rawValue == Tag.Name.str.rawValue
    let string = text.restored(scalar.string)
    return isText ? .quoted(string) : .plain(string)
  }

  // MARK: - Mappings

  private mutating func members(
    of mapping: Node.Mapping, path: String, line: Int, depth: Int
  ) throws(InputError) -> [YAMLMember] {
    var members: [YAMLMember] = []
    var merged: [YAMLMember] = []
    var lines: [String: Int] = [:]
    for (key, node) in mapping {
      let line = key.mark?.line ?? line
      let (name, isMerge) = try name(of: key, path: path, line: line)
      let inner = YAMLValue.path(of: name, in: path)
      if let first = lines.updateValue(line, forKey: name) {
        throw failure("found again, expected only the one of line \(first)", line, inner)
      }
      let value = try value(
        of: node, path: isMerge ? path : inner, line: line, depth: depth + (isMerge ? 0 : 1))
      if isMerge {
        merged += try self.members(toMerge: value, line)
      } else {
        members.append(YAMLMember(key: name, line: line, value: value))
      }
    }
    // Own members go first, then those of the first mapping that has them.
    for member in merged where lines.updateValue(member.line, forKey: member.key) == nil {
      members.append(
        YAMLMember(
          key: member.key, line: member.line,
          value: try placed(
            member.value, at: YAMLValue.path(of: member.key, in: path), line: line,
            depth: depth + 1)))
    }
    return members
  }

  /// The word that a key is, or that its alias stands for, and whether it means to merge.
  private mutating func name(
    of key: Node, path: String, line: Int
  ) throws(InputError) -> (name: String, isMerge: Bool) {
    guard case .scalar(let scalar) = key else {
      throw failure("found a key that is a list or a mapping, expected a word", line, path)
    }
    if let alias = text.alias(scalar) {
      switch try anchored(alias, line).value.content {
      case .plain(let name), .quoted(let name): return (name, false)
      case .list, .mapping:
        throw failure("found a key that is a list or a mapping, expected a word", line, path)
      }
    }
    let content = content(of: scalar)
    if let anchor = key.anchor {
      let value = YAMLValue(content: content, file: text.file, line: line, path: path)
      anchors[anchor.rawValue] = Anchored(value: value, count: 1)
    }
    return (text.restored(scalar.string), scalar.style == .plain && scalar.string == "<<")
  }

  private func members(
    toMerge value: YAMLValue, _ line: Int
  ) throws(InputError) -> [YAMLMember] {
    switch value.content {
    case .mapping(let members): return members
    case .list(let values):
      var all: [YAMLMember] = []
      for value in values { all += try members(toMerge: value, line) }
      return all
    case .plain, .quoted:
      throw failure("found \(value.summary) to merge, expected a mapping", line, "")
    }
  }

  // MARK: - Aliases

  private func anchored(_ name: String, _ line: Int) throws(InputError) -> Anchored {
    guard let anchored = anchors[name] else {
      throw failure("found the alias \("*\(name)".quotedOnOneLine) to nothing", line, "")
    }
    return anchored
  }

  private mutating func value(
    ofAlias name: String, path: String, line: Int, depth: Int
  ) throws(InputError) -> YAMLValue {
    let anchored = try anchored(name, line)
    // Counted before it is put in.
    try add(anchored.count, line, path)
    return try placed(anchored.value, at: path, line: line, depth: depth)
  }

  /// A copy of a value that says where it stands now.
  private func placed(
    _ value: YAMLValue, at path: String, line: Int, depth: Int
  ) throws(InputError) -> YAMLValue {
    try check(depth, line, path)
    var content = value.content
    switch value.content {
    case .plain, .quoted: break
    case .list(let values):
      var copies: [YAMLValue] = []
      for (index, value) in values.enumerated() {
        copies.append(try placed(value, at: "\(path)[\(index)]", line: line, depth: depth + 1))
      }
      content = .list(copies)
    case .mapping(let members):
      var copies: [YAMLMember] = []
      for member in members {
        let inner = YAMLValue.path(of: member.key, in: path)
        let copy = try placed(member.value, at: inner, line: line, depth: depth + 1)
        copies.append(YAMLMember(key: member.key, line: member.line, value: copy))
      }
      content = .mapping(copies)
    }
    return YAMLValue(content: content, file: value.file, line: value.line, path: path)
  }

  // MARK: - Limits and errors

  private mutating func add(_ values: Int, _ line: Int, _ path: String) throws(InputError) {
    count += values
    guard count <= limits.values else {
      throw failure(
        "found more than \(limits.values) values, expected fewer; aliases count in full", line,
        path)
    }
  }

  private func check(_ depth: Int, _ line: Int, _ path: String) throws(InputError) {
    guard depth <= limits.levels else {
      throw failure("found more than \(limits.levels) levels, expected fewer", line, path)
    }
  }

  /// YAML's own types do no harm; others promise something that a value here cannot hold.
  private func check(_ tag: Tag, _ line: Int, _ path: String) throws(InputError) {
    let name = tag.rawValue
    guard name.isEmpty || name.hasPrefix("tag:yaml.org,2002:") else {
      let shown = text.restored(name).quotedOnOneLine(limit: 40)
      throw failure("found the tag \(shown), expected none", line, path)
    }
  }

  private func failure(_ problem: String, _ line: Int, _ path: String) -> InputError {
    InputError(problem, file: text.file, line: line, field: path.isEmpty ? nil : path)
  }
}

extension Node {
  /// The tag as it was written: Yams' `tag` puts what it resolves to in its place, for good.
  fileprivate var writtenTag: Tag {
    switch self {
    case .scalar(let scalar): scalar.tag
    case .sequence(let sequence): sequence.tag
    case .mapping(let mapping): mapping.tag
    case .alias(let alias): alias.tag
    }
  }
}
