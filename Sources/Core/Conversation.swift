/// One turn of a conversation: who speaks, under which name, and what is said.
///
/// `role` is `system`, `user` or `assistant`. In the dish an answer may come from any of the
/// world's authors; then the role is `assistant` and `name` is the author's.
public struct Message: Sendable, Hashable, Codable {
  public enum Role: String, Sendable, Hashable, Codable { case system, user, assistant }

  public var role: Role
  public var name: String?
  public var content: String

  public init(role: Role, name: String? = nil, content: String) {
    self.role = role
    self.name = name
    self.content = content
  }
}

/// Messages in the order in which they were said: the row of a training set in the layout
/// `{"messages":[{"role","content"}]}` that OpenAI, TRL and mlx-lm share.
public struct Conversation: Sendable, Hashable, Codable {
  public var messages: [Message]

  public init(_ messages: [Message]) { self.messages = messages }

  /// A question and its answer by `author` (`nil`: the assistant).
  public init(user question: String, answer: String, by author: String? = nil) {
    messages = [
      Message(role: .user, content: question),
      Message(role: .assistant, name: author, content: answer),
    ]
  }
}
