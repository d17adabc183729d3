import Core
import Documents

typealias PlanValue = YAMLValue
typealias PlanMember = YAMLMember

extension PlanValue {
  /// A name that the plan gives or refers to. The word `null` is one, and so is `on`.
  func name() throws(InputError) -> String {
    switch content {
    case .plain(let text) where !text.isEmpty && text != "~", .quoted(let text):
      guard text.isPlanName else {
        throw failure(
          "found \(text.quotedOnOneLine(limit: 40)), expected a name of lower-case letters, digits and"
            + " hyphens, at most 64")
      }
      return text
    default:
      throw wrong(expected: "a name")
    }
  }

  /// A reference to one of `names`, which are of a `kind` such as `condition`.
  func name(of kind: String, among names: [String]) throws(InputError) -> String {
    let name = try name()
    guard names.contains(name) else {
      throw failure(
        "unknown \(kind) \"\(name)\", \(NearestName.advice(for: name, among: names))")
    }
    return name
  }
}

extension String {
  /// Whether it is of lower-case letters, digits and hyphens, and not long.
  var isPlanName: Bool {
    (1...64).contains(utf8.count)
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: byte == UInt8(ascii: "-")
        }
      }
  }
}
