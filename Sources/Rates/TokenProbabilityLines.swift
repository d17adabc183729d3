import Core
import Documents
import Judging
import Documents

/// What a judge's first token might have been, an answer a line: JSON lines
/// `{"probabilities":{"57":0.8," 57":0.1}}`. Other members are ignored.
///
/// Of a token that comes twice in a line the last one counts, as in Python's `json`.
package enum TokenProbabilityLines {
  /// The tokens of each line, in the order of the file; `-` is standard input.
  ///
  /// - Throws: `InputError` with line and field for lines that are no such objects and for numbers
  ///   that are no probabilities. Blank lines may only be at the end.
  package static func read(_ path: String) throws(InputError) -> [[TokenProbability]] {
    try parse(try TextFile.bytes(of: path), file: path == "-" ? "standard input" : path)
  }

  /// The tokens of each line of `bytes`; `file` is the name that errors give.
  package static func parse(
    _ bytes: [UInt8], file: String
  ) throws(InputError) -> [[TokenProbability]] {
    var answers: [[TokenProbability]] = []
    let lines = try JSONLines.objects(
      in: bytes, file: file, blankLines: .atTheEnd, nonFinite: .missing)
    for (line, object) in lines {
      guard case .object(let probabilities)? = object["probabilities"] else {
        let found = object["probabilities"]?.summary ?? "nothing"
        throw InputError(
          "found \(found), expected an object of tokens and their probabilities",
          file: file, line: line, field: "probabilities")
      }
      answers.append(try tokens(probabilities, file: file, line: line))
    }
    return answers
  }

  private static func tokens(
    _ object: JSONObject, file: String, line: Int
  ) throws(InputError) -> [TokenProbability] {
    var tokens: [TokenProbability] = []
    var places: [[UInt8]: Int] = [:]
    for member in object.members {
      let probability: Double? =
        switch member.value {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
      let token = TokenProbability(token: member.name, probability: probability ?? .nan)
      guard token.isProbability else {
        throw InputError(
          "found \(member.value.summary), expected a probability from 0 to 1",
          file: file, line: line, field: "probabilities[\(member.name.quotedOnOneLine)]")
      }
      // By bytes: Swift takes canonically equivalent texts for equal.
      if let place = places[Array(member.name.utf8)] {
        tokens[place] = token
      } else {
        places[Array(member.name.utf8)] = tokens.count
        tokens.append(token)
      }
    }
    return tokens
  }
}
