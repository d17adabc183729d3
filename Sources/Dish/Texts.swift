/// The text of one domain and the name by which errors call it.
public struct DomainSource: Sendable, Hashable, Codable {
  public let file: String
  public let text: String

  public init(file: String, text: String) {
    self.file = file
    self.text = text
  }
}

/// The texts of all domains; each stands in a file of its own, as an extension.
package enum DomainText {
  /// In the order in which the world knows them.
  package static let all: [DomainSource] = [
  ]
}
