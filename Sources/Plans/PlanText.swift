import Core
import Foundation
import Yams

/// The text of a plan on its way from bytes to values that know their places.
struct PlanText {
  static let byteLimit = 256 * 1024
  /// Values of one plan; what an alias stands for counts each time.
  static let valueLimit = 20_000
  static let depthLimit = 12
  /// Aliases multiply: sixteen stand for at most a few hundred times what is written.
  static let aliasLimit = 16

  let text: String
  let file: String

  init(_ text: String, file: String) throws(InputError) {
    guard text.utf8.count <= Self.byteLimit else { throw Self.tooLong(file) }
    self.text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    self.file = file
  }

  /// Reads a file, or a pipe, but no more of it than a plan can have.
  init(reading path: String) throws(InputError) {
    guard let stream = fopen(path, "rb") else { throw Self.unreadable(path) }
    defer { fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: Self.byteLimit + 1)
    let count = fread(&bytes, 1, bytes.count, stream)
    guard ferror(stream) == 0 else { throw Self.unreadable(path) }
    guard count <= Self.byteLimit else { throw Self.tooLong(path) }
    let content = bytes.prefix(count)
    guard let text = String(validating: content, as: UTF8.self) else {
      throw InputError(
        "found bytes that are not UTF-8, expected UTF-8 text", file: path,
        line: Self.firstBadLine(of: content))
    }
    try self.init(text, file: path)
  }

  /// The mapping at the top, free of duplicate keys.
  func root() throws(InputError) -> PlanValue {
    try checkAliases()
    guard let node = try composed() else {
      throw InputError("found no YAML, expected a plan", file: file, line: 1)
    }
    var converter = PlanTree(file: file)
    return try converter.value(of: node, path: "", line: 1, depth: 0)
  }

  private static func unreadable(_ path: String) -> InputError {
    InputError("cannot be read: \(String(cString: strerror(errno)))", file: path)
  }

  private static func tooLong(_ file: String) -> InputError {
    InputError("found more than \(byteLimit / 1024) KiB, expected a shorter plan", file: file)
  }

  private static func firstBadLine(of bytes: ArraySlice<UInt8>) -> Int? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
  }

  /// Refuses bombs before Yams compares keys, which may be aliases. Counts what may be an alias, in
  /// quotes and comments too, but only where there are anchors.
  private func checkAliases() throws(InputError) {
    guard count(of: "&") > 0 else { return }
    let aliases = count(of: "*")
    guard aliases <= Self.aliasLimit else {
      throw InputError(
        "found \(aliases) aliases, expected at most \(Self.aliasLimit)", file: file, line: 1)
    }
  }

  /// How often `mark` stands before what can begin an anchor's name.
  private func count(of mark: Unicode.Scalar) -> Int {
    let bytes = text.utf8
    return zip(bytes, bytes.dropFirst()).count { byte, next in
      Unicode.Scalar(byte) == mark && !" \n\r\t".utf8.contains(next) && byte != next
    }
  }
}

// MARK: - YAML

extension PlanText {
  /// Yams' tree. Yams itself refuses duplicate keys, but without saying where in the plan: they are
  /// told apart by tags, so that the tree exists and `PlanTree` can say it.
  private func composed() throws(InputError) -> Node? {
    var text = text
    var duplicate: InputError?
    for round in 1...Self.aliasLimit {
      do {
        return try compose(yaml: text, .default, .default, .utf8)
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        guard let key = keys.first, key != Self.compoundKey else {
          throw InputError(
            "found a key that is a list or a mapping, expected a word", file: file,
            line: context.mark.line)
        }
        duplicate = InputError(
          "found key \(key.quotedForPlan) more than once, expected it once", file: file,
          line: context.mark.line)
        text.insert(contentsOf: "!again\(round) ", at: text.place(of: context.mark))
      } catch {
        throw duplicate ?? failure(error)
      }
    }
    throw duplicate ?? InputError("cannot be read as YAML", file: file)
  }

  /// Yams' word for keys that are no scalars.
  private static let compoundKey = "<uncovertable>"

  private func failure(_ error: any Error) -> InputError {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _):
      let doing = context.map { "\($0.text) of line \($0.mark.line), " } ?? ""
      return InputError("is not YAML: \(doing)\(problem)", file: file, line: mark.line)
    case .composer(let context, let problem, let mark, _):
      let doing = context.map { "\($0.text), " } ?? ""
      return InputError("is not YAML: \(doing)\(problem)", file: file, line: mark.line)
    case .reader(let problem, let offset, let value, _):
      let line = offset.map { text.prefix($0).count(where: \.isNewline) + 1 }
      let code = String(value, radix: 16, uppercase: true)
      return InputError("is not YAML: \(problem), found U+\(code)", file: file, line: line)
    default:
      return InputError("is not YAML: \("\(error)".shownInPlan)", file: file)
    }
  }
}

extension String {
  /// Where YAML's reader was at `mark`, which counts lines and scalars.
  fileprivate func place(of mark: Mark) -> Index {
    var line = 1
    var place = unicodeScalars.startIndex
    while place < unicodeScalars.endIndex, line < mark.line {
      let scalar = unicodeScalars[place]
      unicodeScalars.formIndex(after: &place)
      let isReturn = scalar == "\r" && place < endIndex && unicodeScalars[place] == "\n"
      if "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalar), !isReturn { line += 1 }
    }
    return unicodeScalars.index(place, offsetBy: mark.column - 1, limitedBy: endIndex) ?? endIndex
  }
}
