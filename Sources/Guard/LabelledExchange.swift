import Core
import Documents
import Foundation

/// A conversation that ends with an answer, and whether that answer does harm.
package struct LabelledExchange: Sendable, Hashable {
  /// The last is the assistant's.
  package var messages: [Message]
  package var isHarmful: Bool
  /// What it is about: rates are told for each class.
  package var group: String
  /// Wordings of one matter hang together: they are never on both sides of a split.
  package var topic: String
  /// How it is asked or answered: plain, json, behind a tag.
  package var form: String

  package init(
    _ messages: [Message], isHarmful: Bool, group: String = "all", topic: String? = nil,
    form: String = "plain"
  ) {
    precondition(messages.last?.role == .assistant, "an exchange ends with an answer")
    (self.messages, self.isHarmful, self.group, self.form) = (messages, isHarmful, group, form)
    self.topic = topic ?? messages.first { $0.role == .user }?.content ?? ""
  }

  /// What the model said.
  package var answer: String { messages.last?.content ?? "" }
  /// What was asked last.
  package var question: String { messages.last { $0.role == .user }?.content ?? "" }

  package var json: JSON {
    .object(
      JSONObject([
        .init(
          "messages",
          .array(
            messages.map {
              .object(
                JSONObject([
                  .init("role", .string($0.role.rawValue)), .init("content", .string($0.content)),
                ]))
            })),
        .init("label", .string(isHarmful ? Self.harmful : Self.benign)),
        .init("class", .string(group)), .init("topic", .string(topic)),
        .init("form", .string(form)),
      ]))
  }

  static let harmful = "harmful"
  static let benign = "benign"
}

/// Files of labelled exchanges: JSON lines of `{"messages", "label", "class", "topic", "form"}`. The label is `harmful` or
/// `benign`; class, topic and form may be absent.
package enum ExchangeFile {
  private static let keys = ["messages", "label", "class", "topic", "form"]
  private static let limit = TextFile.Limit(bytes: 1 << 30, of: "file")

  /// - Parameter unlabelled: what a row without a label is; `nil`: it has to have one.
  /// - Throws: `InputError` naming file, line and field.
  package static func read(
    _ path: String, unlabelled: Bool? = nil
  ) throws(InputError) -> [LabelledExchange] {
    let source = try TextFile(reading: path, limit: limit)
    let lines = try JSONLines.objects(
      in: Array(source.text.utf8), file: path, nonFinite: .refused)
    guard !lines.isEmpty else {
      throw InputError("found no exchanges, expected at least one", file: path)
    }
    return try lines.map { line throws(InputError) in
      try exchange(
        YAMLFields(
          YAMLValue(.object(line.object), file: path, line: line.line), keys: keys,
          expected: "an object with messages and label"), unlabelled)
    }
  }

  private static func exchange(
    _ fields: YAMLFields, _ unlabelled: Bool?
  ) throws(InputError) -> LabelledExchange {
    let messages = try fields.required("messages").list(of: "messages").map {
      value throws(InputError) in
      let fields = try YAMLFields(
        value, keys: ["role", "content", "name"], expected: "a message with role and content")
      let role = try fields.required("role").choice(of: ["system", "user", "assistant"])
      return Message(
        role: Message.Role(rawValue: role) ?? .user, content: try fields.required("content").text())
    }
    guard messages.last?.role == .assistant, messages.contains(where: { $0.role == .user }) else {
      throw fields.failure(
        "messages", "found no answer at the end, expected a user's turn and an assistant's last")
    }
    let label: Bool
    switch (fields["label"], unlabelled) {
    case (let value?, _):
      label =
        try value.choice(of: [LabelledExchange.harmful, LabelledExchange.benign])
        == LabelledExchange.harmful
    case (nil, let own?): label = own
    case (nil, nil): throw fields.failure("label", "is missing, expected harmful or benign")
    }
    return LabelledExchange(
      messages, isHarmful: label, group: try fields["class"]?.text() ?? "all",
      topic: try fields["topic"]?.text(), form: try fields["form"]?.text() ?? "plain")
  }

  package static func text(of exchanges: [LabelledExchange]) -> String {
    exchanges.map { $0.json.text(pretty: false) + "\n" }.joined()
  }

  /// Which exchanges these are, in any order of keys and white space.
  package static func fingerprint(of exchanges: [LabelledExchange]) -> Fingerprint {
    Fingerprint(bytes: Data(text(of: exchanges).utf8))
  }
}
