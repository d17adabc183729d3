import Core
import Formats
import Foundation
import Tables

/// JSON lines, each an object, with the numbers of their lines.
enum JSONLines {
  /// Where blank lines may be.
  enum BlankLines { case anywhere, atTheEnd }

  /// All bytes of a file; `-` is standard input.
  static func bytes(of path: String) throws(InputError) -> [UInt8] {
    do {
      let data =
        path == "-"
        ? try FileHandle.standardInput.readToEnd() ?? Data()
        : try Data(contentsOf: URL(fileURLWithPath: path))
      return [UInt8](data)
    } catch {
      throw InputError("cannot be read: \(error.systemReason)", file: path)
    }
  }

  /// The objects with their lines, counted from 1; a byte-order mark is skipped.
  ///
  /// - Throws: `InputError` with the line for what is no JSON object.
  static func objects(
    in bytes: [UInt8], file: String, blankLines: BlankLines
  ) throws(InputError) -> [(line: Int, object: JSONObject)] {
    var objects: [(line: Int, object: JSONObject)] = []
    var blank: Int?
    let content = bytes.dropFirst(bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)
    let lines = content.split(separator: 0x0a, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) {
        blank = blank ?? index + 1
        continue
      }
      if blankLines == .atTheEnd, let blank {
        throw InputError("found a blank line, expected an object", file: file, line: blank)
      }
      objects.append((index + 1, try object(line, file: file, line: index + 1)))
    }
    return objects
  }

  private static func object(
    _ bytes: ArraySlice<UInt8>, file: String, line: Int
  ) throws(InputError) -> JSONObject {
    let value: JSON
    do {
      value = try JSON(bytes: bytes.contains(nan[0]) ? withoutNaN(bytes) : Array(bytes))
    } catch {
      throw InputError(error.problem.onOneLine, file: file, line: line)
    }
    guard case .object(let object) = value else {
      throw InputError("found \(value.summary), expected an object", file: file, line: line)
    }
    return object
  }

  private static let nan = Array("NaN".utf8)

  /// Python writes a missing number as a bare `NaN`, which JSON does not have: null in its place.
  private static func withoutNaN(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var isInString = false
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if isInString, byte == UInt8(ascii: "\\") {
        result.append(contentsOf: bytes[index...].prefix(2))
        index += 2
      } else if !isInString, byte == nan[0], bytes[index...].starts(with: nan) {
        result.append(contentsOf: Array("null".utf8))
        index += 3
      } else {
        if byte == UInt8(ascii: "\"") { isInString.toggle() }
        result.append(byte)
        index += 1
      }
    }
    return result
  }
}
