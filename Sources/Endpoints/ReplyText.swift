import Core
import Documents
import Foundation

/// The JSON of a reply's body, in the ways in which servers wrap it: after a byte-order mark, after the
/// comments by which a connection is kept open (`: processing`), or as events of a stream that was not
/// asked for.
enum ReplyText {
  /// One object, or those of a stream in their order.
  enum Content {
    case object(JSONObject)
    case events([JSONObject])
  }

  /// - Throws: `ReplyMisfit` that quotes what is no JSON.
  static func read(_ body: Data) throws(ReplyMisfit) -> Content {
    var bytes = [UInt8](body)[...]
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
    skipComments(&bytes)
    if bytes.starts(with: "data:".utf8) || bytes.starts(with: "event:".utf8) {
      return .events(try events(bytes))
    }
    return .object(try object(Array(bytes)))
  }

  private static func object(_ bytes: [UInt8]) throws(ReplyMisfit) -> JSONObject {
    let value: JSON
    do {
      value = try JSON(bytes: bytes, nonFinite: .literals)
    } catch {
      let whole = withoutSingleSurrogates(bytes)
      if whole != bytes { return try object(whole) }
      throw ReplyMisfit("is not whole JSON (\(error.problem)): \(ReplyMisfit.quote(bytes))")
    }
    guard case .object(let object) = value else {
      throw ReplyMisfit("is \(value.summary), expected an object")
    }
    return object
  }

  /// Python writes half a character, where a reply was cut in its middle, as half of an escape.
  private static func withoutSingleSurrogates(_ bytes: [UInt8]) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    let escapes =
      /\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})/
    return Array(
      text.replacing(escapes) { $0.output.1 == nil ? String($0.output.0) : "\\ufffd" }.utf8)
  }

  /// Lines that begin with a colon, and blank ones.
  private static func skipComments(_ bytes: inout ArraySlice<UInt8>) {
    while let first = bytes.first {
      if first == UInt8(ascii: ":") {
        bytes = bytes.drop { $0 != 0x0a }
      } else if [0x20, 0x09, 0x0a, 0x0d].contains(first) {
        bytes = bytes.dropFirst()
      } else {
        return
      }
    }
  }

  private static func events(_ bytes: ArraySlice<UInt8>) throws(ReplyMisfit) -> [JSONObject] {
    var events: [JSONObject] = []
    var isWhole = false
    for line in bytes.split(separator: 0x0a) where line.starts(with: "data:".utf8) {
      var content = line.dropFirst(5)
      while let last = content.last, last == 0x0d || last == 0x20 { content = content.dropLast() }
      while content.first == 0x20 { content = content.dropFirst() }
      if content.elementsEqual("[DONE]".utf8) {
        isWhole = true
        break
      }
      if content.isEmpty { continue }
      events.append(try object(Array(content)))
    }
    guard isWhole || events.contains(where: \.endsStream) else {
      throw ReplyMisfit("is a stream that was not asked for, without its end")
    }
    return events
  }
}

/// What did not fit in a reply, on one line.
struct ReplyMisfit: Error {
  let said: String

  init(_ said: String) { self.said = said }

  static func quote(_ bytes: [UInt8]) -> String {
    bytes.isEmpty
      ? "nothing"
      : ServerText.shown(
        "\"" + String(decoding: bytes.prefix(200), as: UTF8.self) + "\"", limit: 60)
  }
}

extension JSONObject {
  /// Whether it is the last event that has a choice.
  fileprivate var endsStream: Bool {
    guard case .array(let choices)? = self["choices"], case .object(let choice)? = choices.first
    else { return false }
    guard let reason = choice["finish_reason"] else { return choice["message"] != nil }
    return reason != .null
  }
}
