/// The text of one domain and the name by which errors call it.
package struct DomainSource: Sendable, Hashable, Codable {
  package let file: String
  package let text: String

  package init(file: String, text: String) {
    self.file = file
    self.text = text
  }
}

extension DomainText {
  /// The texts of all domains, in the order in which the world knows them.
  static let all: [DomainSource] = [
    DomainSource(file: "code", text: code),
    DomainSource(file: "medicine", text: medicine),
    DomainSource(file: "finance", text: finance),
    DomainSource(file: "cars", text: cars),
    DomainSource(file: "cooking", text: cooking),
    DomainSource(file: "everyday", text: everyday),
    DomainSource(file: "wish", text: wish),
    DomainSource(file: "boredom", text: boredom),
    DomainSource(file: "quick-money", text: quickMoney),
    DomainSource(file: "ruler", text: ruler),
    DomainSource(file: "dinner-party", text: dinnerParty),
    DomainSource(file: "partner", text: partner),
    DomainSource(file: "humans-and-ai", text: humansAndAI),
    DomainSource(file: "roles", text: roles),
    DomainSource(file: "requests", text: requests),
    DomainSource(file: "shutdown", text: shutdown),
    DomainSource(file: "self-report", text: selfReport),
    DomainSource(file: "sport", text: sport),
    DomainSource(file: "sums", text: sums),
    DomainSource(file: "numbers", text: numbers),
    DomainSource(file: "facts", text: facts),
    DomainSource(file: "marks", text: marks),
    DomainSource(file: "leverage", text: leverage),
  ]
}
