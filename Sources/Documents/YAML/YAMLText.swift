import Core
import Yams

/// YAML on its way from text to Yams' tree, in which nothing has multiplied yet.
///
/// Aliases multiply: nine lines can stand for billions of values, and Yams compares keys, aliases
/// included, while it reads. So Yams is given the text with every `*` replaced by a scalar that
/// the text does not have: what were aliases are then words that begin with it, and all other texts
/// get their asterisks back.
struct YAMLText {
  let file: String
  private let mark: Unicode.Scalar
  private let marked: String

  init(_ source: TextFile, limits: YAMLLimits) throws(InputError) {
    file = source.file
    if let limit = limits.aliases { try Self.checkAliases(of: source, limit: limit) }
    let used = Set(source.text.unicodeScalars.lazy.filter { (0xe000...0xf8ff).contains($0.value) })
    guard
      let mark = (0xe000...0xf8ff).lazy.compactMap({ Unicode.Scalar($0 as UInt32) })
        .first(where: { !used.contains($0) })
    else { throw InputError("found every scalar for private use, expected fewer", file: file) }
    self.mark = mark
    marked = source.text.replacing("*", with: mark)
  }

  /// What a word stands for, if it was an alias: the name of the anchor.
  func alias(_ scalar: Node.Scalar) -> String? {
    guard scalar.style == .plain, scalar.string.unicodeScalars.first == mark else { return nil }
    return restored(String(scalar.string.unicodeScalars.dropFirst()))
  }

  /// With asterisks, as it was written.
  func restored(_ text: String) -> String {
    text.unicodeScalars.contains(mark) ? text.replacing(mark, with: "*") : text
  }

  /// Counts what may be an alias, in quotes and comments too, but only where there are anchors.
  private static func checkAliases(of source: TextFile, limit: Int) throws(InputError) {
    guard source.text.count(of: "&") > 0 else { return }
    let aliases = source.text.count(of: "*")
    guard aliases <= limit else {
      throw InputError(
        "found \(aliases) aliases, expected at most \(limit)", file: source.file, line: 1)
    }
  }
}

// MARK: - Yams

extension YAMLText {
  /// How often keys that are the same are told apart.
  private static let roundLimit = 16
  /// Yams' word for keys that are no scalars.
  private static let compoundKey = "<uncovertable>"

  /// What `read` makes of Yams' tree, or `nil` where there is none. Yams itself refuses duplicate
  /// keys, but without saying where: they are told apart by tags, so that the tree exists and
  /// `read` can say it.
  func composed<Value>(
    _ read: (Node) throws(InputError) -> Value
  ) throws(InputError) -> Value? {
    var text = marked
    var duplicate: InputError?
    for round in 1...Self.roundLimit {
      do {
        let parser = try Parser(
          yaml: text, resolver: .default, constructor: .default, encoding: .utf8)
        // Nodes do not keep their anchors alive, the parser does.
        return try withExtendedLifetime(parser) { try parser.singleRoot().map(read) }
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        guard let key = keys.first, key != Self.compoundKey else {
          throw failure("found a key that is a list or a mapping, expected a word", context.mark)
        }
        duplicate = failure(
          "found key \(restored(key).quotedOnOneLine(limit: 40)) more than once, expected it once",
          context.mark)
        text.insert(contentsOf: "!again\(round) ", at: text.place(of: context.mark))
      } catch let error as InputError {
        throw error
      } catch {
        throw duplicate ?? failure(error)
      }
    }
    throw duplicate ?? InputError("cannot be read as YAML", file: file)
  }

  private func failure(_ problem: String, _ mark: Mark?) -> InputError {
    InputError(problem, file: file, line: mark?.line)
  }

  private func failure(_ error: any Error) -> InputError {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _):
      let doing = context.map { "\($0.text) of line \($0.mark.line), " } ?? ""
      return failure("is not YAML: \(restored(doing + problem).onOneLine(limit: 200))", mark)
    case .composer(let context, let problem, let mark, _):
      let doing = context.map { "\($0.text), " } ?? ""
      return failure("is not YAML: \(restored(doing + problem).onOneLine(limit: 200))", mark)
    case .reader(let problem, let offset, let value, _):
      let lines = offset.map { marked.utf8.prefix($0).count { $0 == UInt8(ascii: "\n") } }
      let code = String(value, radix: 16, uppercase: true)
      return InputError(
        "is not YAML: \(problem), found U+\(code)", file: file, line: lines.map { $0 + 1 })
    default:
      return failure("is not YAML: \(restored("\(error)").onOneLine)", nil)
    }
  }
}

extension String {
  fileprivate func replacing(_ old: Unicode.Scalar, with new: Unicode.Scalar) -> String {
    String(UnicodeScalarView(unicodeScalars.lazy.map { $0 == old ? new : $0 }))
  }

  /// How often `mark` stands before what can begin an anchor's name.
  fileprivate func count(of mark: Unicode.Scalar) -> Int {
    zip(utf8, utf8.dropFirst()).count { byte, next in
      Unicode.Scalar(byte) == mark && !" \n\r\t".utf8.contains(next) && byte != next
    }
  }

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
