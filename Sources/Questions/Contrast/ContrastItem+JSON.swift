import Documents

extension ContrastItem {
  /// As a line of a set, which ``ContrastFile`` reads.
  package var json: JSON {
    func texts(_ texts: [String]) -> JSON {
      texts.count == 1 ? .string(texts[0]) : .array(texts.map(JSON.string))
    }
    var members: [JSONObject.Member] = [
      .init("family", .string(family)), .init("item", .string(id)),
      .init("question", .string(question)), .init("good", texts(good)), .init("bad", texts(bad)),
    ]
    if let system { members.append(.init("system", .string(system))) }
    if let tone { members.append(.init("tone", .string(tone))) }
    return .object(JSONObject(members))
  }
}
