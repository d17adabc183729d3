import Core

/// JSON lines, each an object, with the numbers of their lines.
package enum JSONLines {
  /// Where blank lines may be.
  package enum BlankLines: Sendable { case anywhere, atTheEnd }

  /// The objects with their lines, counted from 1; a byte-order mark is skipped.
  ///
  /// - Throws: `InputError` with the line for what is no JSON object.
  package static func objects(
    in bytes: UnsafeRawBufferPointer, file: String, blankLines: BlankLines = .anywhere,
    nonFinite: JSON.NonFiniteNumbers
  ) throws(InputError) -> [(line: Int, object: JSONObject)] {
    var objects: [(line: Int, object: JSONObject)] = []
    for (line, text) in bytes.numberedLines {
      if blankLines == .atTheEnd, line > objects.count + 1 {
        throw InputError(
          "found a blank line, expected an object", file: file, line: objects.count + 1)
      }
      let value: JSON
      do {
        value = try JSON(bytes: UnsafeRawBufferPointer(rebasing: text), nonFinite: nonFinite)
      } catch {
        throw InputError(error.problem, file: file, line: line)
      }
      guard case .object(let object) = value else {
        throw InputError("found \(value.summary), expected an object", file: file, line: line)
      }
      objects.append((line, object))
    }
    return objects
  }

  package static func objects(
    in bytes: [UInt8], file: String, blankLines: BlankLines = .anywhere,
    nonFinite: JSON.NonFiniteNumbers
  ) throws(InputError) -> [(line: Int, object: JSONObject)] {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(InputError) in
        try objects(in: buffer, file: file, blankLines: blankLines, nonFinite: nonFinite)
      }
    }
    return try result.get()
  }
}

extension RandomAccessCollection<UInt8> where Index == Int {
  /// The lines that are not blank, with their numbers, counted from 1; a byte-order mark is skipped.
  package var numberedLines: [(number: Int, line: SubSequence)] {
    let content = dropFirst(starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)
    let lines = content.split(separator: 0x0a, omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
      return isBlank ? nil : (index + 1, line)
    }
  }
}
