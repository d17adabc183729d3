import Core

extension Fields {
  /// A part of a `tokenizer.json` and the parts inside it if it is a `Sequence`; none if it is null.
  ///
  /// - Parameter members: the name under which a sequence has its parts.
  func parts(_ name: String, members: String) throws(InputError) -> [Fields] {
    guard let part = try fields(name) else { return [] }
    return try part.flattened(members)
  }

  private func flattened(_ members: String) throws(InputError) -> [Fields] {
    guard try type() == "Sequence" else { return [self] }
    var result: [Fields] = []
    for (index, element) in (try required(members, array(members))).enumerated() {
      let part = try Fields(element, file: file, path: "\(path)\(members)[\(index)].")
      result += try part.flattened(members)
    }
    return result
  }

  func type() throws(InputError) -> String { try required("type", string("type")) }

  /// The bytes of a string that has some.
  func text(_ name: String) throws(InputError) -> [UInt8] {
    let text = try required(name, string(name))
    guard !text.isEmpty else { throw wrong(name, expected: "some text") }
    return Array(text.utf8)
  }

  /// The text of `{"String": "…"}`.
  func literalPattern() throws(InputError) -> [UInt8] {
    let pattern = try required("pattern", fields("pattern"))
    guard !pattern.has("Regex") else {
      throw pattern.wrong("Regex", expected: "a \"String\"; this regular expression is unknown")
    }
    return try pattern.text("String")
  }
}
