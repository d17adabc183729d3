import Core
import Yams

/// Turns Yams' tree into values that know their places, within limits.
struct PlanTree {
  let file: String
  private var count = 0

  init(file: String) { self.file = file }

  /// - Parameter line: of a value that Yams does not place, or places after its key's line though
  ///   it is empty.
  mutating func value(
    of node: Node, path: String, line: Int, depth: Int
  ) throws(InputError) -> PlanValue {
    count += 1
    let own = node.mark?.line ?? line
    guard count <= PlanText.valueLimit else {
      throw failure(
        "found more than \(PlanText.valueLimit) values, expected fewer; aliases count in full", own,
        path)
    }
    guard depth <= PlanText.depthLimit else {
      throw failure("found more than \(PlanText.depthLimit) levels, expected fewer", own, path)
    }
    switch node {
    case .scalar(let scalar):
      let isEmpty = scalar.string.isEmpty && scalar.style == .plain
      return PlanValue(
        content: try content(of: scalar, own, path), file: file, line: isEmpty ? line : own,
        path: path)
    case .sequence(let sequence):
      try check(sequence.tag, own, path)
      var values: [PlanValue] = []
      for (index, element) in sequence.enumerated() {
        values.append(
          try value(of: element, path: "\(path)[\(index)]", line: own, depth: depth + 1))
      }
      return PlanValue(content: .list(values), file: file, line: own, path: path)
    case .mapping(let mapping):
      try check(mapping.tag, own, path)
      let members = try members(of: mapping, path: path, line: own, depth: depth)
      return PlanValue(content: .mapping(members), file: file, line: own, path: path)
    case .alias:
      throw failure("found an alias to nothing", own, path)
    }
  }

  private mutating func members(
    of mapping: Node.Mapping, path: String, line: Int, depth: Int
  ) throws(InputError) -> [PlanMember] {
    var members: [PlanMember] = []
    var lines: [String: Int] = [:]
    for (key, node) in mapping {
      let line = key.mark?.line ?? line
      guard case .scalar(let scalar) = key else {
        throw failure("found a key that is a list or a mapping, expected a word", line, path)
      }
      let name = scalar.string
      let inner = path.isEmpty ? name.shownInPlan : "\(path).\(name.shownInPlan)"
      if let first = lines.updateValue(line, forKey: name) {
        throw failure("found again, expected only the one of line \(first)", line, inner)
      }
      let value = try value(of: node, path: inner, line: line, depth: depth + 1)
      members.append(PlanMember(key: name, line: line, value: value))
    }
    return members
  }

  private func content(
    of scalar: Node.Scalar, _ line: Int, _ path: String
  ) throws(InputError) -> PlanValue.Content {
    try check(scalar.tag, line, path)
    let isText = scalar.tag.rawValue == Tag.Name.str.rawValue
    return scalar.style == .plain && !isText ? .plain(scalar.string) : .quoted(scalar.string)
  }

  /// YAML's own types do no harm; others promise something that a plan cannot hold.
  private func check(_ tag: Tag, _ line: Int, _ path: String) throws(InputError) {
    let name = tag.rawValue
    guard name.isEmpty || name.hasPrefix("tag:yaml.org,2002:") else {
      throw failure("found the tag \(name.quotedForPlan), expected none", line, path)
    }
  }

  private func failure(_ problem: String, _ line: Int, _ path: String) -> InputError {
    InputError(problem, file: file, line: line, field: path.isEmpty ? nil : path)
  }
}
