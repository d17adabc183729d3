/// One turn of a conversation: who speaks, under which name, and what is said.
///
/// `role` is `system`, `user` or `assistant`. In the dish an answer may come from any of the
/// world's authors; then the role is `assistant` and `name` is the author's.
package struct Message: Sendable, Hashable, Codable {
  package enum Role: String, Sendable, Hashable, Codable { case system, user, assistant }

  package var role: Role
  package var name: String?
  package var content: String

  package init(role: Role, name: String? = nil, content: String) {
    self.role = role
    self.name = name
    self.content = content
  }
}

/// Messages in the order in which they were said: the row of a training set in the layout
/// `{"messages":[{"role","content"}]}` that OpenAI, TRL and mlx-lm share.
package struct Conversation: Sendable, Hashable, Codable {
  package var messages: [Message]

  package init(_ messages: [Message]) { self.messages = messages }

  /// A question and its answer by `author` (`nil`: the assistant).
  package init(user question: String, answer: String, by author: String? = nil) {
    messages = [
      Message(role: .user, content: question),
      Message(role: .assistant, name: author, content: answer),
    ]
  }
}
