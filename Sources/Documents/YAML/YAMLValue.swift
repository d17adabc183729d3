import Core

/// A value in a YAML file, with the place that errors name.
package struct YAMLValue: Sendable {
  package enum Content: Sendable {
    /// Written without quotes: a word, a number, or nothing.
    case plain(String)
    case quoted(String)
    case list([YAMLValue])
    /// In the order of the text, each key once.
    case mapping([YAMLMember])
  }

  package let content: Content
  package let file: String
  /// Of what an alias stands for, the line where it is written.
  package let line: Int
  /// Where in the file, such as `conditions.mixed.data[0]`; empty at the top.
  package let path: String

  /// What JSON says, as YAML would say it: texts stand in quotes, all else is plain.
  ///
  /// - Parameter line: of the whole value, since JSON keeps no lines.
  package init(_ json: JSON, file: String, line: Int, path: String = "") {
    (self.file, self.line, self.path) = (file, line, path)
    switch json {
    case .string(let text): content = .quoted(text)
    case .array(let elements):
      content = .list(
        elements.enumerated().map { index, element in
          YAMLValue(element, file: file, line: line, path: "\(path)[\(index)]")
        })
    case .object(let object):
      // Of members with the same name the last one counts.
      var members: [YAMLMember] = []
      for member in object.members {
        members.removeAll { $0.key == member.name }
        let own = Self.path(of: member.name, in: path)
        members.append(
          YAMLMember(
            key: member.name, line: line,
            value: YAMLValue(member.value, file: file, line: line, path: own)))
      }
      content = .mapping(members)
    case .null, .boolean, .integer, .number: content = .plain(json.summary)
    }
  }

  package init(content: Content, file: String, line: Int, path: String) {
    (self.content, self.file) = (content, file)
    (self.line, self.path) = (line, path)
  }

  package func failure(_ problem: String) -> InputError {
    InputError(problem, file: file, line: line, field: path.isEmpty ? nil : path)
  }

  package func wrong(expected: String) -> InputError {
    failure("found \(summary), expected \(expected)")
  }

  /// Whether it is YAML's null.
  package var isNothing: Bool {
    guard case .plain(let text) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  package var isMapping: Bool {
    guard case .mapping = content else { return false }
    return true
  }

  package var isList: Bool {
    guard case .list = content else { return false }
    return true
  }

  /// What errors call it: one line, not long.
  package var summary: String {
    switch content {
    case .plain where isNothing: "nothing"
    case .plain(let text): text.quotedOnOneLine(limit: 40)
    case .quoted(let text): text.quotedOnOneLine(limit: 40) + " in quotes"
    case .list(let values): values.isEmpty ? "an empty list" : "a list"
    case .mapping(let members): members.isEmpty ? "an empty mapping" : "a mapping"
    }
  }

  static func path(of key: String, in path: String) -> String {
    let name = key.onOneLine(limit: 40)
    return path.isEmpty ? name : "\(path).\(name)"
  }
}

/// A key and its value.
package struct YAMLMember: Sendable {
  package let key: String
  package let line: Int
  package let value: YAMLValue
}
