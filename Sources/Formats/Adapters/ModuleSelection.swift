import Core
import Documents

/// Which modules of a model an adapter means, as PEFT reads it.
package enum ModuleSelection: Sendable, Hashable {
  /// Paths such as `model.layers.0.self_attn.q_proj`, or the last parts of paths: `q_proj`.
  case names(Set<String>)
  /// An expression that matches whole paths.
  case pattern(ModulePattern)

  /// How a selection means a module.
  enum Match { case none, suffix, wholePath }

  func match(_ path: String) -> Match {
    switch self {
    case .pattern(let pattern): pattern.matches(path) ? .wholePath : .none
    case .names(let names):
      if names.contains(path) {
        .wholePath
      } else {
        Self.properSuffixes(of: path).contains(where: names.contains) ? .suffix : .none
      }
    }
  }

  private static func properSuffixes(of path: String) -> [String] {
    path.indices.filter { path[$0] == "." }.map { String(path[path.index(after: $0)...]) }
  }

  /// Whether `name` can stand for a block's linear at all.
  static func isLinear(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 5, let last = parts.last, let linear = LinearLayer(rawValue: String(last))
    else { return false }
    let layer = parts.count >= 3 ? Int(parts[parts.count - 3]) : 0
    guard let layer else { return false }
    return "." + name == linear.path(inLayer: layer).suffix(name.count + 1)
      || name == linear.path(inLayer: layer)
  }

  var json: JSON {
    switch self {
    case .names(let names): .array(names.sorted().map(JSON.string))
    case .pattern(let pattern): .string(pattern.source)
    }
  }
}

/// A value that holds for the modules that an expression matches, as in PEFT's `rank_pattern`.
package struct ModuleValue<Value: Sendable & Hashable>: Sendable, Hashable {
  /// A module's name, the end of its path, or an expression for either.
  package let key: String
  package let value: Value
  /// `nil` for a key without special characters but the dot.
  private let pattern: ModulePattern?

  /// - Throws: `InputError` without file and field, for an expression that is not supported.
  package init(_ key: String, _ value: Value) throws(InputError) {
    self.key = key
    self.value = value
    // PEFT's own wrapping: the key stands for whole parts of the path, up to its end.
    pattern = Self.isPlain(key) ? nil : try ModulePattern("(.*\\.)?(\(key))$")
  }

  func matches(_ path: String) -> Bool {
    if let pattern { return pattern.matches(path) }
    // Such files name every module of a model: a comparison each, and a dot matches anything.
    let path = Array(path.utf8), key = Array(key.utf8)
    guard path.count >= key.count else { return false }
    let start = path.count - key.count
    guard start == 0 || path[start - 1] == UInt8(ascii: ".") else { return false }
    return zip(path[start...], key).allSatisfy { $0 == $1 || $1 == UInt8(ascii: ".") }
  }

  private static func isPlain(_ key: String) -> Bool {
    key.utf8.allSatisfy { byte in
      byte == UInt8(ascii: ".") || ModulePattern.ByteSet.word.contains(byte)
    }
  }
}
