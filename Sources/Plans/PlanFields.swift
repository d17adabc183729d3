import Core
import Documents

/// The members of a mapping, all of them with keys that are known there.
struct PlanFields {
  let place: PlanValue
  private let members: [String: PlanMember]

  /// - Throws: for anything but a mapping, and for keys that are not among `keys`.
  init(_ value: PlanValue, keys: [String]) throws(InputError) {
    guard case .mapping(let members) = value.content else {
      let names = keys.count > 6 ? "" : " with \(NearestName.alternatives(keys))"
      throw value.wrong(expected: "a mapping\(names)")
    }
    for member in members where !keys.contains(member.key) {
      let advice = NearestName.advice(for: member.key, among: keys)
      throw InputError(
        "unknown key, \(advice)", file: value.file, line: member.line, field: member.value.path)
    }
    place = value
    // Keys are unique since the text was read.
    self.members = Dictionary(members.map { ($0.key, $0) }) { first, _ in first }
  }

  subscript(key: String) -> PlanValue? { members[key]?.value }

  func required(_ key: String) throws(InputError) -> PlanValue {
    guard let value = self[key] else { throw failure(key, "is missing") }
    return value
  }

  /// An error about a member that may not be there.
  func failure(_ key: String, _ problem: String) -> InputError {
    let path = place.path.isEmpty ? key : "\(place.path).\(key)"
    return InputError(
      problem, file: place.file, line: members[key]?.value.line ?? place.line, field: path)
  }

  func text(_ key: String) throws(InputError) -> String? { try self[key]?.text() }

  /// A whole number from 1 to a million, unless `limit` says less.
  func count(_ key: String, upTo limit: Int = 1_000_000) throws(InputError) -> Int? {
    try self[key]?.integer(in: 1...limit)
  }
}

extension PlanValue {
  /// Entries of a mapping whose keys are names that the author made up: at least one, and not so
  /// many that nobody could wait for the models.
  func entries(of things: String) throws(InputError) -> [PlanMember] {
    guard case .mapping(let members) = content, !members.isEmpty else {
      throw wrong(expected: "a mapping of names to \(things)")
    }
    guard members.count <= 500 else {
      throw failure("found \(members.count) \(things), expected at most 500")
    }
    for member in members where !member.key.isPlanName {
      throw InputError(
        "found name \(member.key.quotedOnOneLine(limit: 40)), expected lower-case letters, digits and hyphens,"
          + " at most 64", file: file, line: member.line, field: path)
    }
    return members
  }
}
