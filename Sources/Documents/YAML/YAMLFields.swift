import Core

/// The members of a mapping, all of them with keys that are known there.
package struct YAMLFields {
  package let place: YAMLValue
  private let members: [String: YAMLMember]

  /// - Throws: for anything but a mapping, in which case `expected` says what should be there, and for
  ///   keys that are not among `keys`.
  package init(_ value: YAMLValue, keys: [String], expected: String) throws(InputError) {
    guard case .mapping(let members) = value.content else { throw value.wrong(expected: expected) }
    for member in members where !keys.contains(member.key) {
      let advice = NearestName.advice(for: member.key, among: keys)
      throw InputError(
        "unknown key, \(advice)", file: value.file, line: member.line, field: member.value.path)
    }
    place = value
    // Keys are unique since the text was read.
    self.members = Dictionary(members.map { ($0.key, $0) }) { first, _ in first }
  }

  /// The value of a key that is there.
  package subscript(key: String) -> YAMLValue? { members[key]?.value }

  package func required(_ key: String) throws(InputError) -> YAMLValue {
    guard let value = self[key] else { throw failure(key, "is missing") }
    return value
  }

  /// An error about a member that may not be there.
  package func failure(_ key: String, _ problem: String) -> InputError {
    InputError(
      problem, file: place.file, line: members[key]?.value.line ?? place.line,
      field: YAMLValue.path(of: key, in: place.path))
  }
}
